// `moved` and `removed`: which object an address means, and what the plan says of it.

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "engine/plan/plan_code.h"
#include "engine/plan/plan_file.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

namespace {

void move(ThingWorld& world, const std::string& from, const std::string& to) {
  world.moves.add(Move{from, to, {}, {}});
}

/// Owned as `old`, declared as `now`, equal but for what a test changes.
struct Renamed : ThingWorld {
  Renamed() {
    declare("now", R"({"name":"old","image":"a"})");
    own("old", "u1", R"(["image","name"])");
    observe("now", R"({"name":"old","image":"a"})", "u1");
    move(*this, "old", "now");
  }
};

}  // namespace

TEST_CASE("an address is within another at a whole name or key only") {
  CHECK(is_within("a", "a"));
  CHECK(is_within("a.b", "a"));
  CHECK(is_within(R"(a["k"].b)", "a"));
  CHECK(is_within(R"(a["k"].b)", R"(a["k"])"));
  CHECK_FALSE(is_within("ab", "a"));
  CHECK_FALSE(is_within("a", "a.b"));
  CHECK_FALSE(is_within(R"(a["kk"])", R"(a["k)"));
}

TEST_CASE("moves are followed, the most specific first") {
  Moves moves;
  for (auto [from, to] : std::vector<std::pair<std::string, std::string>>{{"a", "b"},
                                                                          {"b.x", "b.y"},
                                                                          {"c", "d"},
                                                                          {R"(c["k"])", "one"},
                                                                          {"single", R"(single["s"])"},
                                                                          {"l", "r"},
                                                                          {"r", "l"}}) {
    moves.add(Move{from, to, {}, {}});
  }
  CHECK(moves.follow("other") == "other");
  CHECK(moves.follow("a.z") == "b.z");
  CHECK(moves.follow("a.x.deep") == "b.y.deep");
  CHECK(moves.follow(R"(c["k"])") == "one");
  CHECK(moves.follow(R"(c["m.k"].in)") == R"(d["m.k"].in)");
  CHECK(moves.follow("single") == R"(single["s"])");
  CHECK(moves.follow(R"(single["t"])") == R"(single["t"])");
  CHECK_FALSE(moves.follow("l"));
}

TEST_CASE("a moved object is neither deleted nor created") {
  Renamed world;
  SUBCASE("nothing else differs") {
    Plan plan = world.plan();
    CHECK(ThingWorld::lines(plan) == "move now because moved from old\n");
    CHECK(plan.summary.move == 1);
    CHECK_FALSE(plan.summary.empty());
    CHECK(plan.records.empty());
    Result<Plan> back = decode_plan(encode_plan(plan));
    REQUIRE(back);
    CHECK(back->changes.front().moved_from == "old");
    CHECK(back->changes.front().action == Action::move);
    CHECK(back->summary.move == 1);
    CHECK(encode_plan(*back) == encode_plan(plan));
  }
  SUBCASE("a field differs too") {
    world.resources.front().desired = *decode_value(R"({"name":"old","image":"b"})");
    CHECK(ThingWorld::lines(world.plan()) ==
          "update now because changed in the platform file from old\n  image \"a\" => \"b\"\n");
  }
  SUBCASE("it was deleted by hand") {
    world.live.objects["now"] = {};
    world.absent("now");
    CHECK(world.plan().changes.front().action == Action::create);
    CHECK(world.plan().changes.front().moved_from == "old");
  }
  SUBCASE("somebody made it again") {
    world.live.objects["now"].uid = "u2";
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0416");
  }
  SUBCASE("a protected object moves, and stays protected") {
    world.inventory.entries["old"].protect = true;
    world.resources.front().settings.protect = true;
    Plan plan = world.plan();
    CHECK(plan.summary.move == 1);
    CHECK(plan.changes.front().protect);
  }
  SUBCASE("done long ago, the line means nothing") {
    InventoryEntry entry = world.inventory.entries["old"];
    entry.address = "now";
    world.inventory.entries = {{"now", entry}};
    CHECK(world.plan().changes.empty());
    CHECK(world.codes().empty());
  }
  SUBCASE("destroying goes by the address that the inventory has") {
    world.observe("old", R"({"name":"old","image":"a"})", "u1");
    PlanOptions options = world.options();
    options.destroy = true;
    CHECK(ThingWorld::lines(world.plan(options)) == "delete old because destroy was asked for\n");
  }
}

TEST_CASE("what needs a moved object is to remember its new address") {
  Renamed world;
  world.declare("user", R"({"image":"a"})");
  world.need("user", "now");
  world.own("user", "u2", R"(["image","name"])").needs = {"old"};
  world.observe("user", R"({"name":"user","image":"a"})", "u2");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) == "move now because moved from old\n");
  REQUIRE(plan.records.size() == 1);
  CHECK(plan.records.front().needs == std::vector<Address>{"now"});
}

