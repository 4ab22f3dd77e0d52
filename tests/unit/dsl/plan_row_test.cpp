#include <doctest/doctest.h>

#include "dsl/check/plan_row.h"
#include "engine/expr/evaluate.h"

using namespace carbon;

namespace {

PlanRow sample() {
  PlanRow row;
  row.address = "orders";
  row.type = "postgres.Database";
  row.action = "replace";
  row.provider = "db";
  row.identity = "orders";
  row.disruption = "restart";
  row.reversibility = "one_way";
  row.data_bearing = true;
  row.stage = 2;
  row.fields.push_back({"owner", Value::string("a"), Value::string("b"), false});
  row.fields.push_back({"password", Value(), Value(), true});
  return row;
}

}  // namespace

TEST_CASE("what policies are checked against is what they are given") {
  TypeTable types;
  PlanRow row = sample();
  Value plan = plan_value({&row, 1});
  Result<Value> as_typed = convert(plan, *plan_type(types), {});
  REQUIRE(as_typed);
  CHECK(*as_typed == plan);
  const Type& change = *plan_type(types)->field("changes")->type->element;
  const Value& given = plan.find("changes")->items().front();
  CHECK(given.entries().size() == change.fields.size());
  for (const FieldType& field : change.fields) CHECK(given.find(field.name) != nullptr);
}

TEST_CASE("a row keeps every word of the change") {
  PlanRow row = sample();
  const Value plan = plan_value({&row, 1});
  const Value& given = plan.find("changes")->items().front();
  CHECK(given.find("address")->text() == "orders");
  CHECK(given.find("action")->text() == "replace");
  CHECK(given.find("reversibility")->text() == "one_way");
  CHECK(given.find("data_bearing")->as_bool());
  CHECK_FALSE(given.find("protect")->as_bool());
  CHECK(given.find("stage")->as_int() == 2);
  const Value& secret = given.find("fields")->items()[1];
  CHECK(secret.find("secret")->as_bool());
  CHECK(secret.find("before")->is_null());
}

TEST_CASE("no change is a plan too") { CHECK(plan_value({}).find("changes")->items().empty()); }
