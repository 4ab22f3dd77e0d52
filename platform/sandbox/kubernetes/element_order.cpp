#include "platform/sandbox/kubernetes/element_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cstddef>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

using Items = std::vector<Value>;

constexpr std::ptrdiff_t nowhere = -1;

std::ptrdiff_t place_in(const Items& items, const Value& item, std::string_view key) {
  auto found =
      std::ranges::find_if(items, [&](const Value& other) { return same_element(other, item, key); });
  return found == items.end() ? nowhere : found - items.begin();
}

void sort_by(Items& items, const Items& order, std::string_view key) {
  std::ranges::stable_sort(items, {}, [&](const Value& item) { return place_in(order, item, key); });
}

/// `[a b]` for a list of Go values.
std::string go_list(const Items& items) {
  std::vector<std::string> texts;
  for (const Value& item : items) texts.push_back(go_text(item));
  return fmt::format("[{}]", fmt::join(texts, " "));
}

}  // namespace

bool same_element(const Value& a, const Value& b, std::string_view key) {
  if (key.empty()) return a == b;
  const Value* x = at(a, {key});
  const Value* y = at(b, {key});
  return x != nullptr && y != nullptr && *x == *y;
}

std::vector<Value> in_order_of(std::vector<Value> items, const std::vector<Value>& wanted,
                               const std::vector<Value>& live, std::string_view key) {
  auto middle = std::stable_partition(
      items.begin(), items.end(), [&](const Value& item) { return place_in(wanted, item, key) != nowhere; });
  Items others(middle, items.end());
  items.erase(middle, items.end());
  sort_by(items, wanted, key);
  sort_by(others, live, key);
  Items merged;
  std::size_t i = 0, j = 0;
  while (i < others.size() && j < items.size()) {
    std::ptrdiff_t left = place_in(live, others[i], key), right = place_in(live, items[j], key);
    bool before = left != nowhere && right != nowhere && left < right;
    merged.push_back(before ? others[i++] : items[j++]);
  }
  merged.insert(merged.end(), others.begin() + static_cast<std::ptrdiff_t>(i), others.end());
  merged.insert(merged.end(), items.begin() + static_cast<std::ptrdiff_t>(j), items.end());
  return merged;
}

ApiResult<void> check_order(const std::vector<Value>& patch, const std::vector<Value>& order,
                            std::string_view key) {
  if (patch.empty() || order.empty()) return {};
  std::size_t next = 0;
  for (const Value& item : patch) {
    if (item.is_fields() && item.find("$patch") != nullptr) continue;
    while (next < order.size() && !same_element(item, order[next], key)) ++next;
    if (next++ < order.size()) continue;
    return refuse(
        plain_error(fmt::format("The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n",
                                go_list(patch), go_list(order))));
  }
  return {};
}

ApiResult<bool> elements_are_records(const std::vector<Value>& a, const std::vector<Value>& b) {
  const Value* first = !a.empty() ? &a.front() : !b.empty() ? &b.front() : nullptr;
  if (first == nullptr) return refuse(plain_error("no elements in any of the given slices"));
  if (first->is_sequence()) {
    ApiStatus status = invalid({}, {}, {}, {});
    status.message = "the server rejected our request due to an error in our request";
    return refuse(std::move(status));
  }
  for (const Items* items : {&a, &b}) {
    for (const Value& item : *items) {
      if (go_type(item) == go_type(*first)) continue;
      return refuse(
          plain_error(fmt::format("list element types are not identical: [{} {}]", go_list(a), go_list(b))));
    }
  }
  return first->is_fields();
}

std::string go_text(const Value& value) {
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return std::string(value.text());
  if (value.is_sequence()) return go_list({value.items().begin(), value.items().end()});
  if (!value.is_fields()) return to_json(value);
  std::vector<std::string> texts;
  for (const Entry& entry : value.entries())
    texts.push_back(fmt::format("{}:{}", entry.key.text(), go_text(entry.value)));
  std::ranges::sort(texts);
  return fmt::format("map[{}]", fmt::join(texts, " "));
}

std::string_view go_type(const Value& value) {
  if (value.is_null()) return "%!s(<nil>)";
  if (value.is_string()) return "string";
  if (value.is_sequence()) return "[]interface {}";
  if (value.is_fields()) return "map[string]interface {}";
  if (value.kind() == ValueKind::boolean) return "bool";
  return value.kind() == ValueKind::integer ? "int64" : "float64";
}

}  // namespace carbon::sandbox