TEST_CASE("digests keep the address that they were made with") {
  ThingWorld world;
  world.declare_volume("now", R"({"name":"old","size":"2Gi"})");
  world.own_volume("old", R"(["name","size"])", R"({"name":"old","size":"1Gi"})");
  world.observe("now", R"({"name":"old","size":"1Gi"})", "");
  move(world, "old", "now");
  // Applied as 1Gi and there as 1Gi: it is the file that changed. Under another key both would seem to.
  Plan plan = world.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes.front().because == Because::declared);
  CHECK(plan.changes.front().because_detail.empty());
  // Applied and declared as 1Gi, and 3Gi there: somebody changed it.
  world.resources.front().desired = *decode_value(R"({"name":"old","size":"1Gi"})");
  world.observe("now", R"({"name":"old","size":"3Gi"})", "");
  plan = world.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes.front().because == Because::drift);
  InventoryEntry entry = moved_to(world.inventory.entries["old"], "now");
  CHECK(entry.moved_from == "old");
  CHECK(entry.digested_as == "old");
  Result<InventoryEntry> stored = decode_entry(encode_entry(entry));
  REQUIRE(stored);
  CHECK(stored->digest_address() == "old");
  CHECK(stored->moved_from.empty());
  CHECK(moved_to(*stored, "third").digested_as == "old");
  CHECK(moved_to(*stored, "old").digested_as.empty());
}

TEST_CASE("a move that leads nowhere deletes nothing") {
  ThingWorld world;
  world.own("old", "u1", R"(["image"])");
  world.observe("old", R"({"name":"old","image":"a"})", "u1");
  world.absent(R"(all["here"])");
  world.declare(R"(all["here"])", R"({"image":"a"})");
  SUBCASE("a key that is not there, where others are") {
    move(world, "old", R"(all["hare"])");
    Plan plan = world.plan();
    CHECK(plan.summary.delete_ == 0);
    CHECK(world.codes() == "C0421");
    CHECK(world.sink.all().front().helps.front().text == R"(did you mean `all["here"]`?)");
  }
  SUBCASE("a target that is owned already") {
    move(world, "old", R"(all["here"])");
    world.own(R"(all["here"])", "u2", R"(["image","name"])");
    world.observe(R"(all["here"])", R"({"name":"all[\"here\"]","image":"a"})", "u2");
    Plan plan = world.plan();
    CHECK(plan.changes.empty());
    CHECK(world.codes() == "C0421");
  }
  SUBCASE("a name that this environment leaves out: no longer declared") {
    move(world, "old", "elsewhere");
    CHECK(ThingWorld::lines(world.plan()).starts_with("create"));
    CHECK(world.plan().summary.delete_ == 1);
    CHECK(world.codes().empty());
  }
}

TEST_CASE("removed and kept: the inventory forgets, whatever can be reached") {
  ThingWorld world;
  InventoryEntry& entry = world.own("old.db", "u1", R"(["image"])");
  entry.protect = true;
  world.moves.add(Removal{"old", false, {}});
  SUBCASE("nobody was asked about it") {}
  SUBCASE("its provider is gone") { entry.provider = "lost"; }
  SUBCASE("its type is gone") { entry.type = "test.Lost"; }
  SUBCASE("it is on another server") { entry.provider_key = "target-2"; }
  SUBCASE("all else is destroyed") {
    PlanOptions options = world.options();
    options.destroy = true;
    CHECK(ThingWorld::lines(world.plan(options)) == "release old.db because removed, and to be kept\n");
  }
  CHECK(ThingWorld::lines(world.plan()) == "release old.db because removed, and to be kept\n");
  CHECK(world.codes().empty());
}

TEST_CASE("removed and destroyed: also when protected, and within the other limits") {
  ThingWorld world;
  InventoryEntry& entry = world.own("old", "u1", R"(["image"])");
  entry.protect = true;
  world.observe("old", R"({"name":"old","image":"a"})", "u1");
  SUBCASE("without the line it is refused, with the lines to write") {
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0405");
    const Diagnostic& error = world.sink.all().front();
    CHECK(error.message == "`old` is protected and its block was deleted");
    REQUIRE(error.helps.size() == 3);
    CHECK(error.helps[0].text == "to delete it, write: removed old destroy");
    CHECK(error.helps[1].text == "to forget it, write: removed old keep");
  }
  world.moves.add(Removal{"old", true, {}});
  SUBCASE("deleted") {
    CHECK(ThingWorld::lines(world.plan()) == "delete old because removed, and to be destroyed\n");
    CHECK(world.codes().empty());
  }
  SUBCASE("the delete budget holds") {
    PlanOptions options = world.options();
    options.max_delete = 0;
    world.plan(options);
    CHECK(world.codes() == "C0413");
  }
  SUBCASE("data goes only when its kind is named") {
    entry.type = "test.Volume";
    world.plan();
    CHECK(world.codes() == "C0414");
  }
}
