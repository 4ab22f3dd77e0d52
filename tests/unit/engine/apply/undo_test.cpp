#include "engine/apply/undo.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/value_json.h"
#include "engine/plan/normal_form.h"
#include "engine/plan/plan_code.h"
#include "engine/plan/plan_file.h"
#include "tests/support/thing_life.h"

using namespace carbon;
using test::Random;
using test::ThingWorld;

namespace {

JournalEvent done(const Change& change, std::string operation) {
  JournalEvent event;
  event.run = "r";
  event.kind = JournalKind::result;
  event.address = change.address;
  event.operation = std::move(operation);
  event.detail = "done";
  return event;
}

/// A journal in which every change was carried out.
std::vector<JournalEvent> all_done(const Plan& plan) {
  std::vector<JournalEvent> events;
  for (const Change& change : plan.changes) {
    if (change.action == Action::replace) events.push_back(done(change, "delete"));
    bool makes = change.action == Action::create || change.action == Action::replace;
    events.push_back(done(change, makes ? "create" : std::string(to_string(change.action))));
  }
  return events;
}

/// What is left to undo, one a line.
std::string lines(const Undo& undo) {
  std::string out;
  for (const Former& former : undo.formers)
    out += "former " + former.change->address + " " + to_json(former.desired) + "\n";
  for (const Change* made : undo.made) out += "made " + made->address + "\n";
  for (const NotUndone& left : undo.left) out += "left " + left.address + ": " + left.why + "\n";
  return out;
}

Undo undo_in(ThingWorld& world, const Plan& plan) {
  return undo_of(plan, all_done(plan), world.inventory, world.types.types());
}

}  // namespace

TEST_CASE("a made object goes, a changed one is as it was, a deleted one comes back") {
  ThingWorld world;
  world.declare("made", R"({"image":"a"})");
  world.absent("made");
  world.declare("changed", R"({"image":"b","labels":{"new":"x"}})");
  world.observe("changed", R"({"name":"changed","image":"a","labels":{"old":"y"},"zone":"here"})", "u1");
  world.own("changed", "u1", R"(["image","labels.old"])");
  world.observe("deleted", R"({"name":"deleted","image":"a","zone":"here","host":"h"})", "u2");
  world.own("deleted", "u2", R"(["image"])").needs = {"changed"};
  Plan plan = world.plan();
  REQUIRE(world.codes().empty());
  Plan kept = *decode_plan(encode_plan(plan));
  world.own("made", "u3", R"(["image"])");
  CHECK(lines(undo_in(world, kept)) ==
        "former changed {\"image\":\"a\",\"labels\":{\"old\":\"y\"},\"name\":\"changed\"}\n"
        "former deleted {\"image\":\"a\",\"name\":\"deleted\"}\n"
        "made made\n");
  CHECK(undo_in(world, kept).formers[1].needs == std::vector<Address>{"changed"});
  SUBCASE("only what was done") {
    CHECK(lines(undo_of(kept, {}, world.inventory, world.types.types())) == "");
  }
  SUBCASE("not what somebody deleted in the meantime") {
    world.inventory.entries.erase("made");
    CHECK(undo_in(world, kept).made.empty());
  }
}

TEST_CASE("a replacement of which only the deletion happened brings the object back") {
  ThingWorld world;
  world.declare("a", R"({"zone":"there"})");
  world.observe("a", R"({"name":"a","zone":"here"})", "u1");
  world.own("a", "u1", R"(["zone"])");
  Plan plan = world.plan();
  REQUIRE(plan.changes.size() == 1);
  REQUIRE(plan.changes[0].action == Action::replace);
  Undo undo = undo_of(plan, {done(plan.changes[0], "delete")}, world.inventory, world.types.types());
  CHECK(lines(undo) == "former a {\"name\":\"a\",\"zone\":\"here\"}\n");
}

