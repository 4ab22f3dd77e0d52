#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"
#include "platform/sandbox/kubernetes_tables/cells.h"
#include "platform/sandbox/kubernetes_tables/json_path.h"
#include "platform/sandbox/kubernetes_tables/table.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

constexpr std::int64_t now = 1'795'540'000 * second;

Value json(std::string_view text) { return *parse_json(text); }

std::string cells(const Value& table, std::size_t row = 0) {
  return to_json(*items_at(table, {"rows"}).at(row).find("cells"));
}

TableRequest request_for(std::string_view target) {
  TableRequest request = table_request(ApiRequest::of("GET", target));
  request.now = now;
  return request;
}

std::string found(std::string_view object, std::string_view path) {
  std::string out;
  for (const Value& value : find_json_path(json(object), path)) out += to_json(value) + ";";
  return out;
}

}  // namespace

TEST_CASE("ages are as kubectl writes them") {
  CHECK(age_text(0) == "0s");
  CHECK(age_text(119 * second) == "119s");
  CHECK(age_text(120 * second) == "2m");
  CHECK(age_text(330 * second) == "5m30s");
  CHECK(age_text(11 * 60 * second) == "11m");
  CHECK(age_text(3 * 3600 * second + 120 * second) == "3h2m");
  CHECK(age_text(47 * 3600 * second) == "47h");
  CHECK(age_text(50 * 3600 * second) == "2d2h");
  CHECK(age_text(300 * 86400 * second) == "300d");
  CHECK(age_text(-5 * second) == "<invalid>");
}

TEST_CASE("a path of a printer column finds fields, items and filtered items") {
  constexpr std::string_view object = R"({"a":{"b":[{"t":"X","s":1},{"t":"Y","s":2}],"c.d":3},"z":true})";
  CHECK(found(object, ".z") == "true;");
  CHECK(found(object, ".a.b[0].s") == "1;");
  CHECK(found(object, ".a.b[*].s") == "1;2;");
  CHECK(found(object, R"(.a.b[?(@.t=="Y")].s)") == "2;");
  CHECK(found(object, ".a['c.d']") == "3;");
  CHECK(found(object, R"(.a.c\.d)") == "3;");
  CHECK(found(object, ".nothing.here") == "");
  CHECK(found(object, "{.z}") == "true;");
}

TEST_CASE("only a client that puts tables first gets one") {
  CHECK(wants_table("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"));
  CHECK_FALSE(wants_table("application/json"));
  CHECK_FALSE(wants_table("application/json,application/json;as=Table;v=v1;g=meta.k8s.io"));
}

TEST_CASE("a list of pods becomes rows") {
  Value list = json(R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[
    {"metadata":{"name":"a","creationTimestamp":"2026-11-24T15:06:10Z"},"spec":{"containers":[{},{}]},
     "status":{"phase":"Pending","containerStatuses":[
        {"ready":true,"state":{"running":{}},"restartCount":2},
        {"ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":5}]}},
    {"metadata":{"name":"b"},"spec":{"containers":[{}]},"status":{"phase":"Running"}}]})");
  Value table = as_table(request_for("/api/v1/namespaces/default/pods?limit=500"), list);
  CHECK(text_at(table, {"kind"}) == "Table");
  CHECK(text_at(table, {"metadata", "resourceVersion"}) == "9");
  CHECK(cells(table).starts_with(R"(["a","1/2","CrashLoopBackOff","7",)"));
  CHECK(cells(table, 1).starts_with(R"(["b","0/1","Running","0","<unknown>")") == false);
  CHECK(cells(table, 1).starts_with(R"(["b","0/1","Running","0","<none>")"));
  CHECK(text_at(items_at(table, {"rows"}).front(), {"object", "kind"}) == "PartialObjectMetadata");
}

TEST_CASE("a single object becomes one row, an error stays an error") {
  Value service = json(R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s","resourceVersion":"4"},
    "spec":{"type":"NodePort","clusterIP":"10.96.0.9","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"}]}})");
  TableRequest request = request_for("/api/v1/namespaces/default/services/s");
  CHECK(cells(as_table(request, service))
            .starts_with(R"(["s","NodePort","10.96.0.9","<none>","80:30080/TCP")"));
  Value error = json(R"({"kind":"Status","status":"Failure"})");
  CHECK(as_table(request, error) == error);
}

TEST_CASE("a custom resource has the columns of its definition") {
  Value definition = json(R"({"spec":{"versions":[{"name":"v1","additionalPrinterColumns":[
    {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
    {"name":"Size","type":"integer","jsonPath":".spec.size"}]}]}})");
  TableRequest request = request_for("/apis/example.com/v1/widgets");
  CHECK(request.storage == "widgets.example.com");
  request.custom_definition = [&] { return definition; };
  Value list = json(R"({"kind":"WidgetList","items":[{"metadata":{"name":"w"},"spec":{"size":3},
    "status":{"conditions":[{"type":"Ready","status":"True"}]}}]})");
  CHECK(cells(as_table(request, list)) == R"(["w","True",3])");
}

TEST_CASE("a watch event carries a table of one row") {
  TableRequest request = request_for("/api/v1/namespaces?watch=1");
  std::string line = as_table_event(
      request,
      R"({"type":"ADDED","object":{"kind":"Namespace","metadata":{"name":"n"},"status":{"phase":"Active"}}})");
  Value event = json(line);
  CHECK(text_at(event, {"type"}) == "ADDED");
  CHECK(cells(*event.find("object")).starts_with(R"(["n","Active")"));
}
