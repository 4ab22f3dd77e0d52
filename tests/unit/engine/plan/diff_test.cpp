#include "engine/plan/diff.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/value_json.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan.h"
#include "tests/support/thing_type.h"

using namespace carbon;

namespace {

Value decoded(std::string_view json) {
  Result<Value> value = decode_value(json);
  REQUIRE_MESSAGE(value, std::string(json));
  return *value;
}

Value parsed(std::string_view json) {
  Result<Value> value = parse_json(json);
  REQUIRE_MESSAGE(value, std::string(json));
  return *value;
}

std::string shown(const std::optional<Value>& value) { return value ? to_json(*value) : "-"; }

/// A line a field: path, before, after, marks.
std::string lines(const DiffResult& result) {
  std::string out;
  for (const FieldChange& change : result.fields) {
    out += change.path.text();
    out += change.secret ? " (secret)" : fmt::format(" {} => {}", shown(change.before), shown(change.after));
    if (change.immutable) out += " immutable";
    if (!change.writer.empty()) out += " by " + change.writer;
    if (!change.words.empty()) out += " (" + change.words + ")";
    out += "\n";
  }
  return out;
}

struct Case {
  const char* what;
  const char* desired;  ///< encode_value's JSON
  const char* live;     ///< JSON as a server sends it; empty: absent
  const char* applied;  ///< FieldSet text
  const char* changes;  ///< lines
  std::uint32_t unchanged;
  const char* rule;  ///< the rule that folded something, or empty
};

const Case cases[] = {
    {"equal scalars", R"({"image":"a","replicas":2})", R"({"image":"a","replicas":2})", "[]", "", 2, ""},
    {"a changed scalar", R"({"image":"b"})", R"({"image":"a"})", "[]", "image \"a\" => \"b\"\n", 0, ""},
    {"an omitted field is unmanaged", R"({"image":"a"})", R"({"image":"a","replicas":5})", "[]", "", 1, ""},
    {"a field that is not there yet", R"({"image":"a"})", "{}", "[]", "image - => \"a\"\n", 0, ""},
    {"applied before and gone now is removed", "{}", R"({"image":"a"})", R"(["image"])", "image \"a\" => -\n",
     0, ""},
    {"applied before, gone now, and gone there too", "{}", "{}", R"(["image"])", "", 0, ""},
    {"null must be absent", R"({"image":null})", R"({"image":"a"})", "[]", "image \"a\" => -\n", 0, ""},
    {"null and absent", R"({"image":null})", "{}", "[]", "", 1, ""},
    {"null and live null", R"({"image":null})", R"({"image":null})", "[]", "", 1, ""},
    {"null leaves a server default that carbon never wrote", R"({"replicas":null})", R"({"replicas":1})",
     "[]", "", 1, "default of the server"},
    {"null takes back a server default that carbon overwrote", R"({"replicas":null})", R"({"replicas":4})",
     R"(["replicas"])", "replicas 4 => -\n", 0, ""},
    {"a quantity of other spelling", R"({"memory":{"$quantity":["1Gi",1]}})", R"({"memory":"1024Mi"})", "[]",
     "", 1, "spelling of a number, quantity, duration or blob"},
    {"a quantity as the server spells it", R"({"memory":{"$quantity":["1Gi",1]}})", R"({"memory":"1Gi"})",
     "[]", "", 1, ""},
    {"a quantity that is a live number", R"({"memory":{"$quantity":["2",0]}})", R"({"memory":2})", "[]", "",
     1, "spelling of a number, quantity, duration or blob"},
    {"a quantity that is a live decimal", R"({"memory":{"$quantity":["500m",0]}})", R"({"memory":0.5})", "[]",
     "", 1, "spelling of a number, quantity, duration or blob"},
    {"another quantity", R"({"memory":{"$quantity":["2Gi",1]}})", R"({"memory":"1Gi"})", "[]",
     "memory \"1Gi\" => \"2Gi\"\n", 0, ""},
    {"live text that is no quantity differs", R"({"memory":{"$quantity":["1Gi",1]}})", R"({"memory":"much"})",
     "[]", "memory \"much\" => \"1Gi\"\n", 0, ""},
    {"a Go duration", R"({"ttl":{"$duration":5400000000000}})", R"({"ttl":"1h30m0s"})", "[]", "", 1, ""},
    {"a duration of other spelling", R"({"ttl":{"$duration":5400000000000}})", R"({"ttl":"90m"})", "[]", "",
     1, "spelling of a number, quantity, duration or blob"},
    {"base64 content", R"({"content":{"$blob":"aGk="}})", R"({"content":"aGk="})", "[]", "", 1, ""},
    {"other base64 content", R"({"content":{"$blob":"aGk="}})", R"({"content":"aG8="})", "[]",
     "content \"aG8=\" => \"aGk=\"\n", 0, ""},
    {"a schedule in words", R"({"schedule":"*/15 * * * *"})", R"({"schedule":"0 2 * * *"})", "[]",
     "schedule \"0 2 * * *\" => \"*/15 * * * *\" (daily at 02:00 -> every 15 minutes)\n", 0, ""},
    {"a new schedule in words", R"({"schedule":"@daily"})", "{}", "[]",
     "schedule - => \"@daily\" (daily at 00:00)\n", 0, ""},
    {"a schedule that takes too many words", R"({"schedule":"1,7 2-5 1 * 3"})", "{}", "[]",
     "schedule - => \"1,7 2-5 1 * 3\"\n", 0, ""},
    {"a port number is not a port name", R"({"port":8080})", R"({"port":"8080"})", "[]",
     "port \"8080\" => 8080\n", 0, ""},
    {"floats by value, live decimals exactly", R"({"ratio":{"$float":"0.5"}})", R"({"ratio":0.50})", "[]", "",
     1, ""},
    {"members of a merged set, others left alone", R"({"tags":{"$set":["a","b"]}})", R"({"tags":["c","b"]})",
     "[]", "tags[=\"a\"] - => \"a\"\n", 1, ""},
    {"a member that was applied before goes", R"({"tags":{"$set":["a"]}})", R"({"tags":["b","a","c"]})",
     R"(["tags[=\"a\"]","tags[=\"b\"]"])", "tags[=\"b\"] \"b\" => -\n", 1, ""},
    {"maps by key", R"({"labels":{"$map":{"a":"1","b":"2"}}})", R"({"labels":{"a":"1","b":"3","c":"4"}})",
     "[]", "labels.b \"3\" => \"2\"\n", 1, ""},
    {"a map key that needs quotes is removed", R"({"labels":{"$map":{"a":"1"}}})",
     R"({"labels":{"a":"1","x.y/z":"2"}})", R"(["labels.a","labels[\"x.y/z\"]"])",
     "labels[\"x.y/z\"] \"2\" => -\n", 1, ""},
    {"a whole map is gone: only what was applied is removed", "{}", R"({"labels":{"a":"1","b":"2"}})",
     R"(["labels.a"])", "labels.a \"1\" => -\n", 0, ""},
    {"an empty map is a value", R"({"labels":{"$map":{}}})", "{}", "[]", "labels - => {}\n", 0, ""},
    {"an atomic map is one value", R"({"selector":{"$map":{"a":"1"}}})", R"({"selector":{"a":"1","b":"2"}})",
     "[]", "selector {\"a\":\"1\",\"b\":\"2\"} => {\"a\":\"1\"} immutable\n", 0, ""},
    {"a plain list of the same length names the item", R"({"args":["a","b"]})", R"({"args":["a","c"]})", "[]",
     "args[1] \"c\" => \"b\"\n", 1, ""},
    {"a plain list of another length is one value", R"({"args":["a","b"]})", R"({"args":["a"]})", "[]",
     "args [\"a\"] => [\"a\",\"b\"]\n", 0, ""},
    {"order matters in a plain list", R"({"args":["a","b"]})", R"({"args":["b","a"]})", "[]",
     "args[0] \"b\" => \"a\"\nargs[1] \"a\" => \"b\"\n", 0, ""},
    {"a server default inside a plain list's item", R"({"tolerations":[{"key":"k"}]})",
     R"({"tolerations":[{"key":"k","effect":"NoSchedule"}]})", "[]", "", 1, ""},
    {"a field gone from a plain list's item", R"({"tolerations":[{"key":"k"}]})",
     R"({"tolerations":[{"key":"k","effect":"NoSchedule"}]})",
     R"(["tolerations","tolerations[0].key","tolerations[0].effect"])",
     "tolerations[0].effect \"NoSchedule\" => -\n", 1, ""},
    {"a plain list that is gone goes as a whole", "{}", R"({"args":["a","b"]})", R"(["args"])",
     "args [\"a\",\"b\"] => -\n", 0, ""},
    {"keyed items in another order", R"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]})",
     R"({"containers":[{"name":"b","image":"2"},{"name":"a","image":"1"}]})", "[]", "", 4,
     "order of a set or keyed list"},
    {"a changed keyed item", R"({"containers":[{"name":"a","image":"2"}]})",
     R"({"containers":[{"name":"injected"},{"name":"a","image":"1","memory":"1Gi"}]})", "[]",
     "containers[\"a\"].image \"1\" => \"2\"\n", 1, ""},
    {"a keyed item that is gone goes as a whole", R"({"containers":[{"name":"a"}]})",
     R"({"containers":[{"name":"a"},{"name":"b","image":"x"}]})",
     R"(["containers[\"a\"].name","containers[\"b\"].name","containers[\"b\"].image"])",
     "containers[\"b\"] {\"image\":\"x\",\"name\":\"b\"} => -\n", 1, ""},
    {"an absent protocol is TCP", R"({"ports":[{"port":80},{"port":80,"protocol":"UDP"}]})",
     R"({"ports":[{"port":80,"protocol":"UDP"},{"port":80,"protocol":"TCP"}]})", "[]", "", 3,
     "order of a set or keyed list"},
    {"json by structure", R"({"config":{"a":[1,{"b":2}],"c":true}})",
     R"({"config":{"c":true,"a":[1,{"b":3}],"extra":1}})", "[]", "config.a[1].b 3 => 2\n", 2, ""},
    {"a json key that is gone", R"({"config":{"a":1}})", R"({"config":{"a":1,"b":{"c":2}}})",
     R"(["config.a","config.b.c"])", "config.b.c 2 => -\n", 1, ""},
    {"the alternative of a union by its tag", R"({"source":{"kind":"size","limit":{"$quantity":["1Gi",1]}}})",
     R"({"source":{"kind":"size","limit":"1024Mi"}})", "[]", "", 2,
     "spelling of a number, quantity, duration or blob"},
    {"an immutable field", R"({"zone":"b"})", R"({"zone":"a"})", "[]", "zone \"a\" => \"b\" immutable\n", 0,
     ""},
    {"identity is not compared", R"({"name":"x","image":"a"})", R"({"image":"a"})", "[]", "", 2, ""},
    {"a computed field is not compared", R"({"host":"h","image":"a"})", R"({"host":"g","image":"a"})", "[]",
     "", 1, ""},
    {"plain text in a sensitive field is never shown", R"({"data":{"$map":{"k":"b"}}})",
     R"({"data":{"k":"a"}})", "[]", "data.k (secret)\n", 0, ""},
    {"a removed sensitive field is never shown", "{}", R"({"data":{"k":"a"}})", R"(["data.k"])",
     "data.k (secret)\n", 0, ""},
    {"an unknown leaf", R"({"image":{"$unknown":["attribute",["db","host"]]}})", R"({"image":"a"})", "[]",
     "image \"a\" => \"(known after apply)\"\n", 0, ""},
    {"an unknown leaf in a keyed item",
     R"({"containers":[{"name":"a","image":{"$unknown":["attribute",["db","host"]]}}]})",
     R"({"containers":[{"name":"a","image":"x"}]})", "[]",
     "containers[\"a\"].image \"x\" => \"(known after apply)\"\n", 1, ""},
    {"what was applied below an unknown is not gone", R"({"labels":{"$unknown":["attribute",["db","l"]]}})",
     R"({"labels":{"a":"1"}})", R"(["labels.a"])", "labels {\"a\":\"1\"} => \"(known after apply)\"\n", 0,
     ""},
    {"a live value of the wrong shape", R"({"labels":{"$map":{"a":"1"}}})", R"({"labels":["a"]})", "[]",
     "labels [\"a\"] => {\"a\":\"1\"}\n", 0, ""},
    {"an object that is not there",
     R"({"name":"x","args":["a"],"password":{"$secret":["secret.env",["P"]]}})", "", "[]",
     "args - => [\"a\"]\nname - => \"x\"\npassword (secret)\n", 0, ""},
};

