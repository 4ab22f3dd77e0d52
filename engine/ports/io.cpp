#include "engine/ports/io.h"

#include <algorithm>

namespace carbon {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const std::string* HttpReply::header(std::string_view name) const {
  for (const Header& each : headers) {
    if (same_name(each.name, name)) return &each.value;
  }
  return nullptr;
}

}  // namespace carbon
