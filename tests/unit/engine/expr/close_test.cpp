#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;
using Op = Operator;

namespace {

/// A function that may be applied to secrets.
void add_reverse(FunctionTable& functions) {
  Function reverse;
  reverse.name = "reverse";
  reverse.parameters = {{"text", "string"}};
  reverse.result = "string";
  reverse.on_secret = OnSecret::taint;
  reverse.body = [](std::span<const Value> a) -> Result<Value> {
    std::string_view text = a[0].text();
    if (text.empty()) return fail(DiagnosticCode::wrong_arguments, "nothing in the quoted text");
    if (text == "refused")
      return fail(DiagnosticCode::wrong_arguments, std::string("bad text ") + std::string(text));
    return Value::string(std::string(text.rbegin(), text.rend()));
  };
  functions.add(std::move(reverse));
}

}  // namespace

TEST_CASE("closed values stay shared, open ones are finished where they stand") {
  ExprBuilder p;
  Value list = Value::list({Value::integer(1)});
  CHECK(p.close(list)->items().data() == list.items().data());
  Value deep = Value::record(
      {{Value::string("a"), list},
       {Value::string("b"), Value::map({{Value::string("k"), Value::unknown_attribute("x", "y")}})}});
  CHECK(to_json(*p.close(deep)) == R"json({"a":[1],"b":{"k":"(known after apply)"}})json");
  p.world = {{"x.y", Value::integer(7)}};
  CHECK(to_json(*p.close(deep)) == R"({"a":[1],"b":{"k":7}})");
  Value set = Value::set({Value::integer(7), Value::unknown_attribute("x", "y")});
  CHECK(to_json(*p.close(set)) == "[7]");
}

TEST_CASE("what is finished keeps the place where it was written") {
  ExprBuilder p;
  p.world = {{"x.y", Value::integer(7).with_origin(900)}};
  CHECK(p.close(Value::unknown_attribute("x", "y").with_origin(5))->origin() == 5);
  CHECK(p.close(Value::unknown_attribute("x", "y"))->origin() == 900);
}

TEST_CASE("a term is finished as far as its leaves are known") {
  ExprBuilder p;
  const Expr& sum =
      p.binary(p.binary(p.unknown("a", "n"), Op::add, p.unknown("b", "n")), Op::multiply, p.integer(2));
  Value open = *p.run(sum);
  CHECK(open_attributes(open) == std::vector<std::pair<std::string, std::string>>{{"a", "n"}, {"b", "n"}});
  p.world = {{"a.n", Value::integer(1)}};
  Value half = *p.close(open);
  CHECK(half.is_unknown());
  CHECK(open_attributes(half) == std::vector<std::pair<std::string, std::string>>{{"b", "n"}});
  p.world.emplace_back("b.n", Value::integer(2));
  CHECK(p.close(half)->as_int() == 6);
  CHECK(p.close(open)->as_int() == 6);
}

TEST_CASE("errors that apply finds point at the expression") {
  ExprBuilder p;
  const Expr& sum = p.binary(p.integer(1), Op::divide, p.unknown("a", "n"));
  p.world = {{"a.n", Value::integer(0)}};
  Result<Value> closed = p.close(*p.run(sum));
  CHECK(closed.error().code() == DiagnosticCode::arithmetic);
  CHECK(closed.error().diagnostic().labels.at(0).span.begin == sum.span.begin);
  p.world = {{"a.n", Value::string("x")}};
  CHECK(p.close(*p.run(sum)).error().code() == DiagnosticCode::bad_operands);
  CHECK(p.close(Value::unknown({"no_such", {}})).error().code() == DiagnosticCode::unknown_function);
  add_reverse(p.functions);
  p.world = {{"a.n", Value::integer(3)}};
  Value call = *p.run(p.call("reverse", {&p.unknown("a", "n")}));
  CHECK(p.close(call).error().code() == DiagnosticCode::wrong_arguments);
}

