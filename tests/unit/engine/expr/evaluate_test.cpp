#include "engine/expr/evaluate.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;
using Op = Operator;

namespace {

using Failure = std::pair<std::string, const Expr*>;

}  // namespace

TEST_CASE("names are looked up in frames, outwards") {
  ExprBuilder p;
  Frame outer{{Value::string("outer")}, nullptr};
  p.frame = {{Value::string("a"), Value::string("b")}, &outer};
  CHECK(p.show(p.slot(1)) == "\"b\"");
  CHECK(p.show(p.slot(0, 1)) == "\"outer\"");
}

TEST_CASE("every value says where it was written, the deeper place first") {
  ExprBuilder p;
  const Expr& item = p.integer(1);
  const Expr& list = p.list({&item});
  Result<Value> value = p.run(list);
  CHECK(value->origin() == list.span.begin);
  CHECK(value->items()[0].origin() == item.span.begin);
  p.frame.slots = {Value::integer(5).with_origin(900)};
  CHECK(p.run(p.slot(0))->origin() == 900);
  const Expr& field = p.field("a", p.integer(1));
  CHECK(p.run(p.record({&field}))->entries()[0].key.origin() == field.span.begin);
}

TEST_CASE("and, or and ?? evaluate their right side only when it decides") {
  ExprBuilder p;
  const Expr& fails = p.binary(p.integer(1), Op::divide, p.integer(0));
  const Expr& bad = p.binary(fails, Op::equal, p.integer(1));
  CHECK(p.show(p.binary(p.flag(false), Op::and_, bad)) == "false");
  CHECK(p.show(p.binary(p.flag(true), Op::or_, bad)) == "true");
  CHECK(p.show(p.binary(p.integer(1), Op::coalesce, bad)) == "1");
  CHECK(p.show(p.binary(p.flag(true), Op::and_, p.flag(false))) == "false");
  CHECK(p.show(p.binary(p.null(), Op::coalesce, p.integer(2))) == "2");
  CHECK(p.error(p.binary(p.flag(true), Op::and_, bad)).first == "C0210");
}

TEST_CASE("a right side that decides settles an unknown left side") {
  ExprBuilder p;
  const Expr& u = p.unknown("a", "ready");
  CHECK(p.show(p.binary(u, Op::and_, p.flag(false))) == "false");
  CHECK(p.show(p.binary(u, Op::or_, p.flag(true))) == "true");
  CHECK(p.run(p.binary(u, Op::and_, p.flag(true))) == Value::unknown_attribute("a", "ready"));
  Result<Value> open = p.run(p.binary(u, Op::and_, p.unknown("b", "ready")));
  CHECK(open->term().function == "and");
  CHECK(p.run(p.binary(u, Op::coalesce, p.integer(1)))->term().function == "??");
}

TEST_CASE("conditions must be known bools") {
  ExprBuilder p;
  const Expr& yes = p.integer(1);
  const Expr& no = p.integer(2);
  CHECK(p.show(p.node(ExprKind::conditional, {&p.flag(true), &yes, &no})) == "1");
  CHECK(p.show(p.node(ExprKind::conditional, {&p.flag(false), &yes, &no})) == "2");
  const Expr& unknown = p.unknown("edge", "status.ready");
  const Expr& open = p.node(ExprKind::conditional, {&unknown, &yes, &no});
  CHECK(p.error(open) == Failure{"C0401", &unknown});
  CHECK(p.show(open).find("`edge.status.ready`") != std::string::npos);
  const Expr& secret = p.secret();
  CHECK(p.error(p.node(ExprKind::conditional, {&secret, &yes, &no})) == Failure{"C0503", &secret});
  const Expr& number = p.integer(1);
  CHECK(p.error(p.node(ExprKind::conditional, {&number, &yes, &no})) == Failure{"C0201", &number});
  CHECK(p.error(p.binary(secret, Op::and_, p.flag(true))) == Failure{"C0503", &secret});
  CHECK(p.error(p.unary(Op::not_, number)) == Failure{"C0201", &number});
  CHECK(p.show(p.unary(Op::not_, p.flag(true))) == "false");
}

