#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dsl/check/imports.h"
#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// What a schema says and its type does not.
struct SchemaGap {
  std::string where;  ///< `Config.listen[]`
  std::string what;   ///< "`not` is not checked"
};

/// One named type of a schema file: a kind of objects has a resource, anything else a type.
struct SchemaType {
  std::string name;  ///< without the import's name
  TypePtr type = nullptr;
  const ResourceType* resource = nullptr;
  std::vector<SchemaGap> gaps;
  std::optional<Error> error = std::nullopt;  ///< why it is `json`: an error where it is used
};

/// What is read, and with what. Everything must live as long as the types.
struct SchemaInput {
  const Import& import;  ///< its file's documents, and those of the files that it names, are in `data`
  const ImportedData& data;
  ResourceTypes& types;  ///< kinds are added to it
  const Patterns& patterns;
};

/// The types of a file of CustomResourceDefinitions, OpenAPI 3 or JSON Schema, in written order. Meaning and
/// limits: docs/language/import-schema.md. Errors: C0217 with the place in the file, C0305 for a reference
/// out of the package. Of several types of values those that cannot be read keep their error.
[[nodiscard]] Result<std::vector<SchemaType>> read_schema(const SchemaInput& input);

/// The other files that a file's `$ref`s name, from the root of the package, each once. Those that leave it
/// are left out; reading the schema reports them.
[[nodiscard]] std::vector<std::string> schema_references(std::string_view path, const Value& documents);

/// What a schema file may hold at most, beside what YAML may (docs/language/import-schema.md).
inline constexpr std::size_t largest_schema_file = std::size_t{8} << 20;
inline constexpr std::size_t most_schema_values = 300'000;
inline constexpr std::size_t most_schema_files = 100;

}  // namespace carbon