TEST_CASE("lazy operators stay lazy when they are finished") {
  ExprBuilder p;
  const Expr& fails =
      p.binary(p.binary(p.integer(1), Op::divide, p.unknown("a", "zero")), Op::equal, p.integer(1));
  Value open = *p.run(p.binary(p.unknown("a", "no"), Op::and_, fails));
  p.world = {{"a.zero", Value::integer(0)}, {"a.no", Value::boolean(false)}};
  CHECK(p.close(open)->as_bool() == false);
  p.world[1].second = Value::boolean(true);
  CHECK(p.close(open).error().code() == DiagnosticCode::arithmetic);
  open = *p.run(p.binary(p.unknown("a", "no"), Op::coalesce, p.integer(4)));
  CHECK(p.close(open)->as_bool());
  p.world[1].second = Value();
  CHECK(p.close(open)->as_int() == 4);
}

TEST_CASE("a part of something that turns out to be a reference is its attribute") {
  ExprBuilder p;
  Value open = *p.run(p.member(p.unknown("a", "owner"), "id", ExprKind::safe_member));
  p.world = {{"a.owner", Value::reference("b")}, {"b.id", Value::integer(3)}};
  CHECK(p.close(open)->as_int() == 3);
  p.world = {{"a.owner", Value()}};
  CHECK(p.close(open)->is_null());
}

TEST_CASE("attributes that give attributes are followed, circles are not") {
  ExprBuilder p;
  p.world = {{"a.x", Value::unknown_attribute("b", "x")}, {"b.x", Value::integer(1)}};
  CHECK(p.close(Value::unknown_attribute("a", "x"))->as_int() == 1);
  p.world[1].second = Value::unknown_attribute("a", "x");
  CHECK(p.close(Value::unknown_attribute("a", "x"))->is_unknown());
}

TEST_CASE("kept secrets stay handles; what is unknown in them is finished") {
  ExprBuilder p;
  Value open = *p.run(p.node(ExprKind::interpolation, {&p.secret(), &p.text("@"), &p.unknown("db", "host")}));
  p.world = {{"db.host", Value::string("main")}, {"TOKEN", Value::string("s3cret")}};
  Value kept = *p.close(open);
  REQUIRE(kept.is_secret());
  CHECK_FALSE(kept.contains_unknown());
  CHECK(p.close(kept, Secrets::reveal)->text() == "s3cret@main");
  CHECK(p.close(open, Secrets::reveal)->text() == "s3cret@main");
}

TEST_CASE("a secret that waits for an object stays a secret until it is there") {
  ExprBuilder p;
  Value password = Value::secret({"attribute", {Value::string("pw"), Value::string("data[\"password\"]")}});
  CHECK(p.close(password, Secrets::reveal)->is_secret());
  p.world = {{"pw.data[\"password\"]", Value::string("hunter2")}};
  CHECK(p.close(password)->is_secret());
  CHECK(p.close(password, Secrets::reveal)->text() == "hunter2");
  p.world = {{"pw.data[\"password\"]", Value::secret({"secret.env", {Value::string("TOKEN")}})},
             {"TOKEN", Value::string("s3cret")}};
  CHECK(p.close(password, Secrets::reveal)->text() == "s3cret");
}

TEST_CASE("functions of secrets run only where the secret is revealed, and their errors do not quote it") {
  ExprBuilder p;
  add_reverse(p.functions);
  Value open = *p.run(p.call("reverse", {&p.secret()}));
  p.world = {{"TOKEN", Value::string("abc")}};
  CHECK(p.close(open)->is_secret());
  CHECK(p.close(open, Secrets::reveal)->text() == "cba");
  p.world = {{"TOKEN", Value::string("refused")}};
  Result<Value> failed = p.close(open, Secrets::reveal);
  CHECK(failed.error().message().find("refused") == std::string::npos);
  CHECK(failed.error().code() == DiagnosticCode::wrong_arguments);
  p.world = {};
  CHECK(p.close(open, Secrets::reveal).error().code() == DiagnosticCode::secret_missing);
}

TEST_CASE("open values survive a plan file") {
  ExprBuilder p;
  const Expr& port = p.convert(p.unknown("db", "port"), p.types.basic(TypeKind::floating));
  Value open = *p.run(p.record({&p.field("port", port), &p.field("password", p.secret())}));
  Result<Value> read = decode_value(encode_value(open));
  p.world = {{"db.port", Value::integer(5432)}, {"TOKEN", Value::string("x")}};
  CHECK(to_json(*p.close(*read, Secrets::reveal)) == R"({"password":"x","port":5432.0})");
}
