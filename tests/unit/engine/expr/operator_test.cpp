#include <doctest/doctest.h>

#include "engine/expr/expr.h"

using namespace carbon;

TEST_CASE("operators are named as they are written") {
  CHECK(to_string(Operator::not_in) == "not in");
  CHECK(to_string(Operator::coalesce) == "??");
  CHECK(to_string(Operator::negate) == "-");
}
