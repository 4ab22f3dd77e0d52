// Replacements that create first, and resources behind servers that the platform itself makes.

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "engine/plan/planner.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

TEST_CASE("`replace create_first` plans the new object and, last, the end of the old one") {
  ThingWorld world;
  Resource& db = world.declare("db", R"({"name":"new","zone":"a"})");
  db.settings.replace = ReplaceOrder::create_first;
  world.declare("user", "{}");
  world.absent("user");
  world.need("user", "db");
  world.absent("db");
  InventoryEntry& entry = world.own("db", "u1", R"(["zone"])");
  entry.identity = *decode_value(R"({"name":"old"})");
  LiveObject& former = world.live.former["db"];
  former.presence = Presence::present;
  former.object = *parse_json(R"({"name":"old","zone":"a"})");
  former.uid = "u1";
  SUBCASE("another name") {
    Plan plan = world.plan();
    CHECK(world.codes().empty());
    REQUIRE(plan.changes.size() == 3);
    CHECK(plan.changes[0].address == "db");
    CHECK(plan.changes[0].create_first);
    CHECK(plan.changes[0].former.is_null());
    CHECK(symbol(plan.changes[0]) == "+/-");
    CHECK(plan.changes[1].address == "user");
    CHECK(plan.changes[2].address == "db#former");
    CHECK(plan.changes[2].moved_from == "db");
    CHECK(plan.changes[2].action == Action::delete_);
    CHECK(plan.changes[2].because == Because::replaced);
    CHECK(plan.changes[2].fingerprint.uid == "u1");
  }
  SUBCASE("protected") {
    db.settings.protect = true;
    world.plan();
    CHECK(world.only_error().code == DiagnosticCode::protected_resource);
  }
  SUBCASE("an earlier one is still there") {
    InventoryEntry& earlier = world.own("db#former", "u0", "[]");
    earlier.identity = *decode_value(R"({"name":"older"})");
    world.observe("db#former", R"({"name":"older"})", "u0");
    Plan plan = world.plan();
    CHECK(world.codes().empty());
    REQUIRE(plan.changes.size() == 4);
    CHECK(plan.changes[2].address == "db#former");
    CHECK(plan.changes[2].fingerprint.uid == "u0");
    CHECK(plan.changes[3].address == "db#former2");
    CHECK(plan.changes[3].because == Because::replaced);
  }
}

TEST_CASE("an old object that a run left behind is deleted by the next") {
  ThingWorld world;
  world.declare("db", "{}");
  world.observe("db", R"({"name":"db"})", "u2");
  world.own("db", "u2", "[]");
  InventoryEntry& former = world.own("db#former", "u1", "[]");
  former.identity = *decode_value(R"({"name":"old"})");
  world.observe("db#former", R"({"name":"old"})", "u1");
  Plan plan = world.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::delete_);
  CHECK(plan.changes[0].because == Because::replaced);
}

TEST_CASE("two objects of one name are not there at the same time") {
  ThingWorld world;
  world.declare("db", R"({"zone":"b"})").settings.replace = ReplaceOrder::create_first;
  world.observe("db", R"({"zone":"a"})", "u1");
  world.own("db", "u1", R"(["zone"])");
  CHECK(world.plan().changes.empty());
  CHECK(world.only_error().code == DiagnosticCode::same_name_twice);
}

TEST_CASE("what is behind a server that the plan makes anew is planned as later") {
  ThingWorld world;
  world.providers.front().served_by = {"server"};
  Provider other = world.providers.front();
  other.address = "cluster";
  other.served_by.clear();
  world.providers.push_back(other);
  world.declare("server", R"({"zone":"b"})").provider = 1;
  world.own("server", "u1", R"(["zone"])").provider = "cluster";
  world.declare("db", "{}");
  world.need("db", "server");
  world.observe("db", "{}", "u2");
  world.own("db", "u2", "[]");
  SUBCASE("replaced") {
    world.observe("server", R"({"zone":"a"})", "u1");
    Plan plan = world.plan();
    REQUIRE(plan.changes.size() == 2);
    CHECK(plan.changes[1].address == "db");
    CHECK(plan.changes[1].action == Action::later);
    CHECK(plan.changes[1].stage == 2);
  }
  SUBCASE("as it is") {
    world.observe("server", R"({"zone":"b"})", "u1");
    CHECK(world.plan().changes.empty());
  }
  SUBCASE("gone, and all is destroyed") {
    world.absent("server");
    world.live.objects["db"].presence = Presence::later;
    PlanOptions options = world.options();
    options.destroy = true;
    Plan plan = world.plan(options);
    CHECK(world.codes().empty());
    REQUIRE(plan.changes.size() == 2);
    CHECK(plan.changes[0].action == Action::release);
    CHECK(plan.changes[0].because_detail == "gone with its server");
  }
}
