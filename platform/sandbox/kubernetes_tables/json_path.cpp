#include "platform/sandbox/kubernetes_tables/json_path.h"

#include <charconv>
#include <cstdint>

#include "base/value_json.h"

namespace carbon::sandbox {

namespace {

std::string_view unquoted(std::string_view name) {
  bool quoted =
      name.size() >= 2 && (name.front() == '\'' || name.front() == '"') && name.back() == name.front();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

std::string plain(const Value& value) {
  return value.is_string() ? std::string(value.text()) : to_json(value);
}

/// `?(@.type=="Ready")`
bool passes(const Value& item, std::string_view filter) {
  std::size_t equal = filter.find("==");
  if (!filter.starts_with("?(@") || !filter.ends_with(')') || equal == std::string_view::npos) return false;
  std::string_view left = filter.substr(3, equal - 3);
  std::string_view right = filter.substr(equal + 2, filter.size() - equal - 3);
  while (left.ends_with(' ')) left.remove_suffix(1);
  while (right.starts_with(' ')) right.remove_prefix(1);
  for (const Value& value : find_json_path(item, left)) {
    if (plain(value) == unquoted(right)) return true;
  }
  return false;
}

void take_bracket(const Value& from, std::string_view inside, std::vector<Value>& out) {
  if (!inside.starts_with('?') && inside != "*" && from.is_fields()) {
    if (const Value* field = from.find(unquoted(inside))) out.push_back(*field);
    return;
  }
  if (!from.is_sequence()) return;
  std::int64_t index = 0;
  bool all = inside == "*";
  bool filtered = inside.starts_with('?');
  auto parsed = std::from_chars(inside.data(), inside.data() + inside.size(), index);
  auto size = static_cast<std::int64_t>(from.items().size());
  if (index < 0) index += size;
  for (std::int64_t i = 0; i < size; ++i) {
    const Value& item = from.items()[static_cast<std::size_t>(i)];
    bool taken = filtered ? passes(item, inside) : all || (parsed.ec == std::errc() && i == index);
    if (taken) out.push_back(item);
  }
}

/// Where the bracket that begins at `open` ends; brackets within quotes do not count.
std::size_t closing(std::string_view path, std::size_t open) {
  char quote = '\0';
  for (std::size_t i = open + 1; i < path.size(); ++i) {
    if (quote != '\0') {
      if (path[i] == quote) quote = '\0';
    } else if (path[i] == '\'' || path[i] == '"') {
      quote = path[i];
    } else if (path[i] == ']') {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Value> find_json_path(const Value& object, std::string_view path) {
  std::vector<Value> found{object};
  if (path.starts_with('{') && path.ends_with('}')) path = path.substr(1, path.size() - 2);
  if (path.starts_with('$')) path.remove_prefix(1);
  while (!path.empty()) {
    std::vector<Value> next;
    if (path.front() == '[') {
      std::size_t end = closing(path, 0);
      if (end == std::string_view::npos) return {};
      for (const Value& value : found) take_bracket(value, path.substr(1, end - 1), next);
      path.remove_prefix(end + 1);
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      std::string name;
      while (!path.empty() && path.front() != '.' && path.front() != '[') {
        if (path.front() == '\\' && path.size() > 1) path.remove_prefix(1);  // `a\.b` is one name
        name += path.front();
        path.remove_prefix(1);
      }
      if (name.empty()) return {};
      for (const Value& value : found) {
        const Value* field = value.is_fields() ? value.find(name) : nullptr;
        if (field != nullptr) next.push_back(*field);
      }
    }
    found = std::move(next);
  }
  return found;
}

}  // namespace carbon::sandbox
