#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/value_document.h"
#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/target.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;
using Names = std::map<std::string, std::string, std::less<>>;

std::string rename_statement(const SchemaObject& object, std::string_view schema, std::string_view to) {
  const ObjectId& id = object.id;
  std::string owner = quote_qualified(schema, id.parent);
  std::string name = quote_identifier(id.name);
  std::string renames = name + " TO " + quote_identifier(to);
  if (id.object_class == C::column) return fmt::format("ALTER TABLE {} RENAME COLUMN {}", owner, renames);
  if (id.object_class == C::constraint)
    return fmt::format("ALTER TABLE {} RENAME CONSTRAINT {}", owner, renames);
  if (id.object_class == C::domain_constraint)
    return fmt::format("ALTER DOMAIN {} RENAME CONSTRAINT {}", owner, renames);
  return "ALTER " + reference(object, schema) + " RENAME TO " + quote_identifier(to);
}

/// The text with every token by its meaning, and old names as new ones: equal for texts that a rename makes
/// equal.
std::string meaning(std::string_view text, const Names& names) {
  std::string out;
  for (const SqlToken& token : sql_tokens(text)) {
    std::string word = token.kind == SqlToken::Kind::name ? token.name() : std::string(token.text);
    auto renamed = token.kind == SqlToken::Kind::name ? names.find(word) : names.end();
    out += (renamed == names.end() ? word : renamed->second) + '\0';
  }
  return out;
}

/// Views keep the old name as an alias, so their text does change; so do policies, which may hold subqueries.
bool follows_renames(const ObjectId& id, std::string_view property_name) {
  static constexpr std::string_view of_queries[] = {"definition", "using", "check", "columns", "comment"};
  bool query = id.object_class == C::view || id.object_class == C::materialized_view ||
               id.object_class == C::policy || is_routine(id.object_class);
  if (property_name == "comment") return false;
  return !query ||
         std::find(std::begin(of_queries), std::end(of_queries), property_name) == std::end(of_queries);
}

class Renamer {
 public:
  Renamer(const SchemaCatalog& live, const SchemaCatalog& desired) : desired_(desired) {
    out_.catalog = live;
  }

  [[nodiscard]] Status rename(const Rename& rename) {
    ObjectId to = rename.from;
    to.parent = current(rename.from).parent;
    ObjectId from = to;
    to.name = is_routine(from.object_class) ? rename.to + from.name.substr(from.name.find('(')) : rename.to;
    const SchemaObject* object = out_.catalog.find(from);
    if (object == nullptr) return {};
    if (out_.catalog.find(to) != nullptr) {
      return fail(
          Error(DiagnosticCode::server_refused, fmt::format("{} cannot become `{}`: the schema `{}` has both",
                                                            describe(from), rename.to, out_.catalog.schema))
              .help("drop one of them, or take the rename away"));
    }
    MigrationStep step;
    step.sql = rename_statement(*object, out_.catalog.schema, rename.to);
    step.summary = fmt::format("rename {} to {}", describe(from), rename.to);
    step.path = path_of(to);
    out_.steps.push_back(std::move(step));
    move(from, to);
    return {};
  }

  [[nodiscard]] RenamedCatalog finish() {
    for (SchemaObject& object : out_.catalog.objects) object.properties = followed(object);
    match_routines();
    sort();
    return std::move(out_);
  }

 private:
  /// The id under the renames so far.
  [[nodiscard]] ObjectId current(const ObjectId& id) const {
    auto found = tables_.find(id.parent);
    return {id.object_class, found == tables_.end() ? id.parent : found->second, id.name};
  }

  void move(const ObjectId& from, const ObjectId& to) {
    names_[from.name] = to.name;
    out_.former.names[to] = former_name(from);
    auto moved = [&](ObjectId id) {
      const ClassTraits& of = traits(id.object_class);
      if (id == from) return to;
      if (from.object_class == C::column && id.object_class == C::column_default &&
          id.parent == from.parent && id.name == from.name)
        id.name = to.name;
      if (from.object_class == C::sequence && id.object_class == C::sequence_owner && id.name == from.name)
        id.name = to.name;
      if (!of.within.empty() && of.parent == from.object_class && id.parent == from.name) id.parent = to.name;
      return id;
    };
    if (from.object_class == C::table) move_columns(from.name, to.name);
    for (SchemaObject& object : out_.catalog.objects) {
      object.id = moved(object.id);
      for (ObjectId& needed : object.depends_on) needed = moved(needed);
      if (object.id.object_class == C::sequence_owner) move_owner(object, from, to);
    }
    for (OutsideDependent& outside : out_.catalog.outside_dependents) outside.object = moved(outside.object);
    sort();
  }

