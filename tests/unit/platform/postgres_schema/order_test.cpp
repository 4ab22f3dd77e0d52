#include "platform/postgres_schema/order.h"

#include <doctest/doctest.h>

using carbon::postgres::Ordering;

TEST_CASE("needs come first, then rank, then number") {
  Ordering ordering(5);
  for (std::size_t at : {0U, 1U, 2U, 3U}) ordering.include(at, at == 0 ? 9 : 1);
  ordering.add_need(1, 3);
  ordering.add_need(1, 4);  // takes no part
  ordering.add_need(2, 2);
  CHECK(ordering.sort().sorted == std::vector<std::size_t>{2, 3, 1, 0});
}

TEST_CASE("a circle is told, with what waits for it") {
  Ordering ordering(4);
  for (std::size_t at : {0U, 1U, 2U, 3U}) ordering.include(at, 0);
  ordering.add_need(0, 1);
  ordering.add_need(1, 0);
  ordering.add_need(2, 1);
  Ordering::Order order = ordering.sort();
  CHECK(order.sorted == std::vector<std::size_t>{3});
  CHECK(order.circular == std::vector<std::size_t>{0, 1, 2});
}
