#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;
using Op = Operator;
using Failure = std::pair<std::string, const Expr*>;

TEST_CASE("lists: spread, guards and trailing if") {
  ExprBuilder p;
  const Expr& spread = p.node(ExprKind::spread, {&p.list({&p.integer(1), &p.integer(2)})});
  const Expr& no = p.node(ExprKind::guarded, {&p.integer(9), &p.flag(false)});
  const Expr& yes = p.node(ExprKind::guarded, {&p.integer(3), &p.flag(true)});
  const Expr& unspread = p.node(ExprKind::spread, {&p.null(), &p.flag(false)});
  CHECK(p.show(p.list({&spread, &no, &yes, &unspread})) == "[1,2,3]");
  const Expr& null = p.null();
  CHECK(p.error(p.list({&p.node(ExprKind::spread, {&null})})) == Failure{"C0201", &null});
  const Expr& secret = p.secret();
  CHECK(p.error(p.list({&p.node(ExprKind::spread, {&secret})})) == Failure{"C0503", &secret});
  const Expr& unknown = p.unknown("a", "b");
  CHECK(p.error(p.list({&p.node(ExprKind::guarded, {&p.integer(1), &unknown})})) ==
        Failure{"C0401", &unknown});
}

TEST_CASE("an unknown spread leaves the whole to apply") {
  ExprBuilder p;
  const Expr& spread = p.node(ExprKind::spread, {&p.unknown("a", "hosts")});
  Result<Value> open = p.run(p.list({&p.integer(1), &spread, &p.integer(2)}));
  REQUIRE(open->is_unknown());
  p.world = {{"a.hosts", Value::list({Value::integer(7)})}};
  CHECK(to_json(*p.close(*open)) == "[1,7,2]");
  const Expr& field = p.node(ExprKind::spread, {&p.unknown("a", "labels")});
  open = p.run(p.record({&p.field("x", p.integer(1)), &field, &p.field("y", p.integer(2))}));
  REQUIRE(open->is_unknown());
  p.world = {{"a.labels", Value::map({{Value::string("x"), Value::integer(9)}})}};
  CHECK(to_json(*p.close(*open)) == R"({"x":9,"y":2})");
}

TEST_CASE("records keep written order; later spreads win; a field may be left out") {
  ExprBuilder p;
  const Expr& base = p.record({&p.field("a", p.integer(1)), &p.field("b", p.integer(2))});
  const Expr& spread = p.node(ExprKind::spread, {&base});
  CHECK(p.show(p.record({&spread, &p.field("a", p.integer(5))})) == R"({"a":5,"b":2})");
  CHECK(p.show(p.record({&p.field("z", p.integer(1)), &p.field("y", p.integer(2), &p.flag(false))})) ==
        R"({"z":1})");
  const Expr& list = p.list({});
  CHECK(p.error(p.record({&p.node(ExprKind::spread, {&list})})) == Failure{"C0201", &list});
}

TEST_CASE("computed names are known strings, each once") {
  ExprBuilder p;
  auto computed = [&](const Expr& key) -> const Expr& {
    return p.node(ExprKind::computed_field, {&key, &p.integer(1)});
  };
  CHECK(p.show(p.record({&computed(p.text("a")), &computed(p.integer(8))})) == R"({"a":1,"8":1})");
  const Expr& again = p.text("a");
  CHECK(p.error(p.record({&computed(p.text("a")), &computed(again)})) == Failure{"C0214", &again});
  const Expr& unknown = p.unknown("a", "b");
  CHECK(p.error(p.record({&computed(unknown)})) == Failure{"C0401", &unknown});
  const Expr& secret = p.secret();
  CHECK(p.error(p.record({&computed(secret)})) == Failure{"C0503", &secret});
  const Expr& number = p.number(1);
  CHECK(p.error(p.record({&computed(number)})) == Failure{"C0201", &number});
}

