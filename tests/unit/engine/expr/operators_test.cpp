#include "engine/expr/operators.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;
using Op = Operator;
using Failure = std::pair<std::string, const Expr*>;

namespace {}  // namespace

TEST_CASE("ints are 64-bit and never wrap") {
  ExprBuilder p;
  auto show = [&](std::int64_t a, Op op, std::int64_t b) {
    return p.show(p.binary(p.integer(a), op, p.integer(b)));
  };
  CHECK(show(7, Op::add, -9) == "-2");
  CHECK(show(7, Op::subtract, 9) == "-2");
  CHECK(show(7, Op::multiply, 9) == "63");
  CHECK(show(-7, Op::divide, 2) == "-3");
  CHECK(show(-7, Op::remainder, 2) == "-1");
  CHECK(show(7, Op::remainder, -2) == "1");
  CHECK(show(INT64_MIN, Op::remainder, -1) == "0");
  CHECK(show(9, Op::divide, -1) == "-9");
  for (auto [a, op, b] :
       {std::tuple{INT64_MAX, Op::add, std::int64_t{1}}, std::tuple{INT64_MIN, Op::subtract, std::int64_t{1}},
        std::tuple{INT64_MAX, Op::multiply, std::int64_t{2}},
        std::tuple{INT64_MIN, Op::divide, std::int64_t{-1}}}) {
    const Expr& sum = p.binary(p.integer(a), op, p.integer(b));
    CHECK(p.error(sum).first == "C0210");
  }
  const Expr& zero = p.integer(0);
  CHECK(p.error(p.binary(p.integer(1), Op::divide, zero)) == Failure{"C0210", &zero});
  CHECK(p.error(p.binary(p.integer(1), Op::remainder, zero)) == Failure{"C0210", &zero});
  const Expr& lowest = p.unary(Op::negate, p.integer(INT64_MIN));
  CHECK(p.error(lowest) == Failure{"C0210", &lowest});
  CHECK(p.show(p.unary(Op::negate, p.integer(5))) == "-5");
}

TEST_CASE("floats stay finite, and mix with ints only as literals") {
  ExprBuilder p;
  CHECK(p.show(p.binary(p.number(0.5), Op::add, p.number(0.25))) == "0.75");
  CHECK(p.show(p.binary(p.number(0.5), Op::multiply, p.integer(3))) == "1.5");
  CHECK(p.show(p.binary(p.integer(1), Op::divide, p.number(4))) == "0.25");
  CHECK(p.show(p.binary(p.unary(Op::negate, p.integer(1)), Op::less, p.number(0))) == "true");
  CHECK(p.error(p.binary(p.number(1e308), Op::multiply, p.number(10))).first == "C0210");
  const Expr& zero = p.number(0);
  CHECK(p.error(p.binary(p.number(1), Op::divide, zero)) == Failure{"C0210", &zero});
  CHECK(p.error(p.binary(p.number(1), Op::remainder, p.number(2))).first == "C0208");
  p.frame.slots = {Value::integer(2)};
  const Expr& mixed = p.binary(p.number(1), Op::add, p.slot(0));
  CHECK(p.error(mixed) == Failure{"C0208", &mixed});
  // The literal becomes a float for an unknown float too.
  const Expr& unknown = p.typed(p.unknown("a", "load"), p.types.basic(TypeKind::floating));
  Result<Value> open = p.run(p.binary(unknown, Op::add, p.integer(2)));
  p.world = {{"a.load", Value::floating(0.5)}};
  CHECK(to_json(*p.close(*open)) == "2.5");
}