LiveObject live_of(std::string_view json) {
  LiveObject live;
  live.presence = json.empty() ? Presence::absent : Presence::present;
  if (!json.empty()) live.object = parsed(json);
  return live;
}

FieldSet fields_of(std::string_view text) {
  Result<FieldSet> set = FieldSet::decode(text);
  REQUIRE(set);
  return *set;
}

}  // namespace

TEST_CASE("the diff by schema, case by case") {
  test::ThingTypes types;
  for (const Case& one : cases) {
    INFO(std::string(one.what));
    Value desired = decoded(one.desired);
    LiveObject live = live_of(one.live);
    FieldSet applied = fields_of(one.applied);
    DiffResult result = diff({.type = types.thing(), .desired = desired, .live = &live, .applied = &applied});
    CHECK(lines(result) == std::string(one.changes));
    CHECK(result.unchanged == one.unchanged);
    if (*one.rule == '\0') {
      CHECK(result.quiet.empty());
    } else {
      CHECK(result.quiet.contains(one.rule));
    }
  }
}

TEST_CASE("a set that the server does not merge is one value") {
  test::ThingTypes types;
  Value desired = decoded(R"({"tags":{"$set":["a","b"]}})");
  LiveObject live = live_of(R"({"tags":["b","a","c"]})");
  DiffInput input{.type = types.volume(), .desired = desired, .live = &live};
  CHECK(lines(diff(input)) == "tags [\"b\",\"a\",\"c\"] => [\"a\",\"b\"]\n");
  live = live_of(R"({"tags":["b","a"]})");
  DiffResult same = diff(input);
  CHECK(same.empty());
  CHECK(same.quiet.contains(quiet::order));
}