TEST_CASE("members: records and json give null for what is missing, maps with a type do not") {
  ExprBuilder p;
  const Expr& record = p.record({&p.field("host", p.text("db"))});
  CHECK(p.show(p.member(record, "host")) == "\"db\"");
  CHECK(p.show(p.member(record, "port")) == "null");
  Value object = Value::map({{Value::string("hots"), Value::integer(1)}});
  const Expr& json = p.typed(p.constant(object), p.types.basic(TypeKind::json));
  CHECK(p.show(p.member(json, "host")) == "null");
  CHECK(p.show(p.index(json, p.text("host"))) == "null");
  const Expr& map = p.typed(p.constant(object), p.types.map(p.types.basic(TypeKind::integer)));
  CHECK(p.error(p.member(map, "host")).first == "C0303");
  const Expr& key = p.text("host");
  const Expr& at = p.index(map, key);
  CHECK(p.error(at) == Failure{"C0303", &key});
  CHECK(p.run(at).error().diagnostic().helps[0].text == "did you mean `hots`?");
  const Expr& on_text = p.member(p.text("x"), "host");
  CHECK(p.error(on_text) == Failure{"C0201", &on_text});
}

TEST_CASE("?. passes null on; a plain member of null is an error") {
  ExprBuilder p;
  CHECK(p.show(p.member(p.null(), "x", ExprKind::safe_member)) == "null");
  const Expr& plain = p.member(p.null(), "x");
  CHECK(p.error(plain) == Failure{"C0205", &plain});
}

TEST_CASE("indexes of lists count from 0") {
  ExprBuilder p;
  const Expr& list = p.list({&p.text("a"), &p.text("b")});
  CHECK(p.show(p.index(list, p.integer(1))) == "\"b\"");
  const Expr& beyond = p.integer(2);
  CHECK(p.error(p.index(list, beyond)) == Failure{"C0303", &beyond});
  CHECK(p.error(p.index(list, p.integer(-1))).first == "C0303");
  CHECK(p.error(p.index(list, p.text("a"))).first == "C0201");
  const Expr& on_number = p.index(p.integer(1), p.integer(0));
  CHECK(p.error(on_number) == Failure{"C0201", &on_number});
  CHECK(p.error(p.index(p.null(), p.integer(0))).first == "C0205");
  const Expr& secret = p.secret();
  CHECK(p.error(p.index(list, secret)) == Failure{"C0503", &secret});
}

TEST_CASE("parts of an attribute are longer paths; of a secret, secrets") {
  ExprBuilder p;
  const Expr& status = p.unknown("main", "status");
  CHECK(p.run(p.member(status, "host")) == Value::unknown_attribute("main", "status.host"));
  CHECK(p.run(p.index(p.member(status, "data"), p.text("a.b"))) ==
        Value::unknown_attribute("main", R"(status.data["a.b"])"));
  CHECK(p.run(p.index(status, p.integer(0))) == Value::unknown_attribute("main", "status[0]"));
  CHECK(p.run(p.member(status, "x", ExprKind::safe_member))->term().function == "safe_member");
  CHECK(p.run(p.member(p.secret(), "x"))->is_secret());
  const Expr& reference = p.constant(Value::reference("main"));
  CHECK(p.run(p.member(reference, "host")) == Value::unknown_attribute("main", "host"));
}

