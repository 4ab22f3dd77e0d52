#include "engine/plan/planner.h"

#include <doctest/doctest.h>
#include <algorithm>

#include "base/value_json.h"
#include "engine/plan/diff.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

TEST_CASE("what is absent is created, with all its fields") {
  ThingWorld world;
  world.declare("db", R"({"image":"a","args":["x"]})");
  world.absent("db");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "create db\n"
        "  args - => [\"x\"]\n"
        "  image - => \"a\"\n"
        "  name - => \"db\"\n");
  REQUIRE(plan.changes.size() == 1);
  const Change& change = plan.changes[0];
  CHECK(change.identity_text == "db");
  CHECK(change.provider == "server");
  CHECK(change.declared.line == 1);
  CHECK_FALSE(change.fingerprint.present);
  CHECK(change.applied.encode() == R"(["args","image"])");
  CHECK(plan.summary.create == 1);
  REQUIRE(plan.providers.size() == 1);
  CHECK(plan.providers[0].target->uid == "target-1");
}

TEST_CASE("what is as it should be needs nothing") {
  ThingWorld world;
  world.declare("db", R"({"image":"a","memory":{"$quantity":["1Gi",1]}})");
  world.observe("db", R"({"name":"db","image":"a","memory":"1024Mi"})", "u1");
  world.own("db", "u1", R"(["image","memory"])");
  Plan plan = world.plan();
  CHECK(plan.changes.empty());
  CHECK(plan.summary.empty());
  CHECK(plan.summary.unchanged == 1);
  REQUIRE(plan.quiet.size() == 1);
  CHECK(plan.quiet[0].count == 1);
}

TEST_CASE("a changed field is an update with the fingerprint of what was used") {
  ThingWorld world;
  world.declare("db", R"({"image":"b","replicas":2})");
  world.observe("db", R"({"name":"db","image":"a","replicas":2,"host":"x"})", "u1");
  world.own("db", "u1", R"(["image","labels.gone","replicas"])");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "update db because changed in the platform file\n"
        "  image \"a\" => \"b\"\n");
  const Change& change = plan.changes[0];
  CHECK(change.unchanged == 2);
  CHECK(change.fingerprint.uid == "u1");
  CHECK(change.fingerprint.fields.size() == 2);
  CHECK_FALSE(change.fingerprint.digest.empty());
}

TEST_CASE("a fingerprint leaves out what held a secret, unless its keyed digest is known") {
  ThingWorld world;
  world.declare("db", R"({"image":"plain","replicas":2})");
  world.observe("db", R"({"image":"what was secret","replicas":1})", "u1");
  world.own("db", "u1", R"(["image","replicas"])").digests["image"] = "d0";
  auto names = [&] {
    std::string out;
    Plan plan = world.plan();
    for (const FieldPath& path : plan.changes.at(0).fingerprint.fields) out += path.text() + " ";
    return out;
  };
  CHECK(names() == "replicas ");
  world.live.live_digests["db"]["image"] = "d0";
  CHECK(names() == "image replicas ");
}

TEST_CASE("an update because of drift names who and when") {
  ThingWorld world;
  world.declare("db", R"({"replicas":2})");
  LiveObject& live = world.observe("db", R"({"name":"db","replicas":6})", "u1");
  live.writers.push_back(
      {"kubectl-edit", "Update", "09:14", *FieldSet::decode(R"(["replicas","labels.x"])")});
  world.own("db", "u1", R"(["replicas"])");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "update db because drift (kubectl-edit at 09:14)\n"
        "  replicas 6 => 2\n");
  CHECK(plan.foreign_fields == 1);
}

TEST_CASE("settings of an object that needs no change are to be remembered, and are no change") {
  ThingWorld world;
  Resource& db = world.declare("db", "{}");
  world.declare("disk", "{}");
  world.declare("net", "{}");
  world.declare("peer", "{}").mode = ResourceMode::lookup;
  for (const char* name : {"db", "disk", "net", "peer"}) world.observe(name, "{}", name);
  for (const char* name : {"disk", "net"}) world.own(name, name, "[]");
  InventoryEntry& entry = world.own("db", "db", "[]");
  for (const char* need : {"disk", "net", "peer"}) world.need("db", need);
  entry.needs = {"net", "disk"};
  std::string what;
  SUBCASE("nothing new: neither the order of needs nor a lookup counts") {}
  SUBCASE("a lookup that was read late") { entry.needs.emplace_back("peer"); }
  SUBCASE("protect") {
    db.settings.protect = true;
    what = "protect";
  }
  SUBCASE("no protect") {
    entry.protect = true;
    what = "no protect";
  }
  SUBCASE("a need more") {
    entry.needs.pop_back();
    what = "needs";
  }
  SUBCASE("a need less") {
    entry.needs.emplace_back("gone");
    what = "needs";
  }
  SUBCASE("the provider says something else") {
    entry.provider_config = Value::record({{Value::string("host"), Value::string("former")}});
    what = "provider";
  }
  SUBCASE("the provider has another name") {
    entry.provider = "former";
    what = "provider";
  }
  Plan plan = world.plan();
  CHECK(world.codes().empty());
  CHECK(plan.changes.empty());
  CHECK(plan.summary.empty());
  CHECK(plan.summary.unchanged == 3);
  REQUIRE(plan.records.size() == (what.empty() ? 0 : 1));
  CHECK(plan.summary.record == plan.records.size());
  if (what.empty()) return;
  const Record& record = plan.records[0];
  CHECK(record.address == "db");
  CHECK(record.what == std::vector<std::string>{what});
  CHECK(record.protect == db.settings.protect);
  CHECK(record.needs.size() == 2);
  CHECK(record.provider == "server");
}