TEST_CASE("what Kubernetes leaves out when it is empty is no difference, a custom resource keeps it") {
  test::ThingTypes types;
  ResourceType built_in = types.thing();
  built_in.name = "k8s.Thing";
  Value desired = decoded(R"({"labels":{"$map":{}},"args":[],"containers":[],"tags":{"$set":[]}})");
  FieldSet applied = fields_of(R"(["args","containers","labels","tags"])");
  LiveObject live = live_of(R"({"image":"x"})");
  DiffInput input{.type = built_in, .desired = desired, .live = &live, .applied = &applied};
  DiffResult same = diff(input);
  CHECK(lines(same).empty());
  CHECK(same.quiet[quiet::nothing_in_it] == 4);
  live = live_of(R"({"args":["x"]})");
  CHECK(lines(diff(input)) == "args [\"x\"] => []\n");
  live = live_of(R"({"image":"x"})");
  DiffInput of_custom{.type = types.thing(), .desired = desired, .live = &live, .applied = &applied};
  CHECK(diff(of_custom).fields.size() == 4);
  live = live_of("");
  CHECK(diff(input).fields.size() == 4);
}

TEST_CASE("a zero that the server left out is no difference, as long as carbon holds the field") {
  test::ThingTypes types;
  Value desired = decoded(R"({"replicas":0,"image":""})");
  LiveObject live = live_of(R"({"zone":"a"})");
  live.managed = fields_of(R"(["replicas"])");
  DiffInput input{.type = types.thing(), .desired = desired, .live = &live};
  CHECK(lines(diff(input)) == "image - => \"\"\n");
  CHECK(diff(input).quiet.contains(quiet::nothing_in_it));
  desired = decoded(R"({"replicas":1})");
  CHECK(lines(diff(input)) == "replicas - => 1\n");
}

