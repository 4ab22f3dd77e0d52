#include <doctest/doctest.h>

#include "engine/plan/plan_file.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

namespace {

/// `robot` keeps its `token` in `sink`, and `user` has it as its password. All are there.
void declare_robot(ThingWorld& world) {
  world.declare("sink", "{}");
  world.observe("sink", R"({"name":"sink"})", "s1");
  world.own("sink", "s1", "[]");
  Resource& robot = world.declare("robot", "{}");
  robot.settings.keeps = {{"token", "sink"}};
  world.observe("robot", R"({"name":"robot"})", "r1");
  world.own("robot", "r1", "[]");
  Resource& user = world.declare("user", "{}");
  Value token = Value::secret({"attribute", {Value::string("sink"), Value::string("stringData.token")}});
  user.desired =
      Value::record({{Value::string("name"), Value::string("user")}, {Value::string("password"), token}});
  world.observe("user", R"({"name":"user","password":"x"})", "u1");
  world.own("user", "u1", R"(["password"])").digests["password"] = "of-user";
  world.live.digests["user"]["password"] = "of-user";
  world.live.live_digests["user"]["password"] = "of-user";
  world.need("robot", "sink");
  world.need("user", "robot");
}

}  // namespace

TEST_CASE("a kept value that is where it was stored needs nothing") {
  ThingWorld world;
  declare_robot(world);
  world.inventory.entries.at("robot").digests["token"] = "issued";
  world.live.live_digests["robot"]["token"] = "issued";
  CHECK(world.plan().changes.empty());
}

TEST_CASE("what is there and was never recorded is taken as it is") {
  ThingWorld world;
  declare_robot(world);
  world.live.live_digests["robot"]["token"] = "of somebody";
  CHECK(world.plan().changes.empty());
}

TEST_CASE("a kept value that is lost is made anew, and what has it changes too") {
  ThingWorld world;
  declare_robot(world);
  SUBCASE("it is not there") { world.inventory.entries.at("robot").digests["token"] = "issued"; }
  SUBCASE("another one is there") {
    world.inventory.entries.at("robot").digests["token"] = "issued";
    world.live.live_digests["robot"]["token"] = "another";
  }
  SUBCASE("it was issued, and never stored") {
    world.inventory.entries.at("robot").digests["token"] = "";
    world.live.live_digests["robot"]["token"] = "the one before";
  }
  SUBCASE("it was never kept") {}
  Plan plan = world.plan();
  // A thing has no `update token`, so only another object has another one.
  CHECK(ThingWorld::lines(plan) ==
        "replace robot because a kept value is lost ((`token` is not in `sink`))\n"
        "  token (secret)\n"
        "update user because a secret changed\n"
        "  password (secret)\n");
  REQUIRE(plan.changes.size() == 2);
  CHECK(plan.changes[0].keeps == std::vector<Keep>{{"token", "sink"}});
  CHECK(plan.changes[0].because == Because::lost);
}

TEST_CASE("a change of something else does not have the value made anew") {
  ThingWorld world;
  declare_robot(world);
  world.inventory.entries.at("robot").digests["token"] = "issued";
  world.live.live_digests["robot"]["token"] = "issued";
  world.resources[1].desired = Value::record(
      {{Value::string("name"), Value::string("robot")}, {Value::string("image"), Value::string("b")}});
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "update robot because changed in the platform file\n"
        "  image - => \"b\"\n");
}

TEST_CASE("a secret of an object that is made anew is another one") {
  ThingWorld world;
  declare_robot(world);
  world.inventory.entries.at("robot").digests["token"] = "issued";
  world.live.live_digests["robot"]["token"] = "issued";
  world.absent("sink");
  world.live.live_digests["robot"].clear();
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan).find("update user because a secret changed") != std::string::npos);
}