TEST_CASE("units: one unit adds, numbers scale, unit by unit is a float") {
  ExprBuilder p;
  auto show = [&](const Expr& a, Op op, const Expr& b) { return p.show(p.binary(a, op, b)); };
  CHECK(show(p.units("1Gi"), Op::add, p.units("512Mi")) == "\"1536Mi\"");
  CHECK(show(p.units("1Gi"), Op::subtract, p.units("512Mi")) == "\"512Mi\"");
  CHECK(show(p.units("1Gi"), Op::multiply, p.integer(3)) == "\"3Gi\"");
  CHECK(show(p.integer(3), Op::multiply, p.units("1Gi")) == "\"3Gi\"");
  CHECK(show(p.units("1Gi"), Op::multiply, p.number(0.5)) == "\"512Mi\"");
  // A tenth is a tenth, although no double is.
  CHECK(show(p.units("10G"), Op::multiply, p.number(0.1)) == "\"1G\"");
  CHECK(show(p.units("1G"), Op::divide, p.number(0.1)) == "\"10G\"");
  CHECK(show(p.units("1Gi"), Op::divide, p.integer(4)) == "\"256Mi\"");
  CHECK(show(p.units("1Gi"), Op::divide, p.units("512Mi")) == "2.0");
  CHECK(show(p.time("1h"), Op::add, p.time("30m")) == "\"1h30m0s\"");
  CHECK(show(p.time("1h"), Op::multiply, p.number(1.5)) == "\"1h30m0s\"");
  CHECK(show(p.time("1h"), Op::divide, p.time("30m")) == "2.0");
  CHECK(p.show(p.unary(Op::negate, p.time("1h"))) == "\"-1h0m0s\"");
  CHECK(p.show(p.unary(Op::negate, p.units("1Gi"))) == "\"-1Gi\"");
}

TEST_CASE("units are exact, and fit, or there is an error") {
  ExprBuilder p;
  auto code = [&](const Expr& a, Op op, const Expr& b) { return p.error(p.binary(a, op, b)).first; };
  CHECK(code(p.units("1Gi"), Op::divide, p.integer(3)) == "C0210");
  CHECK(code(p.time("1h"), Op::divide, p.integer(7)) == "C0210");
  CHECK(code(p.time("1h"), Op::multiply, p.number(1e-30)) == "C0210");
  CHECK(code(p.time("100000h"), Op::multiply, p.integer(1'000'000)) == "C0210");
  CHECK(code(p.units("8Ei"), Op::multiply, p.number(1e18)) == "C0210");
  CHECK(code(p.units("8Ei"), Op::multiply, p.number(1e300)) == "C0210");
  const Expr& zero = p.integer(0);
  CHECK(p.error(p.binary(p.units("1Gi"), Op::divide, zero)) == Failure{"C0210", &zero});
  const Expr& none = p.units("0");
  CHECK(p.error(p.binary(p.units("1Gi"), Op::divide, none)) == Failure{"C0210", &none});
  CHECK(code(p.units("1Gi"), Op::add, p.time("1h")) == "C0208");
  CHECK(code(p.units("1Gi"), Op::multiply, p.units("1Gi")) == "C0208");
  CHECK(code(p.integer(3), Op::divide, p.units("1Gi")) == "C0208");
  CHECK(code(p.units("1Gi"), Op::add, p.integer(1)) == "C0208");
  // Half a byte only matters where the type is bytes.
  const Expr& half = p.binary(p.units("3"), Op::divide, p.integer(2));
  CHECK(p.show(half) == "\"1500m\"");
  const Expr& bytes = p.typed(half, p.types.basic(TypeKind::bytes));
  CHECK(p.error(bytes) == Failure{"C0210", &bytes});
}

TEST_CASE("+ joins strings and lists, and nothing else") {
  ExprBuilder p;
  CHECK(p.show(p.binary(p.text("a"), Op::add, p.text("b"))) == "\"ab\"");
  CHECK(p.show(p.binary(p.list({&p.integer(1)}), Op::add, p.list({&p.text("b")}))) == R"([1,"b"])");
  const Expr& mixed = p.binary(p.text("a"), Op::add, p.integer(1));
  CHECK(p.error(mixed) == Failure{"C0208", &mixed});
  CHECK(p.error(p.binary(p.record({}), Op::add, p.record({}))).first == "C0208");
  CHECK(p.error(p.binary(p.null(), Op::add, p.text("x"))).first == "C0208");
}