TEST_CASE("a ConfigMap that says it is immutable can only be replaced") {
  test::ThingTypes types;
  ResourceType map = types.thing();
  map.name = "k8s.ConfigMap";
  Value desired = decoded(R"({"labels":{"$map":{"a":"2"}},"image":"y"})");
  FieldSet applied = fields_of(R"(["args","labels.a","labels.b"])");
  LiveObject live = live_of(R"({"immutable":true,"image":"x","args":["x"],"labels":{"a":"1","b":"1"}})");
  DiffInput input{.type = map, .desired = desired, .live = &live, .applied = &applied};
  CHECK(lines(diff(input)) ==
        "image \"x\" => \"y\" immutable\nlabels.a \"1\" => \"2\" immutable\n"
        "labels.b \"1\" => - immutable\nargs [\"x\"] => - immutable\n");
  live = live_of(R"({"immutable":false,"image":"x","args":["x"],"labels":{"a":"1","b":"1"}})");
  CHECK(lines(diff(input)).find("immutable") == std::string::npos);
}

TEST_CASE("ignored fields are not compared once the object exists") {
  test::ThingTypes types;
  Value desired = decoded(R"({"replicas":1,"labels":{"$map":{"a":"1","b":"2"}}})");
  std::vector<FieldPath> ignore{*FieldPath::parse("replicas"), *FieldPath::parse("labels[\"b\"]")};
  LiveObject live = live_of(R"({"replicas":7,"labels":{"a":"1"}})");
  FieldSet applied = fields_of(R"(["labels.b","labels.a"])");
  DiffInput input{
      .type = types.thing(), .desired = desired, .live = &live, .applied = &applied, .ignore = &ignore};
  CHECK(diff(input).empty());
  CHECK(managed_fields(types.thing(), desired, ignore).encode() == R"(["labels.a"])");
  live = live_of("");
  CHECK(diff(input).fields.size() == 3);
}

