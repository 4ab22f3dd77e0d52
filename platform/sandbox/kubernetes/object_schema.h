#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// What stands at a place of an object. Scalars are told apart as far as the server does.
enum class NodeKind : std::uint8_t {
  string,
  bytes,  ///< base64 text
  time,   ///< text
  integer,
  number,
  boolean,
  quantity,
  int_or_string,
  json,  ///< anything; owned as one value
  list,
  set,
  map,
  record,
};

/// How Go's encoder treats a field that is empty or absent; see wire_shape.def.
enum class WireRule : std::uint8_t {
  as_sent,
  always_record,  ///< `!`
  drop_zero,      ///< `0`
  always_zero,    ///< `=`
  null_list,      ///< `[]`
  null_time,      ///< `t`
  zero_quantity,  ///< `q`
};

struct SchemaNode;

struct SchemaEntry {
  std::string name;
  const SchemaNode* node = nullptr;
  bool required = false;
  WireRule wire = WireRule::as_sent;
  std::optional<Value> default_value;  ///< of the schema; the server's own defaults are in defaults.cpp
  bool replace_list = false;           ///< strategic merge patch: the list is replaced as a whole
  std::string merge_key;               ///< strategic merge patch: of a list of records
};

/// The schema of one place. What a server-side apply needs (KEP-555): which lists have keys, what is atomic.
struct SchemaNode {
  NodeKind kind = NodeKind::json;
  std::string name;                     ///< record: `core.v1.PodSpec`
  std::vector<SchemaEntry> fields;      ///< record, sorted by name
  const SchemaNode* element = nullptr;  ///< list, set, map; record of a custom resource: of fields not listed
  std::vector<std::string> keys;        ///< list: key fields, sorted
  bool atomic = false;
  bool preserve_unknown = false;  ///< record: fields that are not listed stay (custom resources)
  Value limits;                   ///< of a custom resource: the JSON schema, for minimum, enum, pattern …

  [[nodiscard]] const SchemaEntry* field(std::string_view name) const;
  /// Of a field of a record or of an entry of a map; nullptr when there may be none of that name.
  [[nodiscard]] const SchemaNode* child(std::string_view name) const;
  [[nodiscard]] bool is_scalar() const { return kind < NodeKind::json; }
  [[nodiscard]] bool is_list() const { return kind == NodeKind::list || kind == NodeKind::set; }
  /// A list whose items are told apart by keys or value.
  [[nodiscard]] bool is_associative() const {
    return kind == NodeKind::set || (kind == NodeKind::list && !keys.empty());
  }
};

/// Owns schema nodes and makes those of the built-in kinds on demand, one schema block at a time. A schema
/// that several kinds use is made once. One thread.
class SchemaTable {
 public:
  SchemaTable() = default;
  SchemaTable(const SchemaTable&) = delete;
  SchemaTable& operator=(const SchemaTable&) = delete;

  /// `apps.v1.Deployment`; a schema that does not exist is json.
  [[nodiscard]] const SchemaNode& record(std::string_view name);
  /// The schema of a custom resource from its `openAPIV3Schema`, with apiVersion, kind and metadata added.
  [[nodiscard]] const SchemaNode& custom(const Value& open_api_schema);

 private:
  [[nodiscard]] const SchemaNode* type(std::string_view text);
  [[nodiscard]] const SchemaNode* list(std::string_view item, std::string_view tail);
  [[nodiscard]] const SchemaNode* from_json_schema(const Value& schema);
  void custom_list(SchemaNode& node, const Value& schema);
  void custom_record(SchemaNode& node, const Value& schema);
  SchemaNode& make(NodeKind kind);

  std::deque<SchemaNode> nodes_;
  std::map<std::string, const SchemaNode*, std::less<>> made_;
};

}  // namespace carbon::sandbox