TEST_CASE("secrets join text; anything else on them is refused") {
  ExprBuilder p;
  const Expr& secret = p.secret();
  CHECK(p.run(p.binary(secret, Op::add, p.text("x")))->is_secret());
  CHECK(p.run(p.binary(p.unknown("a", "b"), Op::add, secret))->is_secret());
  CHECK(p.error(p.binary(secret, Op::add, p.integer(1))) == Failure{"C0503", &secret});
  CHECK(p.show(p.binary(p.list({&secret}), Op::add, p.list({}))) == "[\"(secret)\"]");
  for (Op op : {Op::equal, Op::not_equal, Op::less, Op::subtract, Op::multiply, Op::in}) {
    CAPTURE(to_string(op));
    CHECK(p.error(p.binary(secret, op, p.list({}))) == Failure{"C0503", &secret});
  }
  CHECK(p.error(p.binary(p.list({&secret}), Op::equal, p.list({}))).first == "C0503");
  CHECK(p.error(p.unary(Op::negate, secret)) == Failure{"C0503", &secret});
  // Whether there is a secret is not its content.
  CHECK(p.show(p.binary(secret, Op::not_equal, p.null())) == "true");
  CHECK(p.run(p.binary(secret, Op::coalesce, p.text("x")))->is_secret());
}

TEST_CASE("== is deep and by value") {
  ExprBuilder p;
  auto equal = [&](const Expr& a, const Expr& b) { return p.show(p.binary(a, Op::equal, b)); };
  CHECK(equal(p.units("1024Mi"), p.units("1Gi")) == "true");
  CHECK(equal(p.list({&p.integer(1), &p.text("a")}), p.list({&p.integer(1), &p.text("a")})) == "true");
  const Expr& ab = p.record({&p.field("a", p.integer(1)), &p.field("b", p.integer(2))});
  const Expr& ba = p.record({&p.field("b", p.integer(2)), &p.field("a", p.integer(1))});
  CHECK(equal(ab, ba) == "true");
  CHECK(equal(p.text("1"), p.integer(1)) == "false");
  CHECK(equal(p.null(), p.null()) == "true");
  CHECK(p.show(p.binary(ab, Op::not_equal, p.null())) == "true");
  CHECK(p.run(p.binary(p.unknown("a", "b"), Op::equal, p.null()))->is_unknown());
  CHECK(p.show(p.binary(p.list({&p.unknown("a", "b")}), Op::equal, p.null())) == "false");
  CHECK(p.run(p.binary(p.list({&p.unknown("a", "b")}), Op::equal, p.list({})))->is_unknown());
}

TEST_CASE("order is defined on numbers, units and strings") {
  ExprBuilder p;
  auto show = [&](const Expr& a, Op op, const Expr& b) { return p.show(p.binary(a, op, b)); };
  CHECK(show(p.integer(1), Op::less, p.integer(2)) == "true");
  CHECK(show(p.integer(2), Op::less_equal, p.integer(2)) == "true");
  CHECK(show(p.number(2), Op::greater, p.number(2.5)) == "false");
  CHECK(show(p.units("1Gi"), Op::greater_equal, p.units("1G")) == "true");
  CHECK(show(p.time("1h"), Op::less, p.time("90m")) == "true");
  CHECK(show(p.text("B"), Op::less, p.text("a")) == "true");
  const Expr& lists = p.binary(p.list({}), Op::less, p.list({}));
  CHECK(p.error(lists) == Failure{"C0208", &lists});
  CHECK(p.error(p.binary(p.integer(1), Op::less, p.text("a"))).first == "C0208");
}

TEST_CASE("in looks at items and keys") {
  ExprBuilder p;
  const Expr& list = p.list({&p.text("a"), &p.unknown("x", "y")});
  const Expr& record = p.record({&p.field("a", p.unknown("x", "y")), &p.field("8", p.secret())});
  auto show = [&](const Expr& a, Op op, const Expr& b) { return p.show(p.binary(a, op, b)); };
  CHECK(show(p.text("a"), Op::in, list) == "true");
  CHECK(show(p.text("a"), Op::not_in, list) == "false");
  CHECK(p.run(p.binary(p.text("b"), Op::in, list))->is_unknown());
  CHECK(p.run(p.binary(p.text("b"), Op::not_in, list))->term().function == "not in");
  CHECK(show(p.text("a"), Op::in, record) == "true");
  CHECK(show(p.integer(8), Op::in, record) == "true");
  CHECK(show(p.text("b"), Op::not_in, record) == "true");
  CHECK(p.run(p.binary(p.unknown("x", "y"), Op::in, record))->is_unknown());
  CHECK(p.error(p.binary(p.text("b"), Op::in, p.text("abc"))).first == "C0208");
  CHECK(p.error(p.binary(p.text("b"), Op::in, p.list({&p.secret()}))).first == "C0503");
}