TEST_CASE("a secret is compared by digest alone") {
  test::ThingTypes types;
  Value desired = decoded(R"({"password":{"$secret":["secret.env",["P"]]}})");
  LiveObject live = live_of(R"({"password":"old content"})");
  DigestMap wanted{{"password", "d1"}};
  DigestMap there{{"password", "d1"}};
  DigestMap remembered;
  DiffInput input{.type = types.thing(),
                  .desired = desired,
                  .live = &live,
                  .desired_digests = &wanted,
                  .live_digests = &there,
                  .remembered_digests = &remembered};
  SUBCASE("the same in the live object") { CHECK(diff(input).empty()); }
  SUBCASE("another one in the live object, whatever is remembered") {
    there["password"] = "d0";
    remembered["password"] = "d1";
    CHECK(lines(diff(input)) == "password (secret)\n");
  }
  SUBCASE("gone from the live object, though it can be read") {
    live = live_of("{}");
    remembered["password"] = "d1";
    CHECK(lines(diff(input)) == "password (secret)\n");
  }
  SUBCASE("not to be had at plan time: not compared, and said so") {
    wanted.clear();
    DiffResult result = diff(input);
    CHECK(result.empty());
    CHECK(result.quiet.contains(quiet::not_compared));
  }
  SUBCASE("over something that only apply knows") {
    desired = decoded(R"({"password":{"$secret":["attribute",[{"$unknown":["attribute",["x","y"]]}]]}})");
    DiffResult result = diff(input);
    CHECK(lines(result) == "password (secret)\n");
  }
  SUBCASE("its place gets plain text now: the old content stays hidden") {
    desired = decoded(R"({"image":"plain"})");
    live = live_of(R"({"image":"old content"})");
    remembered["image"] = "d0";
    CHECK(lines(diff(input)) == "image (secret)\n");
  }
  SUBCASE("its place is no longer declared: the old content stays hidden") {
    FieldSet applied = fields_of(R"(["image","labels.a"])");
    desired = decoded("{}");
    live = live_of(R"({"image":"old content","labels":{"a":"old content"}})");
    remembered = {{"image", "d0"}, {"labels.a", "d1"}};
    input.applied = &applied;
    DiffResult result = diff(input);
    CHECK(lines(result) == "image (secret)\nlabels.a (secret)\n");
    for (const FieldChange& change : result.fields) CHECK_FALSE(change.before);
  }
}