  [[nodiscard]] std::string former_name(const ObjectId& id) const { return out_.former.of(id); }

  /// Columns that were renamed before their table.
  void move_columns(const std::string& from, const std::string& to) {
    tables_[from] = to;
    std::map<ObjectId, std::string> names;
    for (auto& [id, name] : out_.former.names) {
      ObjectId moved = id;
      if (id.object_class == C::column && id.parent == from) moved.parent = to;
      names.emplace(std::move(moved), name);
    }
    out_.former.names = std::move(names);
  }

  static void move_owner(SchemaObject& owner, const ObjectId& from, const ObjectId& to) {
    std::string table(property(owner, "table"));
    std::string column(property(owner, "column"));
    if (from.object_class == C::table && table == from.name) table = to.name;
    if (from.object_class == C::column && table == from.parent && column == from.name) column = to.name;
    owner.properties = Value::map(
        {document::field("table", document::text(table)), document::field("column", document::text(column))});
  }

  /// Texts that mean the same after the renames are taken from what is desired.
  [[nodiscard]] Value followed(const SchemaObject& object) const {
    const SchemaObject* wanted = desired_.find(object.id);
    if (wanted == nullptr || names_.empty()) return object.properties;
    std::vector<Entry> entries;
    for (const Entry& entry : object.properties.entries()) {
      const Value* other = wanted->properties.find(entry.key.text());
      bool same =
          other != nullptr && follows_renames(object.id, entry.key.text()) && means_same(entry.value, *other);
      entries.push_back(same ? Entry{entry.key, *other} : entry);
    }
    return Value::map(std::move(entries));
  }

  [[nodiscard]] bool means_same(const Value& live, const Value& wanted) const {
    if (live.is_string() && wanted.is_string())
      return meaning(live.text(), names_) == meaning(wanted.text(), {});
    if (!live.is_sequence() || !wanted.is_sequence()) return false;
    return std::equal(live.items().begin(), live.items().end(), wanted.items().begin(), wanted.items().end(),
                      [&](const Value& a, const Value& b) { return a == b || means_same(a, b); });
  }

  /// A routine whose argument types were renamed has another id by that.
  void match_routines() {
    if (names_.empty()) return;
    std::map<std::string, ObjectId> wanted;
    for (const SchemaObject& object : desired_.objects)
      if (is_routine(object.id.object_class) && out_.catalog.find(object.id) == nullptr)
        wanted.emplace(traits(object.id.object_class).key.data() + meaning(object.id.name, {}), object.id);
    if (wanted.empty()) return;
    std::map<ObjectId, ObjectId> moved;
    for (const SchemaObject& object : out_.catalog.objects) {
      if (!is_routine(object.id.object_class) || desired_.find(object.id) != nullptr) continue;
      auto found = wanted.find(traits(object.id.object_class).key.data() + meaning(object.id.name, names_));
      if (found != wanted.end()) moved.emplace(object.id, found->second);
    }
    auto at = [&](ObjectId& id) {
      auto found = moved.find(id);
      if (found != moved.end()) id = found->second;
    };
    for (SchemaObject& object : out_.catalog.objects) {
      at(object.id);
      for (ObjectId& needed : object.depends_on) at(needed);
      if (is_routine(object.id.object_class)) object.properties = followed(object);
    }
  }

  void sort() {
    std::sort(out_.catalog.objects.begin(), out_.catalog.objects.end(),
              [](const SchemaObject& a, const SchemaObject& b) { return a.id < b.id; });
  }

  const SchemaCatalog& desired_;
  RenamedCatalog out_;
  Names names_;
  Names tables_;
};

}  // namespace

Result<RenamedCatalog> rename_objects(const SchemaCatalog& live, const SchemaCatalog& desired,
                                      const std::vector<Rename>& renames) {
  Renamer renamer(live, desired);
  for (const Rename& each : renames) CARBON_CHECK(renamer.rename(each));
  return renamer.finish();
}

}  // namespace carbon::postgres
