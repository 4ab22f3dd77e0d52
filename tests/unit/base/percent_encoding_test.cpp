#include "base/percent_encoding.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("only unreserved characters stand as they are") {
  CHECK(percent_encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encoded("a b/c?d=e&f%") == "a%20b%2Fc%3Fd%3De%26f%25");
  CHECK(percent_encoded("\xC3\xA4") == "%C3%A4");
  CHECK(percent_encoded("\xC3\xA4/", HexCase::lower) == "%c3%a4%2f");
  CHECK(percent_encoded(std::string_view("\0", 1)) == "%00");
  CHECK(percent_encoded("").empty());
}