TEST_CASE("a write-only field is compared with what was last applied") {
  test::ThingTypes types;
  Value desired = decoded(R"({"token":{"$secret":["secret.env",["T"]]}})");
  LiveObject live = live_of("{}");
  DigestMap wanted{{"token", "d1"}};
  DigestMap remembered{{"token", "d1"}};
  DiffInput input{.type = types.thing(),
                  .desired = desired,
                  .live = &live,
                  .desired_digests = &wanted,
                  .remembered_digests = &remembered};
  CHECK(diff(input).empty());
  remembered["token"] = "d0";
  CHECK(lines(diff(input)) == "token (secret)\n");
  remembered.clear();
  CHECK(lines(diff(input)) == "token (secret)\n");
}

TEST_CASE("drift names the writer that holds a field that carbon had applied") {
  test::ThingTypes types;
  Value desired = decoded(R"({"replicas":2,"image":"a"})");
  LiveObject live = live_of(R"({"replicas":6,"image":"b"})");
  live.writers.push_back({"kubectl-edit", "Update", "09:14", fields_of(R"(["replicas","image"])")});
  FieldSet applied = fields_of(R"(["replicas"])");
  DiffInput input{.type = types.thing(), .desired = desired, .live = &live, .applied = &applied};
  CHECK(lines(diff(input)) == "image \"b\" => \"a\"\nreplicas 6 => 2 by kubectl-edit at 09:14\n");
  live.managed = fields_of(R"(["replicas"])");
  CHECK(lines(diff(input)) == "image \"b\" => \"a\"\nreplicas 6 => 2\n");
}

TEST_CASE("drift in a list that was applied as a whole names its writer too") {
  test::ThingTypes types;
  Value desired = decoded(R"({"args":["a","c"]})");
  LiveObject live = live_of(R"({"args":["b","c"]})");
  live.writers.push_back({"kubectl-edit", "Update", "09:14", fields_of(R"(["args"])")});
  live.managed = fields_of("[]");
  FieldSet applied = fields_of(R"(["args"])");
  DiffInput input{.type = types.thing(), .desired = desired, .live = &live, .applied = &applied};
  CHECK(lines(diff(input)) == "args[0] \"b\" => \"a\" by kubectl-edit at 09:14\n");
}

TEST_CASE("a field that is no longer declared and that somebody else took over stays") {
  test::ThingTypes types;
  Value desired = decoded("{}");
  LiveObject live = live_of(R"({"replicas":6})");
  live.managed = fields_of("[]");
  FieldSet applied = fields_of(R"(["replicas"])");
  DiffResult result = diff({.type = types.thing(), .desired = desired, .live = &live, .applied = &applied});
  CHECK(result.empty());
  CHECK(result.quiet.contains(quiet::taken_over));
}

TEST_CASE("a reference compares by the identity of its target") {
  test::ThingTypes types;
  Value desired = decoded(R"({"parent":{"$ref":"folder"}})");
  LiveObject live = live_of(R"({"parent":"data"})");
  DiffInput input{.type = types.thing(), .desired = desired, .live = &live};
  input.identity = [](std::string_view) { return decoded(R"({"metadata":{"name":"data"}})"); };
  CHECK(diff(input).empty());
  live = live_of(R"({"parent":{"metadata":{"name":"data"}}})");
  CHECK(diff(input).empty());
  live = live_of(R"({"parent":"other"})");
  CHECK(diff(input).fields.size() == 1);
}

