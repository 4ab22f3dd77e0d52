#include "dsl/syntax/removal.h"

#include <string_view>

namespace carbon {

namespace {

constexpr std::string_view blanks = " \t\r";

/// The first place from `at` on that is no blank.
std::size_t skip(std::string_view text, std::size_t at) {
  std::size_t found = text.find_first_not_of(blanks, at);
  return found == std::string_view::npos ? text.size() : found;
}

}  // namespace

SourceSpan removal_span(const SourceMap& sources, SourceSpan item) {
  const SourceMap::File* file = sources.find(item.begin);
  if (file == nullptr) return item;
  std::string_view text = file->text;
  std::size_t begin = item.begin - file->base;
  std::size_t end = item.end - file->base;
  std::size_t before = begin;  // behind the last thing that is no blank
  while (before > 0 && blanks.find(text[before - 1]) != std::string_view::npos) --before;
  std::size_t behind = skip(text, end);
  bool comma = behind < text.size() && text[behind] == ',';
  if (comma) behind = skip(text, behind + 1);
  bool first = before == 0 || text[before - 1] == '\n';
  bool last = behind == text.size() || text[behind] == '\n';
  if (first && last) {
    begin = before;
    end = behind == text.size() ? behind : behind + 1;
  } else if (comma) {
    end = behind;
  } else if (before > 0 && text[before - 1] == ',') {
    begin = before - 1;
  }
  return {static_cast<std::uint32_t>(file->base + begin), static_cast<std::uint32_t>(file->base + end)};
}

}  // namespace carbon
