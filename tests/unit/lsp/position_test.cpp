#include "lsp/position.h"

#include <doctest/doctest.h>

#include <string_view>

using carbon::lsp::Position;
using carbon::lsp::PositionEncoding;
using carbon::lsp::TextLines;

TEST_CASE("columns count UTF-16 units or bytes") {
  // a, ü (2 bytes, 1 unit), 𝄞 (4 bytes, 2 units), b
  std::string_view text = "aü𝄞b\nc";
  TextLines bytes(text, PositionEncoding::utf8);
  TextLines units(text, PositionEncoding::utf16);
  CHECK(bytes.position(7) == Position{0, 7});
  CHECK(units.position(7) == Position{0, 4});
  CHECK(bytes.offset({0, 7}) == 7);
  CHECK(units.offset({0, 4}) == 7);
  CHECK(units.offset({1, 1}) == 10);
}

TEST_CASE("a position inside a code point is its start") {
  std::string_view text = "𝄞b";
  CHECK(TextLines(text, PositionEncoding::utf16).offset({0, 1}) == 0);
  CHECK(TextLines(text, PositionEncoding::utf8).offset({0, 3}) == 0);
}

TEST_CASE("a position behind the end of a line or text is that end") {
  TextLines lines("ab\r\ncd", PositionEncoding::utf16);
  CHECK(lines.offset({0, 99}) == 2);
  CHECK(lines.offset({1, 99}) == 6);
  CHECK(lines.offset({99, 0}) == 6);
  CHECK(lines.position(99) == Position{1, 2});
}

TEST_CASE("lines end with LF, CRLF or CR") {
  TextLines lines("a\rb\r\nc\nd", PositionEncoding::utf16);
  CHECK(lines.position(2) == Position{1, 0});
  CHECK(lines.position(5) == Position{2, 0});
  CHECK(lines.position(7) == Position{3, 0});
}

TEST_CASE("every offset of a text comes back from its position") {
  std::string_view text = "let ü = \"𝄞\"\r\n\n# ok\n";
  for (PositionEncoding encoding : {PositionEncoding::utf8, PositionEncoding::utf16}) {
    TextLines lines(text, encoding);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      bool boundary = at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
      bool between = at > 0 && text[at - 1] == '\r';  // inside CRLF is no place
      if (boundary && !between) CHECK(lines.offset(lines.position(at)) == at);
    }
  }
}

TEST_CASE("invalid UTF-8 counts a unit a byte") {
  TextLines lines(
      "\xff\xfe"
      "b",
      PositionEncoding::utf16);
  CHECK(lines.position(2) == Position{0, 2});
  CHECK(lines.offset({0, 2}) == 2);
}
