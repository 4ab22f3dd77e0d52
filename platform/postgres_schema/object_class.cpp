#include "platform/postgres_schema/object_class.h"

#include <array>

namespace carbon::postgres {

namespace {

using C = ObjectClass;

constexpr std::array rows = {
    ClassTraits{"enumeration", "enum", "enums", "", "", C::enumeration, "TYPE"},
    ClassTraits{"domain", "domain", "domains", "", "", C::domain, "DOMAIN"},
    ClassTraits{"composite_type", "composite type", "composite_types", "", "", C::composite_type, "TYPE"},
    ClassTraits{"range_type", "range type", "range_types", "", "", C::range_type, "TYPE"},
    ClassTraits{"sequence", "sequence", "sequences", "", "", C::sequence, "SEQUENCE"},
    ClassTraits{"function", "function", "functions", "", "", C::function, "FUNCTION"},
    ClassTraits{"procedure", "procedure", "procedures", "", "", C::procedure, "PROCEDURE"},
    ClassTraits{"aggregate", "aggregate", "aggregates", "", "", C::aggregate, "ROUTINE"},
    ClassTraits{"table", "table", "tables", "", "", C::table, "TABLE"},
    ClassTraits{"column", "column", "columns", "tables", "", C::table, "COLUMN"},
    ClassTraits{"column_default", "default of column", "columns", "tables", "default", C::table, ""},
    ClassTraits{"domain_constraint", "constraint", "constraints", "domains", "", C::domain, "CONSTRAINT"},
    ClassTraits{"constraint", "constraint", "constraints", "tables", "", C::table, "CONSTRAINT"},
    ClassTraits{"sequence_owner", "owner of sequence", "sequences", "", "owned_by", C::sequence_owner, ""},
    ClassTraits{"view", "view", "views", "", "", C::view, "VIEW"},
    ClassTraits{"materialized_view", "materialized view", "materialized_views", "", "", C::materialized_view,
                "MATERIALIZED VIEW"},
    ClassTraits{"index", "index", "indexes", "tables", "", C::table, "INDEX"},
    ClassTraits{"materialized_view_index", "index", "indexes", "materialized_views", "", C::materialized_view,
                "INDEX"},
    ClassTraits{"statistics", "statistics", "statistics", "tables", "", C::table, "STATISTICS"},
    ClassTraits{"trigger", "trigger", "triggers", "tables", "", C::table, "TRIGGER"},
    ClassTraits{"view_trigger", "trigger", "triggers", "views", "", C::view, "TRIGGER"},
    ClassTraits{"policy", "policy", "policies", "tables", "", C::table, "POLICY"},
};
static_assert(rows.size() == class_count);

}  // namespace

const ClassTraits& traits(ObjectClass object_class) { return rows[static_cast<std::size_t>(object_class)]; }

std::optional<ObjectClass> class_of_key(std::string_view key) {
  for (std::size_t at = 0; at < rows.size(); ++at)
    if (rows[at].key == key) return static_cast<ObjectClass>(at);
  return std::nullopt;
}

std::vector<ObjectId> parents_of(const SchemaObject& object) {
  const ObjectId& id = object.id;
  if (id.object_class == C::column_default) return {{C::column, id.parent, id.name}};
  if (id.object_class == C::sequence_owner) {
    return {{C::sequence, "", id.name},
            {C::column, std::string(property(object, "table")), std::string(property(object, "column"))}};
  }
  if (id.parent.empty()) return {};
  return {{traits(id.object_class).parent, "", id.parent}};
}

std::string_view property(const SchemaObject& object, std::string_view name) {
  const Value* value = object.properties.find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string_view();
}

bool has(const SchemaObject& object, std::string_view name) {
  return object.properties.find(name) != nullptr;
}

}  // namespace carbon::postgres
