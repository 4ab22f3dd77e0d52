#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/field_path.h"
#include "base/result.h"
#include "base/value.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon {

/// What a `postgres.Schema` says of its schema, as its fields are written.
struct SchemaSource {
  std::string schema;
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> extensions;  ///< name, and the schema that it is in
  std::vector<std::pair<std::string, std::string>> renames;     ///< path in the tree, and the new name
  std::string role;
  bool exclusive = false;
  bool any_version = false;

  [[nodiscard]] static SchemaSource of(const Value& desired);
};

/// The same, worked out: what a plan holds of it. `objects` is the tree of to_value, with nulls for what is
/// to go; `how` is needed to make it so.
struct DerivedSchema {
  Value objects;
  Value how;

  [[nodiscard]] static DerivedSchema of(const Value& desired);
  /// The desired catalog. Errors: bad_reply for a damaged plan.
  [[nodiscard]] Result<postgres::SchemaCatalog> catalog(const std::string& schema) const;
  [[nodiscard]] std::string role() const;
  /// What is to go, by the names after the renames.
  [[nodiscard]] FieldSet dropped() const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> renames() const;
};

/// The desired tree with a null for everything that `live` has and `target` has not.
[[nodiscard]] Value with_removals(const Value& desired, const Value& live, const Value& target);

/// The text of a field, or empty.
[[nodiscard]] std::string text_at(const Value& record, std::string_view name);

}  // namespace carbon