TEST_CASE("owned and gone is created again, and said to be drift") {
  ThingWorld world;
  world.declare("db", "{}");
  world.absent("db");
  world.own("db", "u1", "[]");
  CHECK(ThingWorld::lines(world.plan()) ==
        "create db because drift (the object is gone)\n  name - => \"db\"\n");
}

TEST_CASE("dependants come later in the list, deletes last and against their needs") {
  ThingWorld world;
  for (const char* name : {"a", "b", "c"}) {
    world.declare(name, "{}");
    world.absent(name);
  }
  world.need("a", "c");
  for (const char* name : {"x", "y", "z"}) {
    world.own(name, name, "[]");
    world.observe(name, "{}", name);
  }
  world.inventory.entries["x"].needs = {"y", "gone"};
  world.inventory.entries["z"].needs = {"x"};
  Plan plan = world.plan();
  std::string order;
  for (const Change& change : plan.changes) order += change.address;
  CHECK(order == "bcazxy");
  CHECK(plan.changes[2].needs == std::vector<Address>{"c"});
  CHECK(plan.changes[3].because == Because::not_declared);
  CHECK(plan.changes[3].fingerprint.uid == "z");
  CHECK(plan.changes[3].declared.file == "platform.carbon");
}

TEST_CASE("needs that go in a circle in the inventory still give an order") {
  ThingWorld world;
  for (const char* name : {"x", "y"}) {
    world.own(name, name, "[]");
    world.observe(name, "{}", name);
  }
  world.inventory.entries["x"].needs = {"y"};
  world.inventory.entries["y"].needs = {"x"};
  CHECK(world.plan().changes.size() == 2);
}

TEST_CASE("a changed immutable field is a replace") {
  ThingWorld world;
  Resource& db = world.declare("db", R"({"zone":"b"})");
  world.observe("db", R"({"zone":"a"})", "u1");
  InventoryEntry& entry = world.own("db", "u1", R"(["zone"])");
  SUBCASE("as planned") {
    Plan plan = world.plan();
    CHECK(ThingWorld::lines(plan) == "replace db because immutable field (zone)\n  zone \"a\" => \"b\"\n");
    CHECK(plan.summary.replace == 1);
  }
  SUBCASE("refused by protect") { db.settings.protect = true; }
  SUBCASE("refused by protect of the last apply") { entry.protect = true; }
  SUBCASE("refused by `replace never`") { db.settings.replace = ReplaceOrder::never; }
  Plan plan = world.plan();
  if (!plan.changes.empty()) return;
  CHECK(world.only_error().code == DiagnosticCode::protected_resource);
  CHECK(world.only_error().address == "db");
  CHECK(plan.blocked == std::vector<Address>{"db"});
}

TEST_CASE("an address that changed is no delete") {
  ThingWorld world;
  world.declare("new", R"({"name":"x","image":"a"})");
  world.observe("new", R"({"name":"x","image":"a","replicas":1})", "u1");
  world.observe("old", R"({"name":"x","image":"a","replicas":1})", "u1");
  InventoryEntry& entry = world.own("old", "u1", R"(["image","replicas"])");
  entry.identity = *decode_value(R"({"name":"x"})");
  CHECK(ThingWorld::lines(world.plan()) ==
        "adopt new because adopted (was `old`)\n"
        "  replicas 1 => -\n"
        "release old because no longer declared (now `new`)\n");
  CHECK(world.codes().empty());
}

