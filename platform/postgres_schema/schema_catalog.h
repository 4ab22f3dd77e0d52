#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/result.h"
#include "base/value.h"

namespace carbon::postgres {

/// What a schema is made of. The order is the one in which independent objects are created.
enum class ObjectClass : std::uint8_t {
  enumeration,
  domain,
  composite_type,
  range_type,
  sequence,
  function,   ///< functions and window functions, `NAME(ARGUMENT TYPES)`
  procedure,  ///< `NAME(ARGUMENT TYPES)`
  aggregate,  ///< `NAME(ARGUMENT TYPES)`
  table,      ///< ordinary tables, partitioned tables and partitions
  column,
  column_default,  ///< its own object, because it may need what needs the table
  domain_constraint,
  constraint,  ///< primary key, unique, exclusion, check and foreign key
  sequence_owner,
  view,
  materialized_view,
  index,  ///< those that no constraint owns
  materialized_view_index,
  statistics,
  trigger,
  view_trigger,
  policy,
};

inline constexpr std::size_t class_count = static_cast<std::size_t>(ObjectClass::policy) + 1;

/// `table`, `materialized view` ...: the words of the documentation.
[[nodiscard]] std::string_view to_string(ObjectClass object_class);

/// Names an object inside its schema. `parent` is the table of a column, constraint, index, trigger or
/// policy (or the view), the domain of a domain's constraint, and empty for everything else.
struct ObjectId {
  ObjectClass object_class = ObjectClass::table;
  std::string parent;
  std::string name;

  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

/// Where an object stands in the tree of to_value: `tables.orders.columns.price`.
[[nodiscard]] FieldPath path_of(const ObjectId& id);
/// `column price of table orders`, for messages and summaries.
[[nodiscard]] std::string describe(const ObjectId& id);

/// One object as the server's catalogs have it. `properties` is a map; which keys a class has is written in
/// docs/systems/postgres-schema.md. Expressions and definitions are the server's own text, printed with
/// nothing but pg_catalog in the search path, so that equal objects have equal text.
struct SchemaObject {
  ObjectId id;
  Value properties;
  /// What must exist before it, inside this schema; from pg_depend. Sorted, without duplicates.
  std::vector<ObjectId> depends_on;
  int position =
      0;  ///< of a column in its table; decides the order in which columns are made, never compared
};

/// Something outside of the schema that would stop a DROP of one of its objects.
struct OutsideDependent {
  ObjectId object;
  std::string dependent;  ///< the server's words: `view reporting.totals`
};

/// A whole schema (namespace) of one database, without its data. Not part of it, because they belong to the
/// place and not to the schema: owners, tablespaces, the order of columns, members of extensions, and the
/// namespace's own comment and grants (`postgres.Namespace`).
struct SchemaCatalog {
  std::string schema;
  int server_version = 0;             ///< as `server_version_num`: 150004
  std::vector<SchemaObject> objects;  ///< sorted by id
  std::vector<OutsideDependent> outside_dependents;

  [[nodiscard]] const SchemaObject* find(const ObjectId& id) const;
};

/// True when both have the same objects with the same properties. What depends on what follows from these.
[[nodiscard]] bool same_objects(const SchemaCatalog& a, const SchemaCatalog& b);

/// The catalog as one tree for plans and inventories:
///
///     tables.orders.columns.price.type = numeric(10,2)
///     tables.orders.indexes.orders_day.definition = CREATE INDEX ...
///     functions["total(integer)"].definition = CREATE OR REPLACE FUNCTION ...
///     views.open_orders.grants.reader.SELECT = granted
///
/// Maps by name all the way down; a column's default and a sequence's owner stand inside of these.
[[nodiscard]] Value to_value(const SchemaCatalog& catalog);
/// What depends on what and the order of columns, which the tree leaves out: a plan that is applied later
/// needs both.
[[nodiscard]] Value dependencies_to_value(const SchemaCatalog& catalog);
/// The catalog back. Errors: bad_reply for a tree that to_value did not make.
[[nodiscard]] Result<SchemaCatalog> from_value(std::string_view schema, int server_version, const Value& tree,
                                               const Value& dependencies);

}  // namespace carbon::postgres
