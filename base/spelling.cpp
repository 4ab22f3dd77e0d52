#include "base/spelling.h"

#include <algorithm>

namespace carbon {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back(b.size() + 1), before(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + cost});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
    std::swap(two_back, before);
    std::swap(before, row);
  }
  return before[b.size()];
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::size_t limit = 1 + word.size() / 4;
  std::size_t best = limit + 1;
  std::string_view found;
  bool unique = false;
  for (std::string_view candidate : candidates) {
    std::size_t longer = std::max(candidate.size(), word.size());
    std::size_t shorter = std::min(candidate.size(), word.size());
    if (candidate == word || longer - shorter > limit) continue;
    std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
      unique = true;
    } else if (distance == best && candidate != found) {
      unique = false;
    }
  }
  return unique ? found : std::string_view{};
}

namespace {
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
}  // namespace

std::string kebab(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_upper(c)) {
      bool new_word = i > 0 && is_lower_or_digit(text[i - 1]);
      if (new_word && !out.empty() && out.back() != '-') out.push_back('-');
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (is_lower_or_digit(c) || c == '.') {
      out.push_back(c);
    } else if (!out.empty() && out.back() != '-') {
      out.push_back('-');
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

bool is_dns_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

}  // namespace carbon
