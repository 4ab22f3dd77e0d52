// What the planner refuses, and what it keeps out of harm.

#include "engine/plan/planner.h"

#include <doctest/doctest.h>
#include <algorithm>

#include "base/value_json.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

namespace {

const Diagnostic& only_error(const ThingWorld& world) {
  REQUIRE(world.sink.all().size() == 1);
  return world.sink.all().front();
}

bool says(const Diagnostic& diagnostic, std::string_view part) {
  bool found = diagnostic.message.find(part) != std::string::npos;
  for (const std::string& note : diagnostic.notes) found = found || note.find(part) != std::string::npos;
  for (const Help& help : diagnostic.helps) found = found || help.text.find(part) != std::string::npos;
  return found;
}

}  // namespace

TEST_CASE("an object that somebody else made is refused with the line to write") {
  ThingWorld world;
  Resource& db = world.declare("db", R"({"image":"a"})");
  LiveObject& live = world.observe("db", R"({"image":"b"})", "u1");
  live.writers.push_back({"helm", "Update", "2026-01-02", *FieldSet::decode(R"(["image"])")});
  SUBCASE("refused") {
    Plan plan = world.plan();
    CHECK(plan.changes.empty());
    CHECK(only_error(world).code == DiagnosticCode::not_owned);
    CHECK(says(only_error(world), "helm at 2026-01-02"));
    CHECK(says(only_error(world), "adopt \"db\""));
  }
  SUBCASE("adopted with its changes") {
    db.settings.adopt = "db";
    CHECK(ThingWorld::lines(world.plan()) == "adopt db because adopted\n  image \"b\" => \"a\"\n");
  }
  SUBCASE("adopted by uid") {
    db.settings.adopt = "u1";
    CHECK(world.plan().summary.adopt == 1);
  }
  SUBCASE("another one was meant") {
    db.settings.adopt = "u2";
    world.plan();
    CHECK(world.codes() == "C0416");
  }
  SUBCASE("made by carbon, as its token says") {
    live.token = "t1";
    PlanOptions options = world.options();
    options.owns_token = [](std::string_view token) { return token == "t1"; };
    CHECK(world.plan(options).summary.adopt == 1);
    live.token = "of another platform";
    CHECK(world.plan(options).changes.empty());
    CHECK(world.codes() == "C0416");
  }
  SUBCASE("adopting never destroys") {
    db.settings.adopt = "";
    db.desired = *decode_value(R"({"name":"db","zone":"b"})");
    live.object = *parse_json(R"({"zone":"a"})");
    world.plan();
    CHECK(world.codes() == "C0416");
  }
}

TEST_CASE("nothing to adopt is an error, and a no-op once owned") {
  ThingWorld world;
  world.declare("db", "{}").settings.adopt = "";
  world.absent("db");
  CHECK(world.plan().changes.empty());
  CHECK(world.codes() == "C0419");
  world.observe("db", "{}", "u1");
  world.own("db", "u1", "[]");
  CHECK(world.plan().changes.empty());
  CHECK(world.codes().empty());
}

TEST_CASE("an object that was made again by somebody is neither changed nor deleted") {
  ThingWorld world;
  world.declare("db", R"({"image":"a"})");
  world.observe("db", R"({"image":"b"})", "u2");
  world.own("db", "u1", R"(["image"])");
  world.observe("old", "{}", "u4");
  world.own("old", "u3", "[]");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "release old because no longer declared (somebody made it again: it stays)\n");
  CHECK(only_error(world).code == DiagnosticCode::not_owned);
}

TEST_CASE("what cannot be read is neither created, changed nor deleted") {
  ThingWorld world;
  for (const char* name : {"a", "b"}) {
    world.declare(name, "{}");
    world.unreadable(name, "connection refused");
  }
  world.declare("user", "{}");
  world.absent("user");
  world.need("user", "a");
  world.declare("free", "{}");
  world.absent("free");
  world.own("gone", "u1", "[]");
  world.unreadable("gone", "403");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) == "create free\n  name - => \"free\"\n");
  CHECK(plan.blocked == std::vector<Address>{"a", "b", "gone", "user"});
  CHECK(world.codes() == "C0417 C0417");
  CHECK(says(world.sink.all()[1], "`a` and 1 more"));
}

TEST_CASE("an object that nobody asked about is unknown, not absent") {
  ThingWorld world;
  world.declare("db", "{}");
  world.own("old", "u1", "[]");
  CHECK(world.plan().changes.empty());
  CHECK(world.codes() == "C0417");
}

TEST_CASE("what is no longer declared") {
  ThingWorld world;
  InventoryEntry& old = world.own("old", "u1", R"(["image"])");
  SUBCASE("is deleted") {
    world.observe("old", "{}", "u1");
    CHECK(ThingWorld::lines(world.plan()) == "delete old because no longer declared\n");
  }
  SUBCASE("is forgotten when it is gone") {
    world.absent("old");
    CHECK(ThingWorld::lines(world.plan()) == "release old because no longer declared (already gone)\n");
  }
  SUBCASE("is kept when it is protected") {
    world.observe("old", "{}", "u1");
    old.protect = true;
    CHECK(world.plan().changes.empty());
    CHECK(only_error(world).code == DiagnosticCode::protected_resource);
    CHECK(says(only_error(world), "platform.carbon:1"));
  }
  SUBCASE("is never forgotten with its provider") {
    world.observe("old", "{}", "u1");
    old.provider = "former";
    CHECK(world.plan().changes.empty());
    CHECK(only_error(world).code == DiagnosticCode::orphaned_provider);
    CHECK(says(only_error(world), "declared at platform.carbon:1"));
    CHECK(says(only_error(world), "declare `former` again"));
    CHECK(says(only_error(world), "removed old keep"));
  }
  SUBCASE("is never forgotten with its type") {
    old.type = "test.Former";
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0415");
  }
}

