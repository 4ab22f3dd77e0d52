#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>

#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

/// Columns in their order, then constraints, the primary key first.
std::string table_parts(const Change& change, const StepWriter& out) {
  const ChangeSet& changes = out.changes();
  std::vector<std::size_t> columns = parts_of(changes, C::column, change.id().name);
  std::erase_if(columns, [&](std::size_t at) {
    return changes.all()[at].target == nullptr || has(*changes.all()[at].target, "inherited");
  });
  std::sort(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) {
    return changes.all()[a].target->position < changes.all()[b].target->position;
  });
  std::vector<std::string> parts;
  for (std::size_t at : columns) parts.push_back(column_definition(changes.all()[at], changes));
  auto first_constraint = static_cast<std::ptrdiff_t>(parts.size());
  for (std::size_t at : parts_of(changes, C::constraint, change.id().name)) {
    if (!is_inlined(at, changes)) continue;
    const SchemaObject& constraint = *changes.all()[at].target;
    std::string text = fmt::format("CONSTRAINT {} {}", quote_identifier(constraint.id.name),
                                   constraint_definition(constraint));
    bool primary = property(constraint, "kind") == "primary key";
    parts.insert(primary ? parts.begin() + first_constraint : parts.end(), std::move(text));
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "\n    " : ",\n    ") + part;
  return text.empty() ? text : text + "\n";
}

using Options = std::map<std::string, std::string, std::less<>>;

Options options_of(const SchemaObject& object) {
  Options out;
  const Value* list = object.properties.find("options");
  if (list == nullptr) return out;
  for (const Value& option : list->items()) {
    std::string text(option.text());
    std::size_t equals = text.find('=');
    out.emplace(text.substr(0, equals), text.substr(std::min(equals, text.size() - 1) + 1));
  }
  return out;
}

void alter_partition(const Change& change, StepWriter& out) {
  std::string_view live = property(*change.live, "bound");
  std::string_view target = property(*change.target, "bound");
  if (live == target) return;
  std::string name = out.qualified(change.id().name);
  if (!live.empty()) {
    out.add(
        change.id(),
        fmt::format("{}DETACH PARTITION {}", out.alter_table(property(*change.live, "partition_of")), name),
        fmt::format("detach {} to give it other bounds", describe(change.id())));
  }
  MigrationStep& step =
      out.add(change.id(),
              fmt::format("{}ATTACH PARTITION {} {}",
                          out.alter_table(property(*change.target, "partition_of")), name, target),
              fmt::format("attach {} {}", describe(change.id()), target));
  step.risk = Risk::blocking;
  out.count(step, Counted::rewritten, change.id().name, "");
}

void write_row_security(const Change& change, std::string_view live, std::string_view target,
                        StepWriter& out) {
  if (live == target) return;
  auto enabled = [](std::string_view state) { return state == "enabled" || state == "forced"; };
  auto forced = [](std::string_view state) { return state.rfind("forced", 0) == 0; };
  std::string alter = out.alter_table(change.id().name);
  std::string of = " row security of " + describe(change.id());
  if (enabled(live) != enabled(target)) {
    std::string word = enabled(target) ? "ENABLE" : "DISABLE";
    out.add(change.id(), alter + word + " ROW LEVEL SECURITY", (enabled(target) ? "enable" : "disable") + of);
  }
  if (forced(live) != forced(target)) {
    std::string word = forced(target) ? "FORCE" : "NO FORCE";
    out.add(change.id(), alter + word + " ROW LEVEL SECURITY",
            (forced(target) ? "force" : "no longer force") + of);
  }
}

enum class IndexFate : std::uint8_t { stays, made_anew, swapped };

/// What becomes of the index, or the index of the constraint, of that name.
IndexFate index_fate(const Change& table, const std::string& name, const ChangeSet& changes) {
  for (ObjectClass object_class : {C::index, C::constraint}) {
    std::size_t at = changes.find({object_class, table.id().name, name});
    if (at == ChangeSet::none || changes.all()[at].target == nullptr || !changes.all()[at].made()) continue;
    return is_swapped(at, changes) ? IndexFate::swapped : IndexFate::made_anew;
  }
  return IndexFate::stays;
}

}  // namespace

