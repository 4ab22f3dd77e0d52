#include "lsp/locator.h"

#include "lsp/json.h"

namespace carbon::lsp {

Value to_value(Position position) {
  return json::object({json::field("line", json::number(position.line)),
                       json::field("character", json::number(position.character))});
}

Value to_value(Range range) {
  return json::object({json::field("start", to_value(range.start)), json::field("end", to_value(range.end))});
}

const TextLines& Locator::lines(const SourceMap::File& file) {
  auto found = lines_.find(&file);
  if (found == lines_.end()) found = lines_.emplace(&file, TextLines(file.text, encoding_)).first;
  return found->second;
}

Range Locator::range(SourceSpan span) {
  const SourceMap::File* file = analysis_.sources->find(span.begin);
  if (file == nullptr) return {};
  const TextLines& known = lines(*file);
  return {known.position(span.begin - file->base), known.position(span.end - file->base)};
}

std::string Locator::uri(SourceSpan span) const {
  const SourceMap::File* file = analysis_.sources->find(span.begin);
  std::string path = file == nullptr ? "" : analysis_.path_of(*file);
  return path.empty() ? "" : documents_.uri_of(path);
}

std::optional<Value> Locator::location(SourceSpan span) {
  std::string found = uri(span);
  if (found.empty()) return std::nullopt;
  return json::object({json::field("uri", json::text(found)), json::field("range", to_value(range(span)))});
}

std::uint32_t Locator::offset(const SourceMap::File& file, Position position) {
  return file.base + static_cast<std::uint32_t>(lines(file).offset(position));
}

}  // namespace carbon::lsp
