#include "tests/support/thing_life.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carbon::test {

namespace {

Value named(const Value& thing, std::string_view name) {
  std::vector<Entry> entries(thing.entries().begin(), thing.entries().end());
  entries.push_back({Value::string("name"), Value::string(name)});
  return Value::record(std::move(entries));
}

}  // namespace

LiveObject there(Value value) {
  LiveObject live;
  live.presence = Presence::present;
  live.object = std::move(value);
  return live;
}

void fill(ThingWorld& world, Random& random) {
  for (int i = 0; i < 12; ++i) {
    std::string name = "t" + std::to_string(10 + i);
    std::string previous = "t" + std::to_string(9 + i);
    Value desired = named(random_thing(random, world.types), name);
    world.declare(name, "{}").desired = desired;
    if (i > 0 && random() % 2 == 0) world.need(name, previous);
    Value other = named(random_thing(random, world.types), name);
    switch (random() % 4) {
      case 0: world.absent(name); break;
      case 1:
        world.live.objects[name] = there(as_served(random, desired));
        world.own(name, "", managed_fields(world.types.thing(), desired, {}).encode());
        break;
      case 2:
        world.live.objects[name] = there(as_served(random, other));
        world.own(name, "", managed_fields(world.types.thing(), other, {}).encode());
        break;
      case 3:
        world.live.objects[name] = there(as_served(random, other));
        world.own(name, "", managed_fields(world.types.thing(), other, {}).encode());
        world.resources.pop_back();
        std::erase_if(world.edges,
                      [&](const auto& edge) { return edge.first == name || edge.second == name; });
        world.need(previous, previous + "-none");
        break;
    }
  }
  std::erase_if(world.edges, [&](const auto& edge) {
    return std::none_of(world.resources.begin(), world.resources.end(),
                        [&](const Resource& one) { return one.address == edge.second; });
  });
}

void carry_out(ThingWorld& world, const Plan& plan) {
  for (const Change& change : plan.changes) {
    LiveObject& live = world.live.objects[change.address];
    if (change.action == Action::delete_ || change.action == Action::release) {
      live = {};
      live.presence = Presence::absent;
      world.inventory.entries.erase(change.address);
      continue;
    }
    DiffResult result;
    result.fields = change.fields;
    bool anew = change.action == Action::create || change.action == Action::replace;
    Value before = anew ? Value::map({}) : live.object;
    if (anew) {
      DiffInput input{.type = world.types.thing(), .desired = change.desired};
      result = diff(input);
    }
    live = there(after_changes(world.types.thing(), before, result));
    world.own(change.address, "", change.applied.encode());
  }
}

}  // namespace carbon::test