void write_options(const Change& change, const std::string& alter, StepWriter& out) {
  Options live = options_of(*change.live);
  Options target = options_of(*change.target);
  std::string set;
  std::string reset;
  for (const auto& [name, value] : target) {
    auto found = live.find(name);
    if (found == live.end() || found->second != value)
      set += (set.empty() ? "" : ", ") + name + "=" + quote_literal(value);
  }
  for (const auto& [name, value] : live)
    if (target.count(name) == 0) reset += (reset.empty() ? "" : ", ") + name;
  std::string summary = "change the storage parameters of " + describe(change.id());
  if (!set.empty()) out.add(change.id(), alter + " SET (" + set + ")", summary);
  if (!reset.empty()) out.add(change.id(), alter + " RESET (" + reset + ")", summary);
}

void make_table(const Change& change, StepWriter& out) {
  const SchemaObject& table = *change.target;
  std::string sql = fmt::format("CREATE {}TABLE {}", has(table, "unlogged") ? "UNLOGGED " : "",
                                out.qualified(table.id.name));
  if (has(table, "partition_of")) {
    sql += fmt::format(" PARTITION OF {} {}", out.qualified(property(table, "partition_of")),
                       property(table, "bound"));
  } else {
    sql += " (" + table_parts(change, out) + ")";
  }
  std::string parents = joined(table.properties.find("inherits"),
                               [&](const Value& parent) { return out.qualified(parent.text()); });
  if (!parents.empty()) sql += " INHERITS (" + parents + ")";
  if (has(table, "partition_by")) sql += fmt::format(" PARTITION BY {}", property(table, "partition_by"));
  if (has(table, "access_method")) sql += " USING " + quote_identifier(property(table, "access_method"));
  out.add(change.id(), sql + with_options(table), "create " + describe(change.id()));
  write_row_security(change, "", property(table, "row_security"), out);
}

void alter_table(const Change& change, StepWriter& out) {
  std::string alter = out.alter_table(change.id().name);
  alter_partition(change, out);
  if (has(*change.live, "unlogged") != has(*change.target, "unlogged")) {
    bool unlogged = has(*change.target, "unlogged");
    MigrationStep& step = out.add(change.id(), alter + (unlogged ? "SET UNLOGGED" : "SET LOGGED"),
                                  (unlogged ? "no longer log " : "log ") + describe(change.id()));
    step.risk = Risk::blocking;
    out.count(step, Counted::rewritten, change.id().name, "");
  }
  if (property(*change.live, "access_method") != property(*change.target, "access_method")) {
    std::string method(property(*change.target, "access_method"));
    MigrationStep& step = out.add(
        change.id(), alter + "SET ACCESS METHOD " + quote_identifier(method.empty() ? "heap" : method),
        "change the access method of " + describe(change.id()));
    step.risk = Risk::blocking;
    out.count(step, Counted::rewritten, change.id().name, "");
  }
  write_options(change, alter.substr(0, alter.size() - 1), out);
  write_row_security(change, property(*change.live, "row_security"), property(*change.target, "row_security"),
                     out);
}

void write_table_indexes(const Change& change, StepWriter& out) {
  if (change.target == nullptr) return;
  std::string alter = out.alter_table(change.id().name);
  std::string identity(property(*change.target, "replica_identity"));
  std::string clustered(property(*change.target, "clustered_on"));
  std::vector<SqlToken> words = sql_tokens(identity);
  std::string identity_index = words.size() == 3 ? words[2].name() : "";
  auto write = [&](std::string_view name, const std::string& index, const std::string& sql,
                   std::string_view what) {
    IndexFate fate = index_fate(change, index, out.changes());
    bool lost = change.made() || fate != IndexFate::stays;
    std::string_view former = lost ? std::string_view() : property(*change.live, name);
    if (former == property(*change.target, name)) return;
    std::optional<StepWriter::AtEnd> at_end;
    if (fate == IndexFate::swapped) at_end.emplace(out);
    out.add(change.id(), alter + sql, fmt::format("change {} of {}", what, describe(change.id())));
  };
  write("replica_identity", identity_index, "REPLICA IDENTITY " + (identity.empty() ? "DEFAULT" : identity),
        "the replica identity");
  write("clustered_on", clustered,
        clustered.empty() ? "SET WITHOUT CLUSTER" : "CLUSTER ON " + quote_identifier(clustered),
        "the clustering");
}

}  // namespace carbon::postgres
