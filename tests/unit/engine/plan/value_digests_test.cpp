#include "engine/plan/value_digests.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/value_json.h"
#include "engine/plan/planner.h"
#include "tests/support/thing_type.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

TEST_CASE("where no server says who wrote, what was applied last tells drift from a changed file") {
  struct Row {
    const char* about;
    const char* applied;  ///< by the last apply
    const char* live;
    const char* desired;
    const char* because;
  };
  const Row rows[] = {
      {"only the live field is another", R"({"replicas":2})", R"({"replicas":6})", R"({"replicas":2})",
       "drift (writer not known)"},
      {"only the file is another", R"({"replicas":2})", R"({"replicas":2})", R"({"replicas":3})",
       "changed in the platform file"},
      {"both are", R"({"replicas":2})", R"({"replicas":6})", R"({"replicas":3})",
       "changed in the platform file and drift"},
      {"one field each", R"({"image":"a","replicas":2})", R"({"image":"a","replicas":6})",
       R"({"image":"b","replicas":2})", "changed in the platform file and drift"},
      {"a spelling is no change", R"({"memory":{"$quantity":["1Gi",1]}})", R"({"memory":"2Gi"})",
       R"({"memory":{"$quantity":["1024Mi",1]}})", "drift (writer not known)"},
      {"a field that is gone there", R"({"replicas":2})", "{}", R"({"replicas":2})",
       "drift (writer not known)"},
      {"a field that is no longer declared", R"({"image":"a"})", R"({"image":"a"})", "{}",
       "changed in the platform file"},
      {"an item of a list", R"({"args":["a","b"]})", R"({"args":["a","c"]})", R"({"args":["a","b"]})",
       "drift (writer not known)"},
      {"a field of a record in a list, where the server adds others",
       R"({"tolerations":[{"key":"a","effect":"x"}]})",
       R"({"tolerations":[{"key":"a","effect":"x","seconds":9}]})",
       R"({"tolerations":[{"key":"b","effect":"x"}]})", "changed in the platform file"},
      {"a record that is gone", R"({"tolerations":[{"key":"a"},{"key":"b"}]})",
       R"({"tolerations":[{"key":"a"}]})", R"({"tolerations":[{"key":"a"},{"key":"b"}]})",
       "drift (writer not known)"},
      {"one of a document", R"({"config":{"panels":[{"title":"a"}]}})",
       R"({"config":{"panels":[{"title":"b","id":1}]}})", R"({"config":{"panels":[{"title":"a"}]}})",
       "drift (writer not known)"},
      {"a new field", "{}", R"({"replicas":1})", R"({"replicas":2})", "changed in the platform file"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    ThingWorld world;
    world.declare_volume("db", row.desired);
    world.observe("db", row.live, "");
    FieldSet fields = managed_fields(world.types.volume(), *decode_value(row.applied), {});
    world.own_volume("db", fields.encode(), row.applied);
    Plan plan = world.plan();
    REQUIRE(plan.changes.size() == 1);
    const Change& change = plan.changes[0];
    CHECK(change.action == Action::update);
    std::string because(to_string(change.because));
    if (!change.because_detail.empty()) because += " " + change.because_detail;
    CHECK(because == row.because);
  }
}

TEST_CASE(
    "a reference has a digest where it is one name, and none where the server's number stands beside it") {
  test::ThingTypes types;
  ResourceType type;
  type.schema = types.thing().schema;
  type.transport = Transport::http;
  FieldSet fields;
  fields.insert(*FieldPath::parse("parent"));
  KeyedDigest digest = [](std::string_view, std::string_view field, std::string_view content) {
    return fmt::format("{} {}", field, content);
  };
  auto told = [&](const char* object) {
    return value_digests(type, "x", fields, *decode_value(object), {}, digest).contains("parent");
  };
  CHECK(told(R"({"parent":{"name":"a"}})"));
  CHECK_FALSE(told(R"({"parent":{"name":"a","id":7}})"));
}

TEST_CASE("a row of before there were digests says what it said then, and digests hold no value") {
  ThingWorld world;
  world.declare_volume("db", R"({"image":"hunter2"})");
  world.observe("db", R"({"image":"b"})", "");
  InventoryEntry& entry = world.own_volume("db", R"(["image"])", R"({"image":"hunter2"})");
  REQUIRE(entry.value_digests.size() == 2);
  CHECK(entry.value_digests.at("image").size() == 16);
  CHECK(encode_entry(entry).find("hunter2") == std::string::npos);
  CHECK(encode_entry(*decode_entry(encode_entry(entry))) == encode_entry(entry));
  entry.value_digests.clear();
  std::string row = encode_entry(entry);
  CHECK(row.find("value_digests") == std::string::npos);
  entry = *decode_entry(row);
  CHECK(ThingWorld::lines(world.plan()).starts_with("update db because changed in the platform file\n"));
}

TEST_CASE("what a killed write may not have done is not taken for drift") {
  ThingWorld world;
  LiveObject& live = world.observe("db", R"({"image":"old","replicas":2})", "");
  InventoryEntry& entry =
      world.own_volume("db", R"(["image","replicas"])", R"({"image":"new","replicas":2})");
  keep_what_holds(entry, world.types.volume(), live, world.options().digest);
  CHECK(entry.value_digests.size() == 2);
  CHECK(entry.value_digests.contains("replicas"));
}

TEST_CASE("what a server adds to the records of a list does not hide that they were written") {
  ThingWorld world;
  const char* written =
      R"({"tolerations":[{"key":"a"}],"config":{"panels":[{"title":"a"},2]},"ports":[{"port":80,"protocol":"TCP"}]})";
  auto holds = [&](const char* live) {
    FieldSet fields = managed_fields(world.types.volume(), *decode_value(written), {});
    InventoryEntry& entry = world.own_volume("db", fields.encode(), written);
    return keep_what_holds(entry, world.types.volume(), world.observe("db", live, ""),
                           world.options().digest);
  };
  CHECK(holds(R"({"tolerations":[{"key":"a","seconds":1}],"config":{"panels":[{"title":"a","id":7},2],"id":1},
                  "ports":[{"port":80,"protocol":"TCP","label":"x"}]})"));
  CHECK_FALSE(holds(R"({"tolerations":[{"key":"b"}],"config":{"panels":[{"title":"a"},2]},
                        "ports":[{"port":80,"protocol":"TCP"}]})"));
  CHECK_FALSE(holds(R"({"tolerations":[{"key":"a"},{"key":"b"}],"config":{"panels":[{"title":"a"},2]},
                        "ports":[{"port":80,"protocol":"TCP"}]})"));
  CHECK_FALSE(holds(R"({"tolerations":[{"key":"a"}],"config":{"panels":[{"title":"a"},3]},
                        "ports":[{"port":80,"protocol":"TCP"}]})"));
}

TEST_CASE("with another key nothing is told, rather than something wrong") {
  ThingWorld world;
  world.declare_volume("db", R"({"replicas":2})");
  LiveObject& live = world.observe("db", R"({"replicas":6})", "");
  InventoryEntry& entry = world.own_volume("db", R"(["replicas"])", R"({"replicas":2})");
  PlanOptions options = world.options();
  options.digest = [](std::string_view, std::string_view, std::string_view content) {
    return "another" + std::string(content);
  };
  CHECK(
      ThingWorld::lines(world.plan(options)).starts_with("update db because changed in the platform file\n"));
  CHECK(keep_what_holds(entry, world.types.volume(), live, options.digest));
  CHECK(entry.value_digests.empty());
}

TEST_CASE("what is declared anew with the value that is there is remembered, as are rows without digests") {
  ThingWorld world;
  world.declare_volume("db", R"({"image":"a","replicas":2})");
  world.observe("db", R"({"image":"a","replicas":2})", "");
  InventoryEntry& entry = world.own_volume("db", R"(["image","replicas"])", R"({"image":"a","replicas":2})");
  DigestMap all = entry.value_digests;
  CHECK(world.plan().records.empty());
  SUBCASE("a field was added") {
    entry.applied = *FieldSet::decode(R"(["image"])");
    entry.value_digests.erase("replicas");
  }
  SUBCASE("a field was taken away that is gone there") { entry.applied.insert(*FieldPath::parse("port")); }
  SUBCASE("an older row") { entry.value_digests.clear(); }
  Plan plan = world.plan();
  CHECK(plan.changes.empty());
  REQUIRE(plan.records.size() == 1);
  CHECK(plan.records[0].what == std::vector<std::string>{"fields"});
  CHECK(plan.records[0].applied == FieldSet::decode(R"(["image","replicas"])").value());
  CHECK(plan.records[0].value_digests == all);
}
