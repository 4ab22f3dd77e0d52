#include "engine/model/type_code.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/support/thing_type.h"
#include "tests/unit/engine/expr/expr_builder.h"

using namespace carbon;

namespace {

/// A type with everything in it: every sort of field, a circle, facets, operations.
struct Sample {
  test::ThingTypes things;
  ExprBuilder build;
  ResourceType type = things.volume();

  Sample() {
    TypeTable& types = things.types().types();
    Type& schema = types.make(TypeKind::record);
    schema = *type.schema;
    Type& number = types.make(TypeKind::integer);
    number.facets.min = Value::integer(1);
    number.facets.max = Value::integer(9);
    schema.fields.push_back({"size", &number, FieldFlag::immutable | FieldFlag::required, "doc"});
    Type& pattern = types.make(TypeKind::string);
    pattern.checked = CheckedString::dns_label;
    pattern.facets.pattern = "[a-z]+";
    schema.fields.push_back({"label", &pattern, FieldFlag::none, ""});
    Type& tree = types.make(TypeKind::record);
    tree.fields.push_back({"children", types.list(&tree), FieldFlag::none, ""});
    tree.open = types.basic(TypeKind::json);
    schema.fields.push_back({"tree", &tree, FieldFlag::none, ""});
    type.schema = &schema;
    type.exclusive_by = &build.text("one");
    type.kubernetes = {"g", "v1", "Kind", "kinds", false};
    type.operations.database = &build.text("db");
    OperationStep step;
    step.kind = OperationStep::Kind::exec;
    step.text = &build.text("SELECT $1");
    step.arguments = {&build.units("1Gi"), &build.slot(1)};
    step.when = &build.binary(build.slot(0), Operator::less, build.integer(3));
    step.outside_transaction = true;
    type.operations.read.steps = {step};
    type.operations.read.take = &build.slot(2);
    type.operations.read.absent = &build.flag(false);
    type.operations.create = type.operations.read;
    Operation update = type.operations.read;
    update.fields = {*FieldPath::parse("size"), *FieldPath::parse("tree.children")};
    type.operations.updates = {update, type.operations.read};
    add_http();
  }

  void add_http() {
    OperationStep get;
    get.kind = OperationStep::Kind::delete_;
    get.text = &build.text("/things");
    get.send = &build.slot(0);
    get.headers = {{&build.text("If-Match"), &build.slot(1)}};
    Operation& list = type.operations.list;
    list.steps = {get};
    get.encoding = BodyEncoding::madmin;
    get.poll = OperationPoll{&build.text("/jobs"), Duration{7}, &build.flag(true), &build.slot(1)};
    type.operations.remove.steps = {get};
    type.checks = {{&build.flag(true), &build.text("no")}};
    list.exists = list.conflict = list.done = list.retry = &build.flag(true);
    list.each = list.key = list.next = list.complete = &build.slot(5);
    type.operations.assigned = "size";
    type.http.base = &build.text("https://here");
    type.http.headers = {{&build.text("X"), &build.text("y")}};
    type.ready = &build.flag(true);
    type.failed = {{&build.flag(false), &build.text("broken")}};
    type.normalize = {{"label", &build.slot(0)}};
    type.one_way = {{*FieldPath::parse("size"), Value::integer(1), Value::integer(2)}};
    type.disrupts = {{*FieldPath::parse("label"), Disruption::reconnect}};
  }
};

struct Back {
  TypeTable types;
  ExprArena expressions;
  Result<std::unique_ptr<ResourceType>> type;
  explicit Back(const Value& encoded) : type(decode_type(encoded, types, expressions)) {}
};

Value without(const Value& record, std::string_view name) {
  std::vector<Entry> rest;
  for (const Entry& entry : record.entries()) {
    if (entry.key.text() != name) rest.push_back(entry);
  }
  return Value::record(std::move(rest));
}

Value with(const Value& record, std::string_view name, Value value) {
  std::vector<Entry> all(record.entries().begin(), record.entries().end());
  all.push_back({Value::string(name), std::move(value)});  // the later one of equal keys wins
  return Value::record(std::move(all));
}

}  // namespace

TEST_CASE("a type comes back as it was, through the text of a plan file too") {
  Sample sample;
  Value encoded = encode_type(sample.type);
  std::string text = encode_value(encoded);
  Back back(*decode_value(text));
  REQUIRE(back.type);
  const ResourceType& type = **back.type;
  CHECK(encode_value(encode_type(type)) == text);
  CHECK(type.name == "test.Volume");
  CHECK(type.data_bearing);
  CHECK(type.identity == sample.type.identity);
  for (const FieldType& field : sample.type.schema->fields) {
    const FieldType* there = type.schema->field(field.name);
    REQUIRE(there != nullptr);
    CHECK(there->flags == field.flags);
    if (field.name != "tree") CHECK(to_string(*there->type) == to_string(*field.type));
  }
  CHECK(type.schema->field("size")->type->facets.max == Value::integer(9));
  CHECK(type.schema->field("label")->type->checked == CheckedString::dns_label);
  const Type& tree = *type.schema->field("tree")->type;
  CHECK(tree.fields.front().type->element == &tree);
  REQUIRE(type.operations.updates.size() == 2);
  REQUIRE(type.operations.remove.steps.front().poll);
  CHECK(type.operations.remove.steps.front().poll->pause == Duration{7});
  CHECK(type.operations.remove.steps.front().poll->failed != nullptr);
  CHECK_FALSE(type.operations.list.steps.front().poll);
  CHECK(type.operations.remove.steps.front().encoding == BodyEncoding::madmin);
  CHECK(type.operations.list.steps.front().encoding == BodyEncoding::none);
  CHECK(type.checks.size() == 1);
  const OperationStep& step = type.operations.updates[0].steps.at(0);
  CHECK(step.text->constant == Value::string("SELECT $1"));
  CHECK(step.arguments.at(0)->constant.as_quantity().text() == "1Gi");
  CHECK(step.when->op == Operator::less);
  CHECK(step.outside_transaction);
  CHECK(type.kubernetes.plural == "kinds");
  CHECK(type.operations.list.steps.at(0).headers.at(0).first->constant == Value::string("If-Match"));
  CHECK(type.operations.list.complete->slot == 5);
  CHECK(type.one_way.at(0).to == Value::integer(2));
  CHECK(type.disrupts.at(0).how == Disruption::reconnect);
}

TEST_CASE("a type of which a part is missing or wrong is refused as a whole") {
  Sample sample;
  Value encoded = encode_type(sample.type);
  for (const Entry& entry : encoded.entries()) {
    std::string part(entry.key.text());
    CAPTURE(part);
    bool may_be_missing = part == "exclusive_by" || part == "database" || part == "base" || part == "ready";
    Back missing(without(encoded, part));
    CHECK(missing.type.has_value() == may_be_missing);
    if (!missing.type) CHECK(missing.type.error().code() == DiagnosticCode::bad_plan_file);
    Back wrong(with(encoded, part, Value::floating(0.5)));
    CHECK_FALSE(wrong.type);
  }
  CHECK_FALSE(Back(Value()).type);
  CHECK_FALSE(Back(with(encoded, "schema", Value::integer(1'000'000))).type);
  CHECK_FALSE(Back(with(encoded, "schema", Value::integer(-1))).type);
  CHECK_FALSE(Back(with(encoded, "transport", Value::integer(5))).type);
  CHECK_FALSE(Back(with(encoded, "types", Value::list({}))).type);
}
