#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/value.h"
#include "dsl/syntax/node_ref.h"

namespace carbon {

enum class ImportKind : std::uint8_t {
  package,   ///< a directory of the root package
  standard,  ///< `std/NAME`, which comes with carbon
  data,      ///< a file, read as the type says
  schema,    ///< a file that describes types
};

/// `schema` is not written: the documents of a schema file, as a list.
enum class DataType : std::uint8_t { string, json, yaml, blob, schema };

/// One `import`. Its path is a literal, so the set of files is known without evaluating anything.
struct Import {
  ImportKind kind = ImportKind::package;
  std::string path;  ///< relative to the root package, normalised; or `std/NAME`
  std::string name;  ///< what it is called in the importing package
  DataType type = DataType::string;
  SourceSpan span;       ///< of the path
  SourceSpan name_span;  ///< of the name behind `as`, or of the path
};

/// Files as values, by what was imported: text, bytes, or what JSON or YAML says. Filled by the loader.
using ImportedData = std::map<std::pair<std::string, DataType>, Value>;

/// The imports of one file, in written order; those that are wrong are left out. Errors: C0305 for a path
/// that leaves the root package, is no path at all or gives no name, C0203 for a type that files cannot have.
[[nodiscard]] std::vector<Import> imports_of(const SyntaxTree& tree, DiagnosticSink& sink);

/// `path` as seen from the file `from`, with `.` and `..` resolved; empty when it leaves the root package.
[[nodiscard]] std::string resolve_import_path(std::string_view from, std::string_view path);

}  // namespace carbon