TEST_CASE(
    "a default of the server comes back as a value; so does one that somebody else had set, and that is "
    "said") {
  ThingWorld world;
  world.declare("a", R"({"image":"b","memory":"2Gi"})");
  LiveObject& live = world.observe("a", R"({"name":"a","image":"a","memory":"1Gi"})", "u1");
  live.managed.emplace();
  live.writers.emplace_back();
  live.writers.back().manager = "somebody";
  live.writers.back().fields.insert(*FieldPath::parse("memory"));
  world.own("a", "u1", "[]");
  Plan plan = *decode_plan(encode_plan(world.plan()));
  REQUIRE(plan.changes.size() == 1);
  Undo undo = undo_in(world, plan);
  REQUIRE(undo.formers.size() == 1);
  CHECK(to_json(*undo.formers[0].desired.find("image")) == "\"a\"");
  CHECK(to_json(*undo.formers[0].desired.find("memory")) == "\"1Gi\"");
  REQUIRE(undo.left.size() == 1);
  CHECK(undo.left[0].why == "`memory`: it has its former value, but stays carbon's; it was somebody else's");
}

TEST_CASE("what was secret is not put back, and that is said") {
  ThingWorld world;
  Resource& a = world.declare("a", R"({"image":"b"})");
  std::vector<Entry> entries(a.desired.entries().begin(), a.desired.entries().end());
  entries.push_back({Value::string("password"), Value::secret({"secret.env", {Value::string("P")}})});
  a.desired = Value::record(std::move(entries));
  world.observe("a", R"({"name":"a","image":"a","password":"p"})", "u1");
  InventoryEntry& entry = world.own("a", "u1", R"(["image","password"])");
  entry.digests["password"] = "d";
  world.live.digests["a"]["password"] = "e";
  world.observe("b", R"({"name":"b","image":"a","password":"p"})", "u2");
  world.own("b", "u2", R"(["image","password"])").digests["password"] = "d";
  Plan plan = world.plan();
  REQUIRE(plan.changes.size() == 2);
  Undo undo = undo_in(world, plan);
  CHECK(undo.formers.size() == 1);
  REQUIRE(undo.left.size() == 2);
  CHECK(undo.left[0].why == "`password`: what was secret or cannot be read is not kept");
  CHECK(undo.left[1].address == "b");
  CHECK(undo.left[1].why == "what was secret or cannot be read is not kept");
  CHECK(encode_plan(plan).find("\"p\"") == std::string::npos);
}

TEST_CASE("law: what a plan did, its undo takes back") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    ThingWorld world;
    test::fill(world, random);
    PlanOptions options = world.options();
    options.max_delete = 100;
    std::map<Address, LiveObject> before = world.live.objects;
    std::map<Address, FieldSet> owned;
    for (const auto& [address, entry] : world.inventory.entries) owned.emplace(address, entry.applied);
    Plan plan = world.plan(options);
    REQUIRE(world.codes() == "");
    test::carry_out(world, plan);
    Plan kept = *decode_plan(encode_plan(plan));
    Undo undo = undo_in(world, kept);

    world.resources.clear();
    world.edges.clear();
    for (const Former& former : undo.formers)
      world.declare(former.change->address, "{}").desired = former.desired;
    std::set<Address> concerned;
    for (const Former& former : undo.formers) concerned.insert(former.change->address);
    for (const Change* made : undo.made) concerned.insert(made->address);
    std::erase_if(world.inventory.entries, [&](const auto& row) { return !concerned.contains(row.first); });
    Plan back = world.plan(options);
    REQUIRE(world.codes() == "");
    test::carry_out(world, back);

    for (const Address& address : concerned) {
      CAPTURE(address);
      const LiveObject& was = before[address];
      const LiveObject& is = world.live.objects[address];
      REQUIRE(was.presence == is.presence);
      if (was.presence != Presence::present) continue;
      const Type& schema = *world.types.thing().schema;
      Value wanted = normal_form(was.object, schema);
      DiffInput input{.type = world.types.thing(), .desired = wanted, .live = &is};
      DiffResult result = diff(input);
      INFO("undo " << lines(undo));
      INFO("was " << to_json(was.object) << "\nis " << to_json(is.object));
      for (const FieldChange& field : result.fields) {
        bool theirs = !covers(owned[address], field.path);
        CHECK_MESSAGE(theirs, field.path.text());
      }
    }
  }
}
