#pragma once

#include <string>
#include <vector>

#include "platform/postgres_schema/changes.h"
#include "platform/postgres_schema/step_writer.h"

namespace carbon::postgres {

// The statements for one object, one file a group of classes. What is made is made without its comments and
// privileges, which are the same for all classes.

/// `write_made` for a change that is made, `write_altered` for one in place.
void write_made(std::size_t at, StepWriter& out);
void write_altered(std::size_t at, StepWriter& out);
void write_dropped(std::size_t at, StepWriter& out);

// Types.
void make_type(const Change& change, StepWriter& out);
void alter_type(const Change& change, StepWriter& out);
/// New labels, which other statements may use only when they are committed.
void add_labels(const Change& change, StepWriter& out);
void set_type_aside(const Change& change, StepWriter& out);
void drop_type_set_aside(const Change& change, StepWriter& out);
void make_domain_constraint(const Change& change, StepWriter& out);

// Sequences, functions, views: what stands alone.
void make_standing_alone(const Change& change, StepWriter& out);
/// Whether a sequence is logged, once its owners are: a table takes its sequences along.
void write_persistence(const Change& change, StepWriter& out);
void alter_standing_alone(const Change& change, StepWriter& out);

// Tables and their parts.
void make_table(const Change& change, StepWriter& out);
void alter_table(const Change& change, StepWriter& out);
/// SET and RESET of storage parameters, behind `alter`.
void write_options(const Change& change, const std::string& alter, StepWriter& out);
/// What a table says of its indexes, once they are there.
void write_table_indexes(const Change& change, StepWriter& out);
void make_column(const Change& change, StepWriter& out);
/// What ADD COLUMN and CREATE TABLE have no words for.
void finish_column(const Change& change, StepWriter& out);
/// A sequence that is new for a column with values goes on behind them.
void continue_sequence(const ObjectId& id, const std::string& table, const std::string& column,
                       StepWriter& out);
void alter_column(const Change& change, StepWriter& out);
void write_default(const Change& change, StepWriter& out);
void make_constraint(const Change& change, StepWriter& out);
void validate_constraint(const Change& change, StepWriter& out);
void make_index(std::size_t at, StepWriter& out);
void make_trigger(const Change& change, StepWriter& out);
void alter_trigger(const Change& change, StepWriter& out);
void make_policy(const Change& change, StepWriter& out);
void alter_policy(const Change& change, StepWriter& out);

/// `"price" numeric(10,2) DEFAULT 0 NOT NULL`.
[[nodiscard]] std::string column_definition(const Change& change, const ChangeSet& changes);
/// The definition of a constraint with the storage parameters of its index.
[[nodiscard]] std::string constraint_definition(const SchemaObject& constraint);

/// Whether the object is made by the statement that makes its table, column or domain.
[[nodiscard]] bool is_inlined(std::size_t at, const ChangeSet& changes);
/// The object whose statement makes this one: itself, unless it is inlined.
[[nodiscard]] std::size_t made_with(std::size_t at, const ChangeSet& changes);
/// An index that is replaced while the old one serves, or dropped without a lock, when all else is done.
[[nodiscard]] bool is_swapped(std::size_t at, const ChangeSet& changes);
[[nodiscard]] bool is_dropped_last(std::size_t at, const ChangeSet& changes);
/// A live or target table that has partitions.
[[nodiscard]] bool is_partitioned(const ChangeSet& changes, const std::string& table);
/// The objects of a class that belong to a table or domain.
[[nodiscard]] std::vector<std::size_t> parts_of(const ChangeSet& changes, ObjectClass object_class,
                                                const std::string& parent);

/// `("fillfactor=70", ...)` as ` WITH (fillfactor=70)`, or nothing.
[[nodiscard]] std::string with_options(const SchemaObject& object);
/// `a, b`: the items of a list of texts, each as `Each` makes it.
template <class Each>
[[nodiscard]] std::string joined(const Value* list, const Each& each) {
  std::string out;
  if (list == nullptr) return out;
  for (const Value& item : list->items()) out += (out.empty() ? "" : ", ") + each(item);
  return out;
}

}  // namespace carbon::postgres
