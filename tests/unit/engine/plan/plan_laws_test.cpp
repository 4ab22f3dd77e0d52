// Laws that hold for every input, tried on random ones. A failing round says its seed.

#include <doctest/doctest.h>
#include <algorithm>

#include "base/value_json.h"
#include "engine/plan/plan_file.h"
#include "tests/support/thing_life.h"
#include "tests/support/thing_random.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::Random;
using test::ThingWorld;

namespace {

constexpr unsigned rounds = 400;

std::string first_path(const DiffResult& result) {
  return result.fields.empty() ? "" : result.fields.front().path.text();
}

}  // namespace

TEST_CASE("law: nothing differs from itself, however a server spells and orders it") {
  test::ThingTypes types;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Value desired = test::random_thing(random, types);
    LiveObject live = test::there(test::as_served(random, desired));
    FieldSet applied = managed_fields(types.thing(), desired, {});
    DiffResult result = diff({.type = types.thing(), .desired = desired, .live = &live, .applied = &applied});
    REQUIRE(first_path(result) == "");
    REQUIRE(result.removed.empty());
  }
}

TEST_CASE("law: once the changes are made, nothing differs") {
  test::ThingTypes types;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Value former = test::random_thing(random, types);
    Value desired = test::random_thing(random, types);
    LiveObject live = test::there(test::as_served(random, former));
    FieldSet applied = managed_fields(types.thing(), former, {});
    DiffInput input{.type = types.thing(), .desired = desired, .live = &live, .applied = &applied};
    DiffResult result = diff(input);
    live.object = test::after_changes(types.thing(), live.object, result);
    INFO("desired " << to_json(desired));
    INFO("live " << to_json(live.object));
    REQUIRE(first_path(diff(input)) == "");
    FieldSet now = managed_fields(types.thing(), desired, {});
    input.applied = &now;
    REQUIRE(first_path(diff(input)) == "");
  }
}

TEST_CASE("law: an object that is made from its diff is as desired") {
  test::ThingTypes types;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Value desired = test::random_thing(random, types);
    LiveObject live;
    live.presence = Presence::absent;
    DiffInput input{.type = types.thing(), .desired = desired, .live = &live};
    Value made = test::after_changes(types.thing(), Value::map({}), diff(input));
    live = test::there(std::move(made));
    REQUIRE(first_path(diff(input)) == "");
  }
}

TEST_CASE("law: a plan after an apply is empty") {
  for (unsigned seed = 0; seed < rounds / 4; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    ThingWorld world;
    test::fill(world, random);
    PlanOptions options = world.options();
    options.max_delete = 100;
    Plan first = world.plan(options);
    REQUIRE(world.codes() == "");
    test::carry_out(world, first);
    Plan second = world.plan(options);
    REQUIRE(ThingWorld::lines(second) == "");
  }
}

TEST_CASE("law: the order of inputs does not change a byte of the plan") {
  for (unsigned seed = 0; seed < rounds / 4; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    ThingWorld world;
    test::fill(world, random);
    std::string first = encode_plan(world.plan());
    std::shuffle(world.resources.begin(), world.resources.end(), random);
    std::shuffle(world.edges.begin(), world.edges.end(), random);
    REQUIRE(encode_plan(world.plan()) == first);
  }
}

TEST_CASE("law: a plan comes back from its file") {
  for (unsigned seed = 0; seed < rounds / 8; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    ThingWorld world;
    test::fill(world, random);
    Plan plan = world.plan();
    Result<SavedPlan> read =
        decode_plan_file(encode_plan_file(plan, {1, 2, "n"}, world.digester), world.digester);
    REQUIRE(read);
    REQUIRE(encode_plan(read->plan) == encode_plan(plan));
  }
}
