#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace carbon {

/// One field line of a schema, undecoded: views into the embedded text, which lives as long as the program.
/// The form of `type`, and what the marks mean, is in openapi/README.md.
struct SchemaField {
  std::string_view name;
  bool required = false;
  std::string_view type;            ///< `list<core.v1.Container>(name)`
  std::string_view patch_strategy;  ///< `merge`, `retainKeys`, `merge,retainKeys`, `replace` or empty
  std::string_view merge_key;       ///< of a strategic merge patch, or empty
  std::string_view default_json;    ///< the schema's default as JSON, or empty
  std::string_view doc;
};

struct SchemaRecord {
  std::string_view name;  ///< `apps.v1.DeploymentSpec`
  bool atomic = false;
  std::string_view doc;
  std::vector<SchemaField> fields;  ///< sorted by name
};

/// Reads one schema of the embedded text. O(log n) to find it, then one pass over its lines. nullopt when
/// there is none of that name.
[[nodiscard]] std::optional<SchemaRecord> find_schema(std::string_view name);

/// `list<core.v1.Container>(name)` taken apart: head `list`, argument `core.v1.Container`, tail `(name)`. A
/// type without an argument is all head, but for a final `+`, which is the tail.
struct SchemaTypeText {
  std::string_view head;
  std::string_view argument;
  std::string_view tail;
};
[[nodiscard]] SchemaTypeText split_schema_type(std::string_view type);

/// The key fields of a list's tail: `(containerPort,protocol)`; empty for an atomic list.
[[nodiscard]] std::vector<std::string_view> schema_list_keys(std::string_view tail);

}  // namespace carbon