TEST_CASE("lists are made from lists, sets, maps and records") {
  ExprBuilder p;
  auto over = [&](const Expr& collection, std::uint8_t variables, const Expr& element) {
    return p.show(p.comprehension(ExprKind::list_comprehension, variables, 5, {&collection, &element}));
  };
  const Expr& list = p.list({&p.text("x"), &p.text("y")});
  CHECK(over(list, 1, p.slot(5)) == R"(["x","y"])");
  CHECK(over(list, 2, p.list({&p.slot(5), &p.slot(6)})) == R"([[0,"x"],[1,"y"]])");
  const Expr& set = p.constant(Value::set({Value::string("b"), Value::string("a")}));
  CHECK(over(set, 1, p.slot(5)) == R"(["a","b"])");
  CHECK(over(set, 2, p.slot(5)) == R"(["a","b"])");
  const Expr& record = p.record({&p.field("z", p.integer(1)), &p.field("a", p.integer(2))});
  CHECK(over(record, 1, p.slot(5)) == "[1,2]");
  CHECK(over(record, 2, p.slot(5)) == R"(["z","a"])");
  const Expr& map = p.constant(
      Value::map({{Value::string("z"), Value::integer(1)}, {Value::string("a"), Value::integer(2)}}));
  CHECK(over(map, 2, p.slot(5)) == R"(["a","z"])");
}

TEST_CASE("comprehensions filter, nest and see outer names") {
  ExprBuilder p;
  p.frame.slots = {Value::integer(100)};
  const Expr& numbers = p.list({&p.integer(1), &p.integer(2), &p.integer(3)});
  const Expr& more = p.binary(p.slot(1), Op::greater, p.integer(1));
  CHECK(p.show(p.comprehension(ExprKind::list_comprehension, 1, 1,
                               {&numbers, &p.binary(p.slot(1), Op::add, p.slot(0)), &more})) == "[102,103]");
  const Expr& inner = p.comprehension(ExprKind::list_comprehension, 1, 2,
                                      {&numbers, &p.binary(p.slot(1), Op::multiply, p.slot(2))});
  CHECK(p.show(p.comprehension(ExprKind::list_comprehension, 1, 1, {&numbers, &inner})) ==
        "[[1,2,3],[2,4,6],[3,6,9]]");
}

TEST_CASE("maps by comprehension: sorted, keys once") {
  ExprBuilder p;
  const Expr& list = p.list({&p.text("b"), &p.text("a")});
  CHECK(p.show(p.comprehension(ExprKind::map_comprehension, 2, 0, {&list, &p.slot(1), &p.slot(0)})) ==
        R"({"a":1,"b":0})");
  CHECK(p.show(p.comprehension(ExprKind::map_comprehension, 2, 0, {&list, &p.slot(0), &p.slot(1)})) ==
        R"({"0":"b","1":"a"})");
  const Expr& constant = p.text("k");
  CHECK(p.error(p.comprehension(ExprKind::map_comprehension, 1, 0, {&list, &constant, &p.slot(0)})) ==
        Failure{"C0404", &constant});
  const Expr& unknown = p.unknown("edge", "id");
  const Expr& keyed = p.comprehension(ExprKind::map_comprehension, 1, 0, {&list, &unknown, &p.slot(0)});
  CHECK(p.error(keyed) == Failure{"C0401", &unknown});
  CHECK(p.show(keyed) == "C0401: a key must be known before apply, and `edge.id` is not");
}

TEST_CASE("what is repeated over must be there and known; its items need not be") {
  ExprBuilder p;
  auto over = [&](const Expr& collection) {
    return p.error(p.comprehension(ExprKind::list_comprehension, 1, 0, {&collection, &p.slot(0)}));
  };
  const Expr& unknown = p.unknown("a", "b");
  CHECK(over(unknown) == Failure{"C0401", &unknown});
  const Expr& secret = p.secret();
  CHECK(over(secret) == Failure{"C0503", &secret});
  const Expr& null = p.null();
  CHECK(over(null) == Failure{"C0205", &null});
  const Expr& number = p.integer(1);
  CHECK(over(number) == Failure{"C0201", &number});
  CHECK(over(p.list({&unknown, &secret})).first == "C0000");
  const Expr& set = p.constant(Value::set({Value::unknown_attribute("a", "b")}));
  CHECK(over(set) == Failure{"C0401", &set});
}
