#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dsl/check/imports.h"

namespace carbon {

/// The files of a schema. Every `$ref` in what they give is absolute, `/PATH/FROM/ROOT#POINTER`, so that
/// parts of several files can be put together; one that cannot be begins with `!`.
class SchemaFiles {
 public:
  explicit SchemaFiles(const ImportedData& data) : data_(data) {}

  /// The documents of a file, or nullptr when it was not read.
  [[nodiscard]] const Value* documents(const std::string& path);
  /// What an absolute `$ref` means. Errors: C0305 when it leaves the package, C0217 when nothing is there.
  [[nodiscard]] Result<Value> resolve(std::string_view reference);

 private:
  const ImportedData& data_;
  std::map<std::string, Value, std::less<>> absolute_;
};

}  // namespace carbon
