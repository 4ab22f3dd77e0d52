#include "base/base64.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("the test vectors of RFC 4648") {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(base64_encode(plain) == encoded);
    CHECK(base64_decode(encoded) == plain);
  }
}

TEST_CASE("every byte survives") {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  CHECK(base64_decode(base64_encode(all)) == all);
  CHECK(base64url_decode(base64url_encode(all)) == all);
  CHECK(base64url_encode("\xfb\xff") == "-_8");
  CHECK(hex_encode(std::string_view("\x00\xff", 2)) == "00ff");
}

TEST_CASE("decoding is strict but for line ends") {
  CHECK(base64_decode("Zm9v\r\nYmFy") == "foobar");
  for (std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "Zm8==", "=Zg=", "Zg==Zg==", "Z g=", "Zm9-"}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text));
  }
}