TEST_CASE("text is joined by canonical form") {
  ExprBuilder p;
  auto text = [&](const Expr& part) {
    return p.show(p.node(ExprKind::interpolation, {&p.text("<"), &part}));
  };
  CHECK(text(p.flag(true)) == "\"<true\"");
  CHECK(text(p.integer(-5)) == "\"<-5\"");
  CHECK(text(p.number(1)) == "\"<1.0\"");
  CHECK(text(p.units("1.5Gi")) == "\"<1536Mi\"");
  CHECK(text(p.time("90m")) == "\"<1h30min\"");
  CHECK(text(p.constant(Value::decimal("1.10"))) == "\"<1.10\"");
  const Expr& null = p.null();
  CHECK(p.error(p.node(ExprKind::interpolation, {&null})) == Failure{"C0205", &null});
  const Expr& list = p.list({});
  CHECK(p.error(p.node(ExprKind::interpolation, {&list})) == Failure{"C0201", &list});
  const Expr& reference = p.constant(Value::reference("x"));
  CHECK(p.error(p.node(ExprKind::interpolation, {&reference})) == Failure{"C0201", &reference});
}

TEST_CASE("a secret part makes the whole text a secret, an unknown part an unknown") {
  ExprBuilder p;
  const Expr& with_unknown = p.node(ExprKind::interpolation, {&p.text("a"), &p.unknown("x", "y")});
  CHECK(p.run(with_unknown)->is_unknown());
  const Expr& both = p.node(ExprKind::interpolation, {&with_unknown, &p.secret()});
  CHECK(p.run(both)->is_secret());
  CHECK(p.run(both)->contains_unknown());
}

TEST_CASE("calls check their function and arguments") {
  ExprBuilder p;
  Function twice;
  twice.name = "twice";
  twice.parameters = {{"x", "int"}};
  twice.result = "int";
  twice.body = [](std::span<const Value> a) -> Result<Value> { return Value::integer(2 * a[0].as_int()); };
  p.functions.add(twice);
  CHECK(p.show(p.call("twice", {&p.integer(4)})) == "8");
  CHECK(p.run(p.call("twice", {&p.unknown("a", "b")}))->term().function == "twice");
  const Expr& text = p.text("4");
  CHECK(p.error(p.call("twice", {&text})) == Failure{"C0216", &text});
  const Expr& none = p.call("twice", {});
  CHECK(p.error(none) == Failure{"C0216", &none});
  const Expr& misspelt = p.call("twcie", {&p.integer(4)});
  CHECK(p.error(misspelt) == Failure{"C0310", &misspelt});
  CHECK(p.run(misspelt).error().diagnostic().helps[0].text == "did you mean `twice`?");
  CHECK(p.error(p.call("twice", {&p.secret()})).first == "C0503");
}

TEST_CASE("let binds its value in its body only") {
  ExprBuilder p;
  p.frame.slots = {Value::integer(10)};
  Expr let = p.node(ExprKind::let, {&p.integer(4), &p.binary(p.slot(7), Op::add, p.slot(0))});
  let.slot = 7;
  CHECK(p.show(let) == "14");
  Expr shadow = p.node(ExprKind::let, {&p.integer(4), &p.slot(0)});
  shadow.slot = 0;
  CHECK(p.show(p.binary(shadow, Op::add, p.slot(0))) == "14");
}

TEST_CASE("evaluation stops when its fuel is used up") {
  ExprBuilder p;
  p.fuel = 3;
  CHECK(p.show(p.list({&p.integer(1), &p.integer(2)})) == "[1,2]");
  const Expr& last = p.integer(3);
  CHECK(p.error(p.list({&p.integer(1), &p.integer(2), &last})) == Failure{"C0420", &last});
  p.fuel = 50;
  const Expr& big = p.text(std::string(4000, 'x'));
  CHECK(p.error(p.binary(big, Op::add, big)).first == "C0420");
}

TEST_CASE("conversions in expressions report at their operand") {
  ExprBuilder p;
  const Expr& operand = p.text("x");
  CHECK(p.error(p.convert(operand, p.types.basic(TypeKind::integer))) == Failure{"C0201", &operand});
  CHECK(p.show(p.convert(p.integer(1), p.types.basic(TypeKind::floating))) == "1.0");
}
