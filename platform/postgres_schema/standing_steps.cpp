#include <fmt/core.h>

#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

std::string number(const SchemaObject& object, std::string_view name) {
  const Value* value = object.properties.find(name);
  if (value == nullptr) return "0";
  return value->kind() == ValueKind::integer ? std::to_string(value->as_int()) : std::string(value->text());
}

std::string sequence_options(const SchemaObject& sequence) {
  return fmt::format(" AS {} INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {}{}",
                     property(sequence, "type"), number(sequence, "increment"), number(sequence, "min"),
                     number(sequence, "max"), number(sequence, "start"), number(sequence, "cache"),
                     has(sequence, "cycle") ? " CYCLE" : " NO CYCLE");
}

void alter_sequence(const Change& change, StepWriter& out) {
  std::string alter = "ALTER SEQUENCE " + out.qualified(change.id().name);
  std::string options = sequence_options(*change.target);
  if (options != sequence_options(*change.live))
    out.add(change.id(), alter + options, "change " + describe(change.id()));
}

void write_owner(const Change& change, StepWriter& out) {
  std::string table(property(*change.target, "table"));
  std::string column(property(*change.target, "column"));
  out.add(change.id(),
          fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", out.qualified(change.id().name),
                      out.qualified(table), quote_identifier(column)),
          fmt::format("let column {} of table {} own sequence {}", column, table, change.id().name));
  const ChangeSet& changes = out.changes();
  const Change* owner = changes.change({C::column, table, column});
  std::string_view type = property(*owner->target, "type");
  bool number = type == "smallint" || type == "integer" || type == "bigint";
  bool made = changes.change({C::sequence, "", change.id().name})->made();
  if (made && number && changes.survives(owner->id())) continue_sequence(change.id(), table, column, out);
}

std::string view_definition(const Change& change, const StepWriter& out, std::string_view create) {
  const SchemaObject& view = *change.target;
  std::string method =
      has(view, "access_method") ? " USING " + quote_identifier(property(view, "access_method")) : "";
  return fmt::format("{} {}{}{} AS\n{}", create, out.qualified(view.id.name), method, with_options(view),
                     property(view, "definition"));
}

/// The qualified name in front of the argument types.
std::string routine_name(const SchemaObject& routine) {
  std::string_view signature = property(routine, "signature");
  std::vector<SqlToken> tokens = sql_tokens(signature);
  std::string name;
  for (std::size_t at = 0; at < 3 && at < tokens.size(); ++at) name += tokens[at].text;
  return name;
}

bool same_besides_notes(const Change& change) {
  static constexpr std::string_view names[] = {"definition", "options", "columns"};
  for (std::string_view name : names) {
    const Value* a = change.live->properties.find(name);
    const Value* b = change.target->properties.find(name);
    if ((a == nullptr) != (b == nullptr) || (a != nullptr && !(*a == *b))) return false;
  }
  return true;
}

}  // namespace

std::string with_options(const SchemaObject& object) {
  std::string list = joined(object.properties.find("options"), [](const Value& option) {
    std::string text(option.text());
    std::size_t equals = text.find('=');
    // Values are what was written, without quotes: `check_option=local`, `fillfactor=70`.
    return text.substr(0, equals) + "=" + quote_literal(std::string_view(text).substr(equals + 1));
  });
  return list.empty() ? "" : " WITH (" + list + ")";
}

void write_persistence(const Change& change, StepWriter& out) {
  if (change.live == nullptr || change.target == nullptr || change.made()) return;
  bool unlogged = has(*change.live, "unlogged");
  const Change* owner = out.changes().change({C::sequence_owner, "", change.id().name});
  if (owner != nullptr && owner->live != nullptr && out.server_version() >= 150000) {
    const Change* table = out.changes().change({C::table, "", std::string(property(*owner->live, "table"))});
    bool altered = table != nullptr && table->kind == Change::Kind::alter;
    if (altered && has(*table->live, "unlogged") != has(*table->target, "unlogged"))
      unlogged = has(*table->target, "unlogged");
  }
  bool wanted = has(*change.target, "unlogged");
  if (unlogged == wanted) return;
  out.add(change.id(),
          fmt::format("ALTER SEQUENCE {} SET {}", out.qualified(change.id().name),
                      wanted ? "UNLOGGED" : "LOGGED"),
          "change the persistence of " + describe(change.id()));
}

namespace {

std::string standing_definition(const Change& change, const StepWriter& out) {
  const SchemaObject& object = *change.target;
  ObjectClass object_class = object.id.object_class;
  if (object_class == C::sequence)
    return fmt::format("CREATE {}SEQUENCE {}{}", has(object, "unlogged") ? "UNLOGGED " : "",
                       out.qualified(object.id.name), sequence_options(object));
  if (object_class == C::aggregate)
    return fmt::format("CREATE AGGREGATE {}({}) ({})", routine_name(object), property(object, "arguments"),
                       property(object, "definition"));
  if (object_class == C::view) return view_definition(change, out, "CREATE VIEW");
  if (object_class == C::materialized_view) return view_definition(change, out, "CREATE MATERIALIZED VIEW");
  return std::string(property(object, "definition"));
}

}  // namespace

void make_standing_alone(const Change& change, StepWriter& out) {
  if (change.id().object_class == C::sequence_owner) return write_owner(change, out);
  out.add(change.id(), standing_definition(change, out), "create " + describe(change.id()));
}

void alter_standing_alone(const Change& change, StepWriter& out) {
  if (change.id().object_class == C::sequence) return alter_sequence(change, out);
  if (change.id().object_class == C::sequence_owner) return write_owner(change, out);
  if (change.id().object_class == C::aggregate || same_besides_notes(change)) return;
  if (change.id().object_class == C::materialized_view) {
    std::string alter = "ALTER MATERIALIZED VIEW " + out.qualified(change.id().name);
    write_options(change, alter, out);
    return;
  }
  bool view = change.id().object_class == C::view;
  out.add(change.id(),
          view ? view_definition(change, out, "CREATE OR REPLACE VIEW")
               : std::string(property(*change.target, "definition")),
          "change " + describe(change.id()));
}

}  // namespace carbon::postgres
