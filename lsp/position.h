#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace carbon::lsp {

/// What `character` of a position counts.
enum class PositionEncoding : std::uint8_t { utf8, utf16 };

/// A place in a text as the protocol says it; both count from 0.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

struct Range {
  Position start;
  Position end;
};

/// Byte offsets and positions of one text, which must outlive it. Lines end with LF, CRLF or CR, as the
/// protocol wants it. O(n) to make; both directions O(log lines + length of the line).
class TextLines {
 public:
  TextLines(std::string_view text, PositionEncoding encoding);

  /// The byte offset; a position behind the end of its line or of the text is that end, one inside a code
  /// point its start.
  [[nodiscard]] std::size_t offset(Position position) const;
  [[nodiscard]] Position position(std::size_t offset) const;

 private:
  std::string_view text_;
  PositionEncoding encoding_;
  std::vector<std::size_t> starts_;
};

}  // namespace carbon::lsp
