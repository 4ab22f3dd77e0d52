#include "platform/connectors/postgres/schema_source.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/value_json.h"
#include "platform/connectors/postgres/schema_steps.h"

using namespace carbon;

namespace {

Value parsed(std::string_view json) {
  Result<Value> value = parse_json(json);
  REQUIRE_MESSAGE(value, std::string(json));
  return *value;
}

std::string removals(const char* desired, const char* live, const char* target) {
  return to_json(with_removals(parsed(desired), parsed(live), parsed(target)));
}

}  // namespace

TEST_CASE("what is to go is null in what is desired") {
  CHECK(removals(R"({"tables":{"a":{"x":1}}})", R"({"tables":{"a":{"x":2},"b":{"x":1}}})",
                 R"({"tables":{"a":{"x":1}}})") == R"({"tables":{"a":{"x":1},"b":null}})");
  // A property that somebody added to an object of ours.
  CHECK(removals(R"({"a":{"x":1}})", R"({"a":{"comment":"c","x":1}})", R"({"a":{"x":1}})") ==
        R"({"a":{"comment":null,"x":1}})");
  // What is left alone is neither desired nor removed.
  CHECK(removals(R"({"a":{"x":1}})", R"({"a":{"x":1},"other":{"y":1}})",
                 R"({"a":{"x":1},"other":{"y":1}})") == R"({"a":{"x":1}})");
  // Something of ours on an object of others.
  CHECK(removals("{}", R"({"other":{"grants":{"r":1},"y":1}})", R"({"other":{"y":1}})") ==
        R"({"other":{"grants":null}})");
  CHECK(removals(R"({"a":{}})", "{}", R"({"a":{}})") == R"({"a":{}})");
}

TEST_CASE("a renamed object is compared under its new name") {
  NamedRenames renames{{"tables.old", "new"}, {"tables.old.columns.a", "b"}};
  Value tree = renamed_tree(parsed(R"({"tables":{"old":{"columns":{"a":1,"c":2}},"x":{}}})"), renames);
  CHECK(to_json(tree) == R"({"tables":{"new":{"columns":{"b":1,"c":2}},"x":{}}})");
}

TEST_CASE("removals are found by their paths") {
  std::vector<FieldPath> paths =
      removals_in(parsed(R"({"tables":{"a":{"columns":{"we\"ird":null}},"b":null}})"));
  REQUIRE(paths.size() == 2);
  CHECK(paths[0].text() == R"(tables.a.columns["we\"ird"])");
  CHECK(paths[1].text() == "tables.b");
}

TEST_CASE("neighbours share a transaction, and every statement has the token") {
  std::vector<postgres::MigrationStep> steps(4);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].sql = "STEP " + std::to_string(i);
  steps[2].outside_transaction = true;
  std::vector<SqlRequest> requests = schema_requests(steps, "ow\"ner", "data", "abc");
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].mode == SqlRequest::Mode::transaction);
  CHECK(requests[1].mode == SqlRequest::Mode::plain);
  CHECK(requests[2].mode == SqlRequest::Mode::transaction);
  auto has = [](const SqlRequest& request, const std::string& text) {
    return std::any_of(request.statements.begin(), request.statements.end(),
                       [&](const SqlStatement& one) { return one.text == text; });
  };
  CHECK(has(requests[0], "/* carbon abc */ STEP 0"));
  CHECK(has(requests[0], "/* carbon abc */ STEP 1"));
  CHECK(has(requests[0], "SET LOCAL ROLE \"ow\"\"ner\""));
  CHECK(has(requests[1], "/* carbon abc */ STEP 2"));
  CHECK(has(requests[1], "SET ROLE \"ow\"\"ner\""));
  CHECK(has(requests[1], "RESET ROLE"));
  CHECK(has(requests[2], "/* carbon abc */ STEP 3"));
}

TEST_CASE("only reviewed statements are sent, and without a review none that loses data") {
  WriteRequest request;
  std::vector<postgres::MigrationStep> steps(1);
  steps[0].sql = "DROP TABLE t";
  steps[0].summary = "drop table t";
  steps[0].risk = postgres::Risk::lossy;
  Status unseen = as_reviewed(request, steps);
  REQUIRE_FALSE(unseen);
  CHECK(unseen.error().code() == DiagnosticCode::data_bearing_delete);
  request.steps = {"DROP TABLE other"};
  Status other = as_reviewed(request, steps);
  REQUIRE_FALSE(other);
  CHECK(other.error().code() == DiagnosticCode::stale_plan);
  request.steps = {"DROP TABLE t", "DROP TABLE other"};
  CHECK(as_reviewed(request, steps));
}
