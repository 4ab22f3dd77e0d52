#include "platform/sandbox/kubernetes/custom_validation.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

double as_double(const Value& value) {
  if (value.kind() == ValueKind::integer) return static_cast<double>(value.as_int());
  if (value.kind() == ValueKind::floating) return value.as_float();
  return value.kind() == ValueKind::decimal ? std::stod(std::string(value.text())) : 0.0;
}

bool is_number(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::decimal ||
         value.kind() == ValueKind::floating;
}

void check_number(const Value& limits, const Value& value, const std::string& path,
                  std::vector<StatusCause>& causes) {
  const Value* least = at(limits, {"minimum"});
  const Value* most = at(limits, {"maximum"});
  if (least != nullptr && as_double(value) < as_double(*least)) {
    causes.push_back(invalid_value(
        path, value, fmt::format("{} in body should be greater than or equal to {}", path, to_json(*least))));
  }
  if (most != nullptr && as_double(value) > as_double(*most)) {
    causes.push_back(invalid_value(
        path, value, fmt::format("{} in body should be less than or equal to {}", path, to_json(*most))));
  }
}

struct CountRule {
  std::string_view limit;
  std::string_view words;
  bool least;
};
constexpr std::array<CountRule, 2> text_rules{{
    {"minLength", "{} in body should be at least {} chars long", true},
    {"maxLength", "{} in body should be at most {} chars long", false},
}};
constexpr std::array<CountRule, 2> list_rules{{
    {"minItems", "{} in body should have at least {} items", true},
    {"maxItems", "{} in body should have at most {} items", false},
}};

void check_count(const std::array<CountRule, 2>& rules, const Value& limits, const Value& value,
                 std::size_t size, const std::string& path, std::vector<StatusCause>& causes) {
  for (const CountRule& rule : rules) {
    auto limit = int_at(limits, {rule.limit});
    if (!limit) continue;
    auto count = static_cast<std::int64_t>(size);
    bool right = rule.least ? count >= *limit : count <= *limit;
    if (!right)
      causes.push_back(invalid_value(path, value, fmt::format(fmt::runtime(rule.words), path, *limit)));
  }
}

void check_enum(const Value& limits, const Value& value, const std::string& path,
                std::vector<StatusCause>& causes) {
  std::vector<Value> allowed = items_at(limits, {"enum"});
  if (allowed.empty() || std::ranges::find(allowed, value) != allowed.end()) return;
  std::vector<std::string> names;
  for (const Value& one : allowed) names.push_back(one.is_string() ? std::string(one.text()) : to_json(one));
  causes.push_back(not_supported(path, value.is_string() ? value.text() : to_json(value), names));
}

void check(const SchemaNode& schema, const Value& value, const std::string& path,
           std::vector<StatusCause>& causes) {
  const Value& limits = schema.limits;
  if (!limits.is_null()) {
    if (is_number(value)) check_number(limits, value, path, causes);
    if (value.is_string()) check_count(text_rules, limits, value, value.text().size(), path, causes);
    if (value.is_sequence()) check_count(list_rules, limits, value, value.items().size(), path, causes);
    check_enum(limits, value, path, causes);
  }
  if (value.is_sequence() && schema.is_list()) {
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      check(*schema.element, value.items()[i], fmt::format("{}[{}]", path, i), causes);
    }
  }
  if (!value.is_fields()) return;
  for (const SchemaEntry& field : schema.fields) {
    if (path.empty() && field.name == "metadata") continue;
    const Value* sent = value.find(field.name);
    std::string below = path.empty() ? field.name : fmt::format("{}.{}", path, field.name);
    if (sent == nullptr && field.required) causes.push_back(required_value(below));
    if (sent != nullptr) check(*field.node, *sent, below, causes);
  }
  if (schema.element == nullptr) return;
  for (const Entry& entry : value.entries()) {
    if (schema.field(entry.key.text()) != nullptr) continue;
    check(*schema.element, entry.value, fmt::format("{}.{}", path, entry.key.text()), causes);
  }
}

}  // namespace

void check_custom(const SchemaNode& schema, const Value& object, std::vector<StatusCause>& causes) {
  check(schema, object, {}, causes);
}

Value pruned_custom(const SchemaNode& schema, const Value& object) {
  if (object.is_sequence() && schema.is_list()) {
    std::vector<Value> items;
    for (const Value& item : object.items()) items.push_back(pruned_custom(*schema.element, item));
    return Value::list(std::move(items));
  }
  if (!object.is_fields() || (schema.kind != NodeKind::record && schema.kind != NodeKind::map)) return object;
  std::vector<Entry> out;
  for (const Entry& entry : object.entries()) {
    const SchemaNode* child = schema.child(entry.key.text());
    if (child != nullptr && !entry.value.is_null())
      out.push_back({entry.key, pruned_custom(*child, entry.value)});
  }
  return Value::map(std::move(out));
}

}  // namespace carbon::sandbox
