#include "dsl/check/name_case.h"

#include <algorithm>

namespace carbon {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_lower_or_digit(char c) { return is_lower(c) || (c >= '0' && c <= '9'); }
char lowered(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char raised(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

/// Whether a word begins at the capital letter in the middle of a name: `dbPassword`, and the last capital of
/// `HTTPPort`.
bool begins_word(std::string_view name, std::size_t i) {
  if (!is_upper(name[i]) || i == 0) return false;
  bool ends_capitals = is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]);
  return is_lower_or_digit(name[i - 1]) || ends_capitals;
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (begins_word(name, i)) made += '_';
    bool separates = c == '-' || c == '.' || c == '/' || c == ' ';
    made += separates ? '_' : lowered(c);
  }
  return made;
}

std::string upper_camel_case(std::string_view name) {
  std::string made;
  bool first = true;
  for (char c : name) {
    if (c == '_' && !made.empty() && made != "_") {
      first = true;
    } else if (c == '_') {
      made += c;
    } else {
      made += first ? raised(c) : c;
      first = false;
    }
  }
  return made;
}

bool is_snake_case(std::string_view name) { return std::none_of(name.begin(), name.end(), is_upper); }

bool is_upper_camel_case(std::string_view name) {
  while (name.starts_with('_')) name.remove_prefix(1);
  return name.empty() || (is_upper(name.front()) && name.find('_') == std::string_view::npos);
}

}  // namespace carbon
