#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

/// What there is to know of a class, as a row of one table.
struct ClassTraits {
  std::string_view key;     ///< in queries and stored dependencies
  std::string_view words;   ///< for people
  std::string_view group;   ///< its place in the tree
  std::string_view within;  ///< the group of its parent
  /// It is one property of what it belongs to: its place there.
  std::string_view leaf;
  ObjectClass parent;           ///< of `ObjectId::parent`; itself where there is none
  std::string_view drop_words;  ///< `DROP FUNCTION`, `COMMENT ON FUNCTION`, `GRANT ... ON FUNCTION`
};

[[nodiscard]] const ClassTraits& traits(ObjectClass object_class);
[[nodiscard]] std::optional<ObjectClass> class_of_key(std::string_view key);
[[nodiscard]] inline bool is_routine(ObjectClass object_class) {
  return object_class == ObjectClass::function || object_class == ObjectClass::procedure ||
         object_class == ObjectClass::aggregate;
}
[[nodiscard]] inline bool is_type(ObjectClass object_class) {
  return object_class == ObjectClass::enumeration || object_class == ObjectClass::domain ||
         object_class == ObjectClass::composite_type || object_class == ObjectClass::range_type;
}
/// The objects that an object is a part of: the table of a column, the column of a default.
[[nodiscard]] std::vector<ObjectId> parents_of(const SchemaObject& object);

/// A property that is text, or empty when it is absent.
[[nodiscard]] std::string_view property(const SchemaObject& object, std::string_view name);
[[nodiscard]] bool has(const SchemaObject& object, std::string_view name);

}  // namespace carbon::postgres
