// Time of diff and plan on a layered graph where nothing has changed, and on one where everything is new.

#include <fmt/core.h>
#include <chrono>
#include <cstdlib>
#include <string>

#include "base/value_json.h"
#include "engine/plan/planner.h"
#include "tests/support/thing_world.h"

namespace {

using carbon::test::ThingWorld;

constexpr std::string_view desired =
    R"({"image":"registry.example.com/app:1.2.3","replicas":3,"memory":{"$quantity":["1Gi",1]},
        "labels":{"$map":{"app":"a","team":"b"}},"args":["--port","8080"],
        "containers":[{"name":"app","image":"x"},{"name":"side","image":"y"}]})";
constexpr std::string_view live =
    R"({"image":"registry.example.com/app:1.2.3","replicas":3,"memory":"1024Mi","host":"h",
        "labels":{"app":"a","team":"b","extra":"c"},"args":["--port","8080"],
        "containers":[{"name":"app","image":"x","memory":"1Gi"},{"name":"side","image":"y"}]})";
constexpr std::string_view applied =
    R"(["args","containers[\"app\"].image","containers[\"app\"].name","containers[\"side\"].image",
        "containers[\"side\"].name","image","labels.app","labels.team","memory","replicas"])";

std::string name(std::size_t number) {
  std::string digits = std::to_string(number);
  return "r" + std::string(7 - digits.size(), '0') + digits;
}

void measure(std::size_t count, bool exists) {
  ThingWorld world;
  for (std::size_t i = 0; i < count; ++i) {
    world.declare(name(i), desired);
    if (i >= 100) world.need(name(i), name(i - 100));
    if (i >= 101) world.need(name(i), name(i - 101));
    if (!exists) {
      world.absent(name(i));
      continue;
    }
    world.observe(name(i), live, "u");
    carbon::InventoryEntry& entry = world.own(name(i), "u", applied);
    if (i >= 100) entry.needs.push_back(name(i - 100));
    if (i >= 101) entry.needs.push_back(name(i - 101));
  }
  carbon::ResourceGraph graph = world.graph();
  carbon::PlanOptions options = world.options();
  auto begin = std::chrono::steady_clock::now();
  carbon::Plan plan = carbon::plan(graph, world.live, world.inventory, options, world.sink);
  std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{} of {}: {} changes, {:.2f} us a resource\n", exists ? "no-op" : "create", count,
             plan.changes.size(), took.count() / static_cast<double>(count));
}

}  // namespace

int main() {
  for (std::size_t count : {1'000UL, 10'000UL, 100'000UL}) {
    measure(count, true);
    measure(count, false);
  }
  return EXIT_SUCCESS;
}
