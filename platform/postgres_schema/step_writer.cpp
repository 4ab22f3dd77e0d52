#include "platform/postgres_schema/step_writer.h"

#include <fmt/core.h>

#include <iterator>

#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

MigrationStep step_of(const ObjectId& id, std::string sql, std::string summary) {
  MigrationStep step;
  step.sql = std::move(sql);
  step.summary = std::move(summary);
  step.path = path_of(id);
  return step;
}

}  // namespace

MigrationStep& StepWriter::add(const ObjectId& id, std::string sql, std::string summary) {
  return (at_end_ ? last_ : steps_).emplace_back(step_of(id, std::move(sql), std::move(summary)));
}

MigrationStep& StepWriter::add_last(const ObjectId& id, std::string sql, std::string summary) {
  return last_.emplace_back(step_of(id, std::move(sql), std::move(summary)));
}

std::vector<MigrationStep> StepWriter::take() {
  steps_.insert(steps_.end(), std::make_move_iterator(last_.begin()), std::make_move_iterator(last_.end()));
  last_.clear();
  return std::move(steps_);
}

std::string StepWriter::qualified(std::string_view name) const { return quote_qualified(schema_, name); }

std::string StepWriter::alter_table(std::string_view table) const {
  return "ALTER TABLE " + qualified(table) + " ";
}

std::string StepWriter::counted_table(const std::string& table) const {
  return qualified(former_.of({ObjectClass::table, "", table}));
}

std::string StepWriter::counted_column(const std::string& table, const std::string& column) const {
  return quote_identifier(former_.of({ObjectClass::column, table, column}));
}

void StepWriter::count(MigrationStep& step, Counted counted, const std::string& table,
                       std::string_view where) const {
  step.counted = counted;
  step.count_sql = fmt::format("SELECT count(*) FROM {}", counted_table(table));
  if (!where.empty()) step.count_sql += fmt::format(" WHERE {}", where);
}

std::string reference(const SchemaObject& object, std::string_view schema) {
  const ObjectId& id = object.id;
  const ClassTraits& of = traits(id.object_class);
  std::string word = std::string(of.drop_words) + " ";
  std::string owner = quote_qualified(schema, id.parent);
  switch (id.object_class) {
    case ObjectClass::column: return word + owner + "." + quote_identifier(id.name);
    case ObjectClass::domain_constraint: return word + quote_identifier(id.name) + " ON DOMAIN " + owner;
    case ObjectClass::constraint:
    case ObjectClass::trigger:
    case ObjectClass::view_trigger:
    case ObjectClass::policy: return word + quote_identifier(id.name) + " ON " + owner;
    case ObjectClass::function:
    case ObjectClass::procedure:
    case ObjectClass::aggregate: return word + std::string(property(object, "signature"));
    case ObjectClass::enumeration:
    case ObjectClass::domain:
    case ObjectClass::composite_type:
    case ObjectClass::range_type:
    case ObjectClass::sequence:
    case ObjectClass::table:
    case ObjectClass::column_default:
    case ObjectClass::sequence_owner:
    case ObjectClass::view:
    case ObjectClass::materialized_view:
    case ObjectClass::index:
    case ObjectClass::materialized_view_index:
    case ObjectClass::statistics: break;
  }
  return word + quote_qualified(schema, id.name);
}

std::string temporary_name(std::string_view purpose, const ObjectId& id) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a: names may be as long as names can be
  for (char letter : std::string(traits(id.object_class).key) + '\0' + id.parent + '\0' + id.name)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211U;
  return fmt::format("{}{}_{:016x}", temporary_prefix, purpose, hash);
}

bool is_temporary(const ObjectId& id) { return id.name.rfind(temporary_prefix, 0) == 0; }

}  // namespace carbon::postgres
