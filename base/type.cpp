#include "base/type.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace carbon {

namespace {

struct BasicName {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<BasicName, 11> basic_names{{
    {"string", TypeKind::string},
    {"int", TypeKind::integer},
    {"float", TypeKind::floating},
    {"bool", TypeKind::boolean},
    {"json", TypeKind::json},
    {"blob", TypeKind::blob},
    {"bytes", TypeKind::bytes},
    {"cpu", TypeKind::cpu},
    {"quantity", TypeKind::quantity},
    {"duration", TypeKind::duration},
    {"int_or_string", TypeKind::int_or_string},
}};

constexpr std::array<std::string_view, 9> checked_names{"",         "cron",      "cidr",   "ip",   "url",
                                                        "dns_name", "dns_label", "semver", "regex"};

std::string facet_value(const Value& value) {
  if (value.kind() == ValueKind::integer) return std::to_string(value.as_int());
  if (value.kind() == ValueKind::quantity) return value.as_quantity().text();
  if (value.kind() == ValueKind::duration) return value.as_duration().text();
  if (value.kind() == ValueKind::floating) return fmt::format("{}", value.as_float());
  return "?";
}

std::string facets_text(const Facets& facets) {
  std::vector<std::string> parts;
  if (facets.min) parts.push_back("min=" + facet_value(*facets.min));
  if (facets.max) parts.push_back("max=" + facet_value(*facets.max));
  if (!facets.pattern.empty()) parts.push_back("pattern='" + facets.pattern + "'");
  return parts.empty() ? "" : fmt::format("({})", fmt::join(parts, ", "));
}

std::string record_text(const Type& type) {
  if (!type.name.empty()) return type.name;
  std::vector<std::string> parts;
  for (const FieldType& field : type.fields) parts.push_back(field.name + " : " + to_string(*field.type));
  if (type.open != nullptr) parts.push_back("* : " + to_string(*type.open));
  return parts.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(parts, ", "));
}

std::string bare_text(const Type& type) {
  switch (type.kind) {
    case TypeKind::list: return fmt::format("list<{}>", to_string(*type.element));
    case TypeKind::set: return fmt::format("set<{}>", to_string(*type.element));
    case TypeKind::map: return fmt::format("map<{}>", to_string(*type.element));
    case TypeKind::optional: return to_string(*type.element) + "?";
    case TypeKind::secret: return fmt::format("secret<{}>", to_string(*type.element));
    case TypeKind::literal: return fmt::format("\"{}\"", type.name);
    case TypeKind::reference: return type.name;
    case TypeKind::record: return record_text(type);
    case TypeKind::union_: {
      std::vector<std::string> parts;
      for (TypePtr alternative : type.alternatives) parts.push_back(to_string(*alternative));
      return fmt::format("{}", fmt::join(parts, " | "));
    }
    case TypeKind::string:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::boolean:
    case TypeKind::json:
    case TypeKind::blob:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::duration:
    case TypeKind::int_or_string: break;
  }
  if (type.checked != CheckedString::none)
    return std::string(checked_names[static_cast<std::size_t>(type.checked)]);
  auto named = std::find_if(basic_names.begin(), basic_names.end(),
                            [&](const BasicName& basic) { return basic.kind == type.kind; });
  return named == basic_names.end() ? "?" : std::string(named->name);
}

}  // namespace

const FieldType* Type::field(std::string_view wanted) const {
  auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FieldType& f) { return f.name == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

TypeTable::TypeTable() {
  basics_.resize(static_cast<std::size_t>(TypeKind::reference) + 1, nullptr);
  for (const BasicName& basic : basic_names)
    basics_[static_cast<std::size_t>(basic.kind)] = &make(basic.kind);
  checkeds_.push_back(basic(TypeKind::string));
  for (std::size_t i = 1; i < checked_names.size(); ++i) {
    Type& made = make(TypeKind::string);
    made.checked = static_cast<CheckedString>(i);
    checkeds_.push_back(&made);
  }
}

Type& TypeTable::make(TypeKind kind) {
  Type& made = types_.emplace_back();
  made.kind = kind;
  return made;
}

TypePtr TypeTable::basic(TypeKind kind) const { return basics_[static_cast<std::size_t>(kind)]; }
TypePtr TypeTable::checked(CheckedString checked) const {
  return checkeds_[static_cast<std::size_t>(checked)];
}

namespace {
TypePtr with_element(Type& type, TypePtr element) {
  type.element = element;
  return &type;
}
TypePtr with_name(Type& type, std::string_view name) {
  type.name = name;
  return &type;
}
}  // namespace

TypePtr TypeTable::list(TypePtr element) { return with_element(make(TypeKind::list), element); }
TypePtr TypeTable::set(TypePtr element) { return with_element(make(TypeKind::set), element); }
TypePtr TypeTable::map(TypePtr element) { return with_element(make(TypeKind::map), element); }
TypePtr TypeTable::optional(TypePtr element) { return with_element(make(TypeKind::optional), element); }
TypePtr TypeTable::secret(TypePtr element) { return with_element(make(TypeKind::secret), element); }
TypePtr TypeTable::literal(std::string_view text) { return with_name(make(TypeKind::literal), text); }
TypePtr TypeTable::reference(std::string_view type) { return with_name(make(TypeKind::reference), type); }

std::string to_string(const Type& type) { return bare_text(type) + facets_text(type.facets); }

std::string short_text(const Type& type) {
  constexpr std::size_t longest = 60;
  std::string text = to_string(type);
  std::size_t open = text.find("{ ");
  std::size_t close = text.rfind(" }");
  if (text.size() <= longest || open == std::string::npos || close == std::string::npos) return text;
  return text.substr(0, open) + "{ … }" + text.substr(close + 2);
}

TypePtr find_basic(const TypeTable& table, std::string_view name) {
  for (const BasicName& basic : basic_names) {
    if (basic.name == name) return table.basic(basic.kind);
  }
  for (std::size_t i = 1; i < checked_names.size(); ++i) {
    if (checked_names[i] == name) return table.checked(static_cast<CheckedString>(i));
  }
  return nullptr;
}

}  // namespace carbon
