#include "dsl/check/required_version.h"

#include <doctest/doctest.h>

using carbon::version_fits;

TEST_CASE("a version is compared part by part, and what it leaves out is 0") {
  CHECK(*version_fits("0.2.0", ">= 0.2"));
  CHECK(*version_fits("0.10.0", "> 0.9.9"));
  CHECK(*version_fits("1.2.3", "= 1.2.3"));
  CHECK(*version_fits("1.2.3", ">=1, <2"));
  CHECK_FALSE(*version_fits("1.2.3", "= 1.2"));
  CHECK_FALSE(*version_fits("2.0.0", ">= 1, < 2"));
  CHECK_FALSE(*version_fits("0.1.9", ">= 0.2"));
  CHECK_FALSE(*version_fits("0.2.1", "<= 0.2"));
}

TEST_CASE("what is no demand is an error") {
  for (const char* text :
       {"", "0.2", ">=", ">= a", ">= 1.2.3.4", "~> 1", ">= 1,", ">= 1..2", ">= 99999999999"})
    CHECK_FALSE(version_fits("0.2.0", text));
}