TEST_CASE("destroy deletes all that is owned, in reverse, without the budget") {
  ThingWorld world;
  for (int i = 0; i < 20; ++i) {
    std::string name = "n" + std::to_string(10 + i);
    world.declare(name, "{}");
    world.observe(name, "{}", name);
    InventoryEntry& entry = world.own(name, name, "[]");
    if (i > 0) entry.needs = {"n" + std::to_string(9 + i)};
  }
  PlanOptions options = world.options();
  options.destroy = true;
  Plan plan = world.plan(options);
  CHECK(world.codes().empty());
  CHECK(plan.summary.delete_ == 20);
  CHECK(plan.changes.front().address == "n29");
  CHECK(plan.changes.back().address == "n10");
  CHECK(plan.changes.front().because == Because::destroy_requested);
  SUBCASE("but not what bears data") {
    world.inventory.entries["n10"].type = "test.Volume";
    world.plan(options);
    CHECK(world.codes() == "C0414");
  }
  SUBCASE("nor what is protected") {
    world.inventory.entries["n10"].protect = true;
    CHECK(world.plan(options).summary.delete_ == 19);
    CHECK(world.codes() == "C0405");
  }
  SUBCASE("from the inventory alone") {
    world.resources.clear();
    world.providers.clear();
    for (auto& [address, entry] : world.inventory.entries)
      entry.provider_config = *decode_value(R"({"host":"h"})");
    plan = world.plan(options);
    CHECK(plan.summary.delete_ == 20);
    REQUIRE(plan.providers.size() == 1);
    CHECK(plan.providers[0].type == "test.Server");
  }
}

TEST_CASE("values of live objects are known; of objects that are made now, later") {
  ThingWorld world;
  world.declare("a", "{}");
  world.declare("b", R"({"image":{"$unknown":["attribute",["a","host"]]}})");
  world.need("b", "a");
  world.own("a", "u1", "[]");
  world.own("b", "u2", R"(["image"])");
  world.observe("b", R"({"image":"h1"})", "u2");
  SUBCASE("it exists, and nothing changes") {
    world.observe("a", R"({"host":"h1"})", "u1");
    CHECK(world.plan().changes.empty());
  }
  SUBCASE("it exists, with another value") {
    world.observe("a", R"({"host":"h2"})", "u1");
    CHECK(ThingWorld::lines(world.plan()) ==
          "update b because changed in the platform file\n  image \"h1\" => \"h2\"\n");
  }
  SUBCASE("it is made in this plan") {
    world.absent("a");
    CHECK(ThingWorld::lines(world.plan()) ==
          "create a because drift (the object is gone)\n  name - => \"a\"\n"
          "update b because changed in the platform file\n  image \"h1\" => \"(known after apply)\"\n");
  }
}

TEST_CASE("what cannot be asked yet stands in a later stage with what it assumes") {
  ThingWorld world;
  world.declare("a", "{}");
  world.absent("a");
  world.declare("b", R"({"image":"i"})");
  world.later("b");
  world.need("b", "a");
  world.declare("c", "{}");
  world.absent("c");
  world.need("c", "b");
  Resource& found = world.declare("d", "{}");
  found.mode = ResourceMode::lookup;
  world.later("d");
  world.need("d", "b");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "create a\n  name - => \"a\"\n"
        "later b in stage 2\n  image - => \"i\"\n  name - => \"b\"\n"
        "create c in stage 2\n  name - => \"c\"\n"
        "read d in stage 3\n");
  CHECK(plan.changes[1].assumes ==
        std::vector<std::string>{"`a` is ready", "the object is absent, and is created"});
  CHECK(plan.summary.later == 1);
  CHECK(plan.summary.read == 1);
}

TEST_CASE("lookups") {
  ThingWorld world;
  Resource& found = world.declare("found", "{}");
  found.mode = ResourceMode::lookup;
  world.declare("user",
                R"({"image":{"$unknown":["??",[{"$unknown":["attribute",["found","host"]]},"none"]]}})");
  world.need("user", "found");
  world.absent("user");
  SUBCASE("give what is there") {
    world.observe("found", R"({"host":"h"})", "u");
    CHECK(ThingWorld::lines(world.plan()) == "create user\n  image - => \"h\"\n  name - => \"user\"\n");
  }
  SUBCASE("that find nothing are an error") {
    world.absent("found");
    CHECK(world.plan().blocked == std::vector<Address>{"found", "user"});
    CHECK(world.codes() == "C0412");
  }
  SUBCASE("that find nothing are read behind what may bring it about") {
    world.absent("found");
    world.declare("maker", "{}");
    world.absent("maker");
    world.need("found", "maker");
    Plan made = world.plan();
    CHECK(world.codes().empty());
    CHECK(made.summary.read == 1);
    CHECK(made.summary.create == 2);
    const Change& read = made.changes.at(1);
    CHECK(read.action == Action::read);
    CHECK(read.stage == 2);
    CHECK(read.assumes == std::vector<std::string>{"`maker` is ready", "the object is there"});
  }
  SUBCASE("that find nothing behind what does not change are an error") {
    world.absent("found");
    world.declare("maker", "{}");
    world.observe("maker", R"({"name":"maker"})", "m");
    world.own("maker", "m", R"(["name"])");
    world.need("found", "maker");
    CHECK(world.plan().blocked == std::vector<Address>{"found", "user"});
    CHECK(world.codes() == "C0412");
  }
  SUBCASE("that may find nothing give null") {
    world.absent("found");
    found.mode = ResourceMode::optional_lookup;
    CHECK(ThingWorld::lines(world.plan()) == "create user\n  image - => \"none\"\n  name - => \"user\"\n");
  }
  SUBCASE("that cannot be read are an error, never null") {
    world.unreadable("found", "403");
    found.mode = ResourceMode::optional_lookup;
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0417");
  }
}

