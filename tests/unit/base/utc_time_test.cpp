#include "base/utc_time.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("a time is in UTC, to the second") {
  CHECK(utc_time(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_time(1'709'210'096'999'999'999) == "2024-02-29T12:34:56Z");
}