TEST_CASE("the delete budget") {
  ThingWorld world;
  auto fill = [&](int owned, int gone) {
    for (int i = 0; i < owned; ++i) {
      std::string name = "n" + std::to_string(1000 + i);
      if (i >= gone) world.declare(name, "{}");
      world.observe(name, "{}", name);
      world.own(name, name, "[]");
    }
  };
  SUBCASE("five are allowed") {
    fill(10, 5);
    CHECK(world.plan().summary.delete_ == 5);
    CHECK(world.codes().empty());
  }
  SUBCASE("six of ten are not, but are shown") {
    fill(10, 6);
    CHECK(world.plan().summary.delete_ == 6);
    CHECK(only_error(world).code == DiagnosticCode::delete_budget);
    CHECK(says(only_error(world), "--max-delete 6"));
    PlanOptions options = world.options();
    options.max_delete = 6;
    world.plan(options);
    CHECK(world.codes().empty());
    options.max_delete = 0;
    world.plan(options);
    CHECK(world.codes() == "C0413");
  }
  SUBCASE("five percent of many") {
    fill(200, 10);
    world.plan();
    CHECK(world.codes().empty());
  }
}

TEST_CASE("data goes only when its kind is named") {
  ThingWorld world;
  world.observe("data", R"({"name":"data","zone":"a"})", "u1");
  world.own("data", "u1", R"(["zone"])").type = "test.Volume";
  SUBCASE("delete") {}
  SUBCASE("replace") { world.declare_volume("data", R"({"zone":"b"})"); }
  Plan plan = world.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].reversibility == Reversibility::one_way);
  CHECK(only_error(world).code == DiagnosticCode::data_bearing_delete);
  CHECK(says(only_error(world), "--allow-delete test.Volume"));
  for (const char* kind : {"Volume", "test.Volume"}) {
    PlanOptions options = world.options();
    options.allow_delete = {kind};
    world.plan(options);
    CHECK(world.codes().empty());
  }
}

TEST_CASE("objects of another server are left alone") {
  ThingWorld world;
  world.declare("db", "{}");
  world.absent("db");
  world.own("db", "u1", "[]");
  world.own("old", "u2", "[]");
  world.observe("old", "{}", "u2");
  world.live.targets["server"].uid = "target-2";
  CHECK(world.plan().changes.empty());
  CHECK(only_error(world).code == DiagnosticCode::wrong_target);
}

TEST_CASE("a cluster that the environment does not name is left alone, whoever owns what is there") {
  ThingWorld world;
  PlanOptions options = world.options();
  SUBCASE("of what is declared") {
    world.declare("db", "{}");
    world.absent("db");
  }
  SUBCASE("of what is only owned") {
    world.own("old", "u2", "[]");
    world.observe("old", "{}", "u2");
  }
  CHECK(world.plan(options).changes.size() == 1);
  options.cluster_uids = {"target-1", "another"};
  CHECK(world.plan(options).changes.size() == 1);
  options.cluster_uids = {"another"};
  CHECK(world.plan(options).changes.empty());
  CHECK(only_error(world).code == DiagnosticCode::wrong_target);
  CHECK(says(only_error(world), "write its uid into the environment"));
}

TEST_CASE("an address keeps its type and its provider") {
  ThingWorld world;
  world.declare("db", "{}");
  world.observe("db", "{}", "u1");
  InventoryEntry& entry = world.own("db", "u1", "[]");
  SUBCASE("type") { entry.type = "test.Volume"; }
  SUBCASE("provider") {
    entry.provider = "former";
    CHECK(world.plan().summary.unchanged == 1);  // renamed only: the same server
    entry.provider_key = "target-0";
  }
  CHECK(world.plan().changes.empty());
  CHECK(only_error(world).code == DiagnosticCode::moved_identity);
  CHECK(says(only_error(world), "give it another name"));
}

TEST_CASE("destroy spares what is protected, by the last apply or by its block") {
  ThingWorld world;
  Resource& db = world.declare("db", "{}");
  world.observe("db", "{}", "u1");
  InventoryEntry& entry = world.own("db", "u1", "[]");
  PlanOptions options = world.options();
  options.destroy = true;
  CHECK(world.plan(options).summary.delete_ == 1);
  SUBCASE("by the last apply") { entry.protect = true; }
  SUBCASE("by its block") { db.settings.protect = true; }
  CHECK(world.plan(options).changes.empty());
  CHECK(only_error(world).code == DiagnosticCode::protected_resource);
  CHECK(says(only_error(world), "take `protect` out of its block and apply, then destroy"));
}

TEST_CASE("protection that was lifted in the file alone says how it goes on") {
  ThingWorld world;
  world.declare("db", R"({"zone":"b"})");
  world.observe("db", R"({"zone":"a"})", "u1");
  world.own("db", "u1", R"(["zone"])").protect = true;
  CHECK(world.plan().changes.empty());
  CHECK(only_error(world).code == DiagnosticCode::protected_resource);
  CHECK(says(only_error(world), "apply once with the former value of `zone`"));
}
