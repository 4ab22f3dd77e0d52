#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "base/value_document.h"

/// Messages are Values. Reading takes what a client may send: what is missing or of another kind is null,
/// empty or the default.
namespace carbon::lsp::json {

using document::field;
using document::list;
using document::number;
using document::text;

/// The value at a path of member names; null when there is none.
[[nodiscard]] inline const Value& at(const Value& value, std::initializer_list<std::string_view> path) {
  static const Value none;
  const Value* found = &value;
  for (std::string_view name : path) {
    found = found->find(name);
    if (found == nullptr) return none;
  }
  return *found;
}

[[nodiscard]] inline std::string text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value& found = at(value, path);
  return found.is_string() ? std::string(found.text()) : std::string();
}

[[nodiscard]] inline bool true_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value& found = at(value, path);
  return found.kind() == ValueKind::boolean && found.as_bool();
}

[[nodiscard]] inline std::int64_t int_at(const Value& value, std::initializer_list<std::string_view> path,
                                         std::int64_t otherwise) {
  const Value& found = at(value, path);
  return found.kind() == ValueKind::integer ? found.as_int() : otherwise;
}

[[nodiscard]] inline std::span<const Value> items_at(const Value& value,
                                                     std::initializer_list<std::string_view> path) {
  const Value& found = at(value, path);
  return found.is_sequence() ? found.items() : std::span<const Value>();
}

[[nodiscard]] inline Value object(std::vector<Entry> entries) { return Value::record(std::move(entries)); }

}  // namespace carbon::lsp::json
