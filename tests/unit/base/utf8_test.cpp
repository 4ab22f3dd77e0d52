#include "base/utf8.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("only the UTF-8 of RFC 3629 is valid") {
  CHECK(utf8::decode("\xC3\xA9").code_point == 0xE9);
  CHECK_FALSE(utf8::decode("\xC0\xAF").valid);          // overlong
  CHECK_FALSE(utf8::decode("\xED\xA0\x80").valid);      // surrogate
  CHECK_FALSE(utf8::decode("\xF4\x90\x80\x80").valid);  // above U+10FFFF
  for (std::string_view overlong : {"\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"})
    CHECK_FALSE(utf8::decode(overlong).valid);
  CHECK(utf8::decode("\xE0\xA0\x80").code_point == 0x800);
  CHECK(utf8::decode("\xF0\x90\x80\x80").code_point == 0x10000);
  for (std::string_view broken : {"\xC3(", "\xE2(\xA1", "\xE2\x82(", "\xE2\x82\xC3", "\xF0\x9F\x98("})
    CHECK_FALSE(utf8::decode(broken).valid);
  CHECK_FALSE(
      utf8::decode(std::string_view("\xE2\x82\xAC", 2)).valid);  // cut: what follows is not of the text
  CHECK(utf8::first_invalid("ab\xFFz") == 2);
  CHECK(utf8::count("aé€😀") == 4);
}

TEST_CASE("append gives back what decode reads") {
  for (char32_t c : {U'a', U'é', U'€', U'😀'}) {
    std::string text;
    utf8::append(text, c);
    CHECK(utf8::decode(text).code_point == c);
    CHECK(utf8::decode(text).length == text.size());
  }
}

TEST_CASE("a text is cut between code points") {
  CHECK(utf8::cut("aé€😀", 4) == "aé€😀");
  CHECK(utf8::cut("aé€😀", 3) == "aé…");
  CHECK(utf8::cut("aé€😀", 1) == "…");
  CHECK(utf8::cut("", 1).empty());
}
