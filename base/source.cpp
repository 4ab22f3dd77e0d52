#include "base/source.h"

#include <algorithm>

namespace carbon {

std::uint32_t SourceMap::add(std::string path, std::string text) {
  File file{std::move(path), std::move(text), next_, {0}};
  for (std::size_t at = file.text.find('\n'); at != std::string::npos; at = file.text.find('\n', at + 1)) {
    file.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
  // One byte of space behind each file, so that a span at the very end still belongs to it alone.
  next_ += static_cast<std::uint32_t>(file.text.size()) + 1;
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

const SourceMap::File* SourceMap::find(std::uint32_t offset) const {
  if (offset == 0 || offset >= next_) return nullptr;
  auto after = std::upper_bound(files_.begin(), files_.end(), offset,
                                [](std::uint32_t at, const File& file) { return at < file.base; });
  return &*(after - 1);
}

namespace {

std::size_t line_index(const SourceMap::File& file, std::uint32_t relative) {
  auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), relative);
  return static_cast<std::size_t>(after - file.line_starts.begin()) - 1;
}

std::string_view line_text(const SourceMap::File& file, std::size_t index) {
  std::uint32_t begin = file.line_starts[index];
  std::size_t end = file.text.find('\n', begin);
  if (end == std::string::npos) end = file.text.size();
  if (end > begin && file.text[end - 1] == '\r') --end;
  return std::string_view(file.text).substr(begin, end - begin);
}

bool starts_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

}  // namespace

SourceLocation SourceMap::locate(std::uint32_t offset) const {
  const File* file = find(offset);
  if (file == nullptr) return {};
  std::uint32_t relative = offset - file->base;
  std::size_t index = line_index(*file, relative);
  std::uint32_t begin = file->line_starts[index];
  std::string_view before = std::string_view(file->text).substr(begin, relative - begin);
  auto column = std::count_if(before.begin(), before.end(), starts_code_point) + 1;
  return {file->path, static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(column)};
}

std::string_view SourceMap::text(SourceSpan span) const {
  const File* file = find(span.begin);
  if (file == nullptr) return {};
  return std::string_view(file->text).substr(span.begin - file->base, span.size());
}

std::string_view SourceMap::line(std::uint32_t offset) const {
  const File* file = find(offset);
  if (file == nullptr) return {};
  return line_text(*file, line_index(*file, offset - file->base));
}

}  // namespace carbon
