#include "lsp/position.h"

#include <algorithm>

#include "base/utf8.h"

namespace carbon::lsp {

namespace {

/// How many units of the encoding a code point of so many UTF-8 bytes takes.
std::uint32_t units(PositionEncoding encoding, std::size_t bytes) {
  switch (encoding) {
    case PositionEncoding::utf8: return static_cast<std::uint32_t>(bytes);
    case PositionEncoding::utf16: return bytes == 4 ? 2 : 1;
  }
  return 1;
}

}  // namespace

TextLines::TextLines(std::string_view text, PositionEncoding encoding)
    : text_(text), encoding_(encoding), starts_{0} {
  for (std::size_t at = text.find_first_of("\r\n"); at != std::string_view::npos;
       at = text.find_first_of("\r\n", at)) {
    at += text.substr(at).starts_with("\r\n") ? 2u : 1u;
    starts_.push_back(at);
  }
}

std::size_t TextLines::offset(Position position) const {
  if (position.line >= starts_.size()) return text_.size();
  std::size_t at = starts_[position.line];
  std::uint32_t column = 0;
  while (at < text_.size() && text_[at] != '\n' && text_[at] != '\r' && column < position.character) {
    std::size_t bytes = utf8::decode(text_.substr(at)).length;
    column += units(encoding_, bytes);
    if (column > position.character) break;
    at += bytes;
  }
  return at;
}

Position TextLines::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  auto line = static_cast<std::size_t>(after - starts_.begin()) - 1;
  std::uint32_t column = 0;
  for (std::size_t at = starts_[line]; at < offset;) {
    std::size_t bytes = utf8::decode(text_.substr(at)).length;
    column += units(encoding_, bytes);
    at += bytes;
  }
  return {static_cast<std::uint32_t>(line), column};
}

}  // namespace carbon::lsp
