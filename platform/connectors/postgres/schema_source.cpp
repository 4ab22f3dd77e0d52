#include "platform/connectors/postgres/schema_source.h"

#include <algorithm>
#include <map>

namespace carbon {

namespace {

bool flag_of(const Value& record, std::string_view name) {
  const Value* value = record.find(name);
  return value != nullptr && value->kind() == ValueKind::boolean && value->as_bool();
}

std::vector<std::pair<std::string, std::string>> pairs_of(const Value& record, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const Value* value = record.find(name);
  if (value == nullptr || !value->is_fields()) return pairs;
  for (const Entry& entry : value->entries()) {
    if (entry.value.is_string()) pairs.emplace_back(entry.key.text(), entry.value.text());
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

Value fields(std::vector<Entry> entries) { return Value::map(std::move(entries)); }

/// A tree without its nulls.
Value without_removals(const Value& tree) {
  if (!tree.is_fields()) return tree;
  std::vector<Entry> entries;
  for (const Entry& entry : tree.entries()) {
    if (entry.value.is_null()) continue;
    Value inner = without_removals(entry.value);
    // What held nothing but removals is not there.
    bool emptied = inner.is_fields() && inner.entries().empty() && !entry.value.entries().empty();
    if (!emptied) entries.push_back({entry.key, std::move(inner)});
  }
  return fields(std::move(entries));
}

}  // namespace

std::string text_at(const Value& record, std::string_view name) {
  const Value* value = record.is_fields() ? record.find(name) : nullptr;
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
}

SchemaSource SchemaSource::of(const Value& desired) {
  SchemaSource source;
  source.schema = text_at(desired, "name");
  if (const Value* files = desired.find("sql"); files != nullptr && files->is_sequence()) {
    for (const Value& file : files->items()) source.files.emplace_back(file.text());
  }
  source.extensions = pairs_of(desired, "extensions");
  source.renames = pairs_of(desired, "renames");
  source.role = text_at(desired, "role");
  source.exclusive = flag_of(desired, "exclusive");
  source.any_version = flag_of(desired, "any_version");
  return source;
}

DerivedSchema DerivedSchema::of(const Value& desired) {
  DerivedSchema derived;
  const Value* objects = desired.find("objects");
  const Value* how = desired.find("how");
  derived.objects = objects == nullptr ? fields({}) : *objects;
  derived.how = how == nullptr ? fields({}) : *how;
  return derived;
}

Result<postgres::SchemaCatalog> DerivedSchema::catalog(const std::string& schema) const {
  const Value* version = how.find("version");
  const Value* depends = how.find("dependencies");
  bool whole = version != nullptr && version->kind() == ValueKind::integer && depends != nullptr;
  if (!whole) return fail(DiagnosticCode::bad_reply, "the plan does not say how the schema is made");
  return postgres::from_value(schema, static_cast<int>(version->as_int()), without_removals(objects),
                              *depends);
}

std::string DerivedSchema::role() const { return text_at(how, "role"); }

FieldSet DerivedSchema::dropped() const {
  FieldSet set;
  const Value* paths = how.find("dropped");
  if (paths == nullptr || !paths->is_sequence()) return set;
  for (const Value& text : paths->items()) {
    Result<FieldPath> path = FieldPath::parse(text.text());
    if (path) set.insert(*path);
  }
  return set;
}

std::vector<std::pair<std::string, std::string>> DerivedSchema::renames() const {
  return pairs_of(how, "renames");
}

Value with_removals(const Value& desired, const Value& live, const Value& target) {
  if (!live.is_fields()) return desired;
  std::map<std::string_view, Value> entries;
  if (desired.is_fields()) {
    for (const Entry& entry : desired.entries()) entries.emplace(entry.key.text(), entry.value);
  }
  for (const Entry& there : live.entries()) {
    std::string_view name = there.key.text();
    const Value* stays = target.is_fields() ? target.find(name) : nullptr;
    auto wanted = entries.find(name);
    if (stays == nullptr) {
      entries.emplace(name, Value());
    } else if (stays->is_fields()) {
      Value inner = with_removals(wanted == entries.end() ? Value() : wanted->second, there.value, *stays);
      bool says_something = inner.is_fields() && !inner.entries().empty();
      if (wanted != entries.end()) {
        wanted->second = std::move(inner);
      } else if (says_something) {
        entries.emplace(name, std::move(inner));
      }
    }
  }
  if (entries.empty()) return desired;
  std::vector<Entry> all;
  for (auto& [name, value] : entries) all.push_back({Value::string(std::string(name)), std::move(value)});
  return fields(std::move(all));
}

}  // namespace carbon
