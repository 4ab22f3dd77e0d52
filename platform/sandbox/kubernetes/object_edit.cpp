#include "platform/sandbox/kubernetes/object_edit.h"

#include <fmt/format.h>
#include <algorithm>
#include <span>

namespace carbon::sandbox {

namespace {

using Path = std::span<const std::string_view>;

Path span_of(Names path) { return {path.begin(), path.size()}; }

std::vector<Entry> entries_of(const Value& object) {
  if (!object.is_fields()) return {};
  return {object.entries().begin(), object.entries().end()};
}

auto find_entry(std::vector<Entry>& entries, std::string_view name) {
  return std::ranges::find_if(entries, [&](const Entry& entry) { return entry.key.text() == name; });
}

Value with_path(const Value& object, Path path, Value value) {
  if (path.empty()) return value;
  std::vector<Entry> entries = entries_of(object);
  auto found = find_entry(entries, path.front());
  if (found == entries.end()) {
    Entry entry{Value::string(path.front()), with_path({}, path.subspan(1), std::move(value))};
    // In its place, so that Value::map need not sort.
    auto place = std::ranges::find_if(entries, [&](const Entry& e) { return e.key.text() > path.front(); });
    entries.insert(place, std::move(entry));
  } else {
    found->value = with_path(found->value, path.subspan(1), std::move(value));
  }
  return Value::map(std::move(entries));
}

Value without_path(const Value& object, Path path) {
  if (!object.is_fields() || object.find(path.front()) == nullptr) return object;
  std::vector<Entry> entries = entries_of(object);
  auto found = find_entry(entries, path.front());
  if (path.size() == 1) {
    entries.erase(found);
  } else {
    found->value = without_path(found->value, path.subspan(1));
  }
  return Value::map(std::move(entries));
}

}  // namespace

const Value* at(const Value& object, Names path) {
  const Value* place = &object;
  for (std::string_view name : path) {
    place = place->find(name);
    if (place == nullptr) return nullptr;
  }
  return place->is_null() ? nullptr : place;
}

std::string_view text_at(const Value& object, Names path) {
  const Value* found = at(object, path);
  return found != nullptr && found->is_string() ? found->text() : std::string_view();
}

std::optional<std::int64_t> int_at(const Value& object, Names path) {
  const Value* found = at(object, path);
  if (found == nullptr || found->kind() != ValueKind::integer) return std::nullopt;
  return found->as_int();
}

bool bool_at(const Value& object, Names path) {
  const Value* found = at(object, path);
  return found != nullptr && found->kind() == ValueKind::boolean && found->as_bool();
}

std::vector<Value> items_at(const Value& object, Names path) {
  const Value* found = at(object, path);
  if (found == nullptr || !found->is_sequence()) return {};
  return {found->items().begin(), found->items().end()};
}

Value with(const Value& object, Names path, Value value) {
  return with_path(object, span_of(path), std::move(value));
}

Value without(const Value& object, Names path) { return without_path(object, span_of(path)); }

Value fields(std::vector<std::pair<std::string_view, Value>> entries) {
  std::vector<Entry> made;
  made.reserve(entries.size());
  for (auto& [name, value] : entries) made.push_back({Value::string(name), std::move(value)});
  return Value::map(std::move(made));
}

std::string new_uid(std::uint64_t high, std::uint64_t low) {
  high = (high & ~std::uint64_t{0xF000}) | 0x4000;
  low = (low & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                     low >> 48, low & 0xFFFF'FFFF'FFFF);
}

}  // namespace carbon::sandbox
