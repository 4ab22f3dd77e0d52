#include <doctest/doctest.h>

#include "tests/unit/stdlib/native/calling.h"

using namespace carbon;

TEST_CASE("addresses of a range") {
  CHECK(shown("cidr_host", {"10.0.0.0/8"_v, 5_v}) == "\"10.0.0.5\"");
  CHECK(shown("cidr_host", {"10.1.2.3/8"_v, 256_v}) == "\"10.0.1.0\"");
  CHECK(shown("cidr_host", {"10.0.0.0/30"_v, 3_v}) == "\"10.0.0.3\"");
  CHECK(shown("cidr_host", {"10.0.0.0/30"_v, 4_v}) == "C0216");
  CHECK(shown("cidr_host", {"10.0.0.0/8"_v, Value::integer(-1)}) == "\"10.255.255.255\"");
  CHECK(shown("cidr_host", {"10.0.0.0/8"_v, Value::integer(-257)}) == "\"10.255.254.255\"");
  CHECK(shown("cidr_host", {"10.0.0.0/30"_v, Value::integer(-5)}) == "C0216");
  CHECK(shown("cidr_host", {"0.0.0.0/0"_v, Value::integer(-4294967297)}) == "C0216");
  CHECK(shown("cidr_host", {"2001:db8::/64"_v, 17_v}) == "\"2001:db8::11\"");
  CHECK(shown("cidr_host", {"10.0.0.1/32"_v, 0_v}) == "\"10.0.0.1\"");
  CHECK(shown("cidr_host", {"10.0.0.1"_v, 0_v}) == "C0216");
}

TEST_CASE("parts of a range") {
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, 8_v, 2_v}) == "\"10.2.0.0/16\"");
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, 4_v, 15_v}) == "\"10.240.0.0/12\"");
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, 4_v, 16_v}) == "C0216");
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, 25_v, 0_v}) == "C0216");
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, Value::integer(-1), 0_v}) == "C0216");
  CHECK(shown("cidr_subnet", {"10.0.0.0/8"_v, 0_v, 0_v}) == "\"10.0.0.0/8\"");
  CHECK(shown("cidr_subnet", {"2001:db8::/32"_v, 16_v, 10_v}) == "\"2001:db8:a::/48\"");
  CHECK(shown("cidr_subnet", {"x"_v, 0_v, 0_v}) == "C0216");
}