TEST_CASE("managed fields are leaves; items of plain lists are remembered inside their list") {
  test::ThingTypes types;
  Value desired = decoded(
      R"({"name":"x","image":null,"args":["a"],"tolerations":[{"key":"k"}],"tags":{"$set":["b"]},
          "containers":[{"name":"c"}],"labels":{"$map":{}},"config":{"a":{"b":1}}})");
  CHECK(managed_fields(types.thing(), desired, {}).encode() ==
        R"(["args","config.a.b","containers[\"c\"].name","labels","tags[=\"b\"]","tolerations",)"
        R"("tolerations[0].key"])");
}

TEST_CASE("what can neither be read back nor changed is taken over as it is, and compared from then on") {
  test::ThingTypes types;
  TypeTable& table = types.types().types();
  Type& schema = table.make(TypeKind::record);
  TypePtr text = table.basic(TypeKind::string);
  schema.fields = {{"source", text, FieldFlag::immutable | FieldFlag::write_only, ""},
                   {"note", text, FieldFlag::write_only, ""}};
  ResourceType type;
  type.schema = &schema;
  Value desired = decoded(R"({"source":"main","note":"x"})");
  LiveObject live = live_of("{}");
  DigestMap wanted{{"source", "1"}, {"note", "2"}};
  DiffInput input{.type = type, .desired = desired, .live = &live, .desired_digests = &wanted};
  CHECK(lines(diff(input)) == "note (secret)\n");
  DigestMap other{{"source", "3"}, {"note", "2"}};
  input.remembered_digests = &other;
  CHECK(lines(diff(input)) == "source (secret) immutable\n");
  DigestMap none;
  input.remembered_digests = &none;
  CHECK(lines(diff(input)) == "note (secret)\nsource (secret) immutable\n");
}

TEST_CASE("an object is as desired though a secret that the change leaves alone cannot be read") {
  test::ThingTypes types;
  TypeTable& table = types.types().types();
  Type& schema = table.make(TypeKind::record);
  TypePtr text = table.basic(TypeKind::string);
  schema.fields = {{"cert", text, FieldFlag::none, ""}, {"key", text, FieldFlag::write_only, ""}};
  ResourceType type;
  type.schema = &schema;
  Change change;
  change.desired = decoded(R"({"cert":"new","key":"x"})");
  FieldChange of_cert;
  of_cert.path = *FieldPath::parse("cert");
  change.fields = {of_cert};
  CHECK(is_as_desired(change, type, live_of(R"({"cert":"new"})")));
  CHECK_FALSE(is_as_desired(change, type, live_of(R"({"cert":"old"})")));
  FieldChange of_key;
  of_key.path = *FieldPath::parse("key");
  of_key.secret = true;
  change.fields.push_back(of_key);
  CHECK_FALSE(is_as_desired(change, type, live_of(R"({"cert":"new"})")));
}

TEST_CASE("a Secret's stringData is its decoded data") {
  test::ThingTypes types;
  TypeTable& table = types.types().types();
  Type& schema = table.make(TypeKind::record);
  TypePtr secrets = table.map(table.secret(table.basic(TypeKind::string)));
  schema.fields = {{"data", secrets, FieldFlag::sensitive, ""},
                   {"stringData", secrets, FieldFlag::sensitive | FieldFlag::write_only, ""}};
  ResourceType type;
  type.schema = &schema;
  type.kubernetes.kind = "Secret";
  Value desired = decoded(R"({"stringData":{"$map":{"k":"hi"}}})");
  LiveObject live = live_of(R"({"data":{"k":"aGk="}})");
  DiffInput input{.type = type, .desired = desired, .live = &live};
  CHECK(diff(input).empty());
  live = live_of(R"({"data":{"k":"aG8="}})");
  CHECK(lines(diff(input)) == "stringData.k (secret)\n");
}
