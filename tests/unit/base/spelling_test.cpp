#include "base/spelling.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("edit distance counts a swap of neighbours once") {
  CHECK(edit_distance("lifecyle", "lifecycle") == 1);
  CHECK(edit_distance("nmae", "name") == 1);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("only a unique nearest word is suggested") {
  CHECK(nearest("lifecyle", {"lifecycle", "name"}) == "lifecycle");
  CHECK(nearest("foa", {"foo", "fob"}).empty());
  CHECK(nearest("replicas", {"selector"}).empty());
}

TEST_CASE("kebab case of addresses") {
  CHECK(kebab("DataSource_x") == "data-source-x");
  CHECK(kebab("pg_main") == "pg-main");
  CHECK(kebab("_a__b_") == "a-b");
}

TEST_CASE("DNS labels by RFC 1123") {
  CHECK(is_dns_label("a-1"));
  CHECK_FALSE(is_dns_label("-a"));
  CHECK_FALSE(is_dns_label("A"));
  CHECK_FALSE(is_dns_label(std::string(64, 'a')));
}