TEST_CASE("the server's preview decides") {
  ThingWorld world;
  world.declare("db", R"({"image":"A","replicas":2})");
  world.observe("db", R"({"image":"a","replicas":1})", "u1");
  world.own("db", "u1", R"(["image","replicas"])");
  auto wanted = candidates(world.graph(), world.live, world.inventory, world.options());
  REQUIRE(wanted.size() == 1);
  CHECK(wanted[0].address == "db");
  CHECK(wanted[0].provider == "server");
  CHECK(wanted[0].request.uid == "u1");
  CHECK(wanted[0].request.changed.size() == 2);
  SUBCASE("what it leaves as it is, is no change") {
    world.live.previews.emplace("db", *parse_json(R"({"image":"a","replicas":2})"));
    Plan plan = world.plan();
    CHECK(ThingWorld::lines(plan) == "update db because changed in the platform file\n  replicas 1 => 2\n");
    CHECK(plan.quiet[0].rule == quiet::normalises);
  }
  SUBCASE("an unchanged object is a no-op") {
    world.live.previews.emplace("db", *parse_json(R"({"image":"a","replicas":1})"));
    CHECK(world.plan().changes.empty());
  }
  SUBCASE("a refusal is an error of this resource") {
    world.live.previews.emplace("db", fail(DiagnosticCode::server_refused, "image must be lower case"));
    CHECK(world.plan().changes.empty());
    CHECK(world.only_error().address == "db");
    CHECK(world.codes() == "C0708");
  }
}

TEST_CASE("an ignored field keeps its live value in an update") {
  ThingWorld world;
  Resource& db = world.declare("db", R"({"image":"b","replicas":1,"labels":{"$map":{"a":"1"}}})");
  db.settings.ignore = {*FieldPath::parse("replicas"), *FieldPath::parse("labels.a")};
  world.observe("db", R"({"image":"a","replicas":6})", "u1");
  world.own("db", "u1", R"(["image"])");
  Plan plan = world.plan();
  CHECK(ThingWorld::lines(plan) ==
        "update db because changed in the platform file\n  image \"a\" => \"b\"\n");
  CHECK(to_json(plan.changes[0].desired) == R"({"image":"b","labels":{},"replicas":6,"name":"db"})");
}

TEST_CASE("an owned address that names another object now is replaced, not forgotten") {
  ThingWorld world;
  Resource& db = world.declare("db", R"({"name":"new","image":"a"})");
  world.own("db", "u1", R"(["image"])").identity = *decode_value(R"({"name":"old"})");
  world.absent("db");
  LiveObject& former = world.live.former["db"];
  former.presence = Presence::present;
  former.object = *parse_json(R"({"name":"old","image":"a"})");
  former.uid = "u1";
  SUBCASE("as planned") {
    Plan plan = world.plan();
    CHECK(ThingWorld::lines(plan) ==
          "replace db because immutable field (name)\n  name \"old\" => \"new\"\n");
    CHECK(to_json(plan.changes[0].former) == R"({"name":"old"})");
    CHECK(to_json(plan.changes[0].identity) == R"({"name":"new"})");
    CHECK(plan.changes[0].fingerprint.uid == "u1");
  }
  SUBCASE("the former one is gone") {
    former.presence = Presence::absent;
    CHECK(world.plan().summary.create == 1);
  }
  SUBCASE("the former one is somebody else's now") {
    former.uid = "u2";
    CHECK(world.plan().summary.create == 1);
  }
  SUBCASE("the new one is somebody else's") {
    world.observe("db", R"({"name":"new"})", "u3");
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0416");
  }
  SUBCASE("the former one cannot be read") {
    former.presence = Presence::unknown;
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0417");
  }
  SUBCASE("protected") {
    db.settings.protect = true;
    CHECK(world.plan().changes.empty());
    CHECK(world.codes() == "C0405");
  }
}
