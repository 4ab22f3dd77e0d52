#include "platform/postgres_schema/catalog_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/value_json.h"
#include "platform/postgres_schema/expression_text.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

constexpr std::array<std::string_view, 9> catalogs = {"pg_class",      "pg_type",    "pg_proc",
                                                      "pg_constraint", "pg_attrdef", "pg_rewrite",
                                                      "pg_trigger",    "pg_policy",  "pg_statistic_ext"};

constexpr int sub_object_bits = 16;

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (!text) return std::nullopt;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(value) : std::nullopt;
}

/// Texts that the server would print otherwise after it has read them once.
Value canonical(const ObjectId& id, const Value& properties) {
  static constexpr std::array<std::string_view, 6> expressions = {"definition", "expression", "default",
                                                                  "generated",  "using",      "check"};
  bool statistics = id.object_class == ObjectClass::statistics;
  std::vector<Entry> entries;
  for (const Entry& entry : properties.entries()) {
    if (statistics && entry.key.text() == "definition") {
      entries.push_back({entry.key, Value::string(canonical_statistics(entry.value.text()))});
      continue;
    }
    bool text = entry.value.is_string() &&
                std::find(expressions.begin(), expressions.end(), entry.key.text()) != expressions.end() &&
                !(is_routine(id.object_class) && has_string_body(entry.value.text()));
    entries.push_back(text ? Entry{entry.key, Value::string(canonical_expression(entry.value.text()))}
                           : entry);
  }
  return Value::map(std::move(entries));
}

}  // namespace

CatalogReader::CatalogReader(std::string_view schema, int server_version) {
  catalog_.schema = std::string(schema);
  catalog_.server_version = server_version;
}

Error CatalogReader::bad(std::string_view what) const {
  return Error(
      DiagnosticCode::bad_reply,
      fmt::format("the catalogs of the schema `{}` hold {} that is not understood", catalog_.schema, what));
}

std::optional<CatalogReader::Address> CatalogReader::address(const Row& row, std::size_t column) {
  auto named = std::find(catalogs.begin(), catalogs.end(), row[column].value_or(""));
  std::optional<std::uint64_t> oid = number(row[column + 1]);
  std::optional<std::uint64_t> part = number(row[column + 2]);
  if (named == catalogs.end() || !oid || !part) return std::nullopt;
  auto catalog = static_cast<std::uint64_t>(named - catalogs.begin());
  return (catalog << 32 | *oid) << sub_object_bits | *part;
}

Status CatalogReader::take_objects(const SqlRows& rows) {
  for (const Row& row : rows.rows) CARBON_CHECK(take_object(row));
  return {};
}

Status CatalogReader::take_object(const Row& row) {
  if (row.size() != 7) return fail(bad("a row"));
  std::optional<ObjectClass> object_class = class_of_key(row[3].value_or(""));
  if (!object_class || !row[4] || !row[5] || !row[6]) return fail(bad("an object"));
  SchemaObject object{{*object_class, *row[4], *row[5]}, {}, {}, 0};
  object.position = static_cast<int>(number(row[2]).value_or(0));
  object.properties = canonical(object.id, CARBON_TRY(parse_json(*row[6])));
  if (std::optional<Address> at = address(row, 0)) objects_.emplace(*at, catalog_.objects.size());
  catalog_.objects.push_back(std::move(object));
  return {};
}

std::optional<std::size_t> CatalogReader::object_at(Address address) const {
  constexpr int longest_chain = 8;  // the array of a table's row type is two steps from the table
  for (int steps = 0; steps < longest_chain; ++steps) {
    if (auto found = objects_.find(address); found != objects_.end()) return found->second;
    auto alias = aliases_.find(address);
    Address whole = address >> sub_object_bits << sub_object_bits;
    if (alias == aliases_.end() && whole == address) return std::nullopt;
    address = alias == aliases_.end() ? whole : alias->second;  // columns of views are parts of the view
  }
  return std::nullopt;
}

Status CatalogReader::take_dependencies(const SqlRows& rows) {
  for (const Row& row : rows.rows) {
    if (row.size() != 8) return fail(bad("a row"));
    std::optional<Address> from = address(row, 1);
    std::optional<Address> to = address(row, 4);
    if (row[0] == "alias" && from && to) aliases_.emplace(*from, *to);
  }
  for (const Row& row : rows.rows) {
    std::optional<Address> to = address(row, 4);
    if (row[0] == "alias" || !to) continue;
    std::optional<std::size_t> needed = object_at(*to);
    if (!needed) continue;
    std::optional<Address> from = address(row, 1);
    std::optional<std::size_t> dependent = from ? object_at(*from) : std::nullopt;
    const ObjectId& id = catalog_.objects[*needed].id;
    if (dependent && *dependent != *needed) catalog_.objects[*dependent].depends_on.push_back(id);
    if (!dependent && row[7]) catalog_.outside_dependents.push_back({id, *row[7]});
  }
  return {};
}

Status CatalogReader::take_unmodelled(const SqlRows& rows) const {
  if (rows.rows.empty()) return {};
  constexpr std::size_t most_named = 10;
  std::string names;
  for (std::size_t at = 0; at < std::min(rows.rows.size(), most_named); ++at)
    names += (at == 0 ? "`" : ", `") + rows.rows[at].at(0).value_or("?") + "`";
  if (rows.rows.size() > most_named) names += fmt::format(" and {} more", rows.rows.size() - most_named);
  return fail(
      Error(DiagnosticCode::not_yet_supported,
            fmt::format("the schema `{}` holds what carbon cannot manage: {}", catalog_.schema, names))
          .help("move it to another schema, or manage this one with a Script"));
}

void CatalogReader::add_parents() {
  for (SchemaObject& object : catalog_.objects) {
    for (ObjectId& parent : parents_of(object)) object.depends_on.push_back(std::move(parent));
    auto& needs = object.depends_on;
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  }
}

SchemaCatalog CatalogReader::catalog() && {
  add_parents();
  std::sort(catalog_.objects.begin(), catalog_.objects.end(),
            [](const SchemaObject& a, const SchemaObject& b) { return a.id < b.id; });
  auto before = [](const OutsideDependent& a, const OutsideDependent& b) {
    return std::tie(a.object, a.dependent) < std::tie(b.object, b.dependent);
  };
  std::sort(catalog_.outside_dependents.begin(), catalog_.outside_dependents.end(), before);
  return std::move(catalog_);
}

}  // namespace carbon::postgres
