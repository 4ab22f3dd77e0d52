#include <doctest/doctest.h>

#include "cli/views/plan_graph.h"
#include "cli/views/plan_view.h"

using namespace carbon;

namespace {

Change change(std::string address, std::vector<Address> needs = {}, Action action = Action::create) {
  Change made;
  made.address = std::move(address);
  made.type = "k8s.ConfigMap";
  made.needs = std::move(needs);
  made.action = action;
  return made;
}

std::vector<std::string> addresses(const Plan& plan) {
  std::vector<std::string> out;
  for (const Change& one : plan.changes) out.push_back(one.address);
  return out;
}

}  // namespace

TEST_CASE("a plan shows what its patterns choose") {
  Plan plan;
  for (const char* address : {"web.app", "web.service", "db.app", "webhook"})
    plan.changes.push_back(change(address));
  std::size_t hidden = 0;
  CHECK(addresses(selected(plan, {}, {}, hidden)).size() == 4);
  CHECK(hidden == 0);
  CHECK(addresses(selected(plan, {"web.*"}, {}, hidden)) ==
        std::vector<std::string>{"web.app", "web.service"});
  CHECK(hidden == 2);
  CHECK(addresses(selected(plan, {"w*"}, {"*.s?rvice"}, hidden)) ==
        std::vector<std::string>{"web.app", "webhook"});
  CHECK(addresses(selected(plan, {"*a*p"}, {}, hidden)) == std::vector<std::string>{"web.app", "db.app"});
  CHECK(addresses(selected(plan, {"web"}, {}, hidden)).empty());
}

TEST_CASE("a box stands right of all that it needs") {
  Plan plan;
  plan.changes = {change("a"), change("b", {"a"}), change("c", {"a", "b"}), change("d")};
  PlanGraph graph = plan_graph(plan);
  REQUIRE(graph.boxes.size() == 4);
  CHECK(graph.arrows.size() == 3);
  CHECK(graph.boxes[0].column == 0);
  CHECK(graph.boxes[1].column == 1);
  CHECK(graph.boxes[2].column == 2);
  CHECK(graph.boxes[3].column == 0);
  for (const PlanGraph::Arrow& arrow : graph.arrows)
    CHECK(graph.boxes[arrow.from].column < graph.boxes[arrow.to].column);
}

TEST_CASE("what is deleted goes before what it needed") {
  Plan plan;
  plan.changes = {change("user", {"base"}, Action::delete_), change("base", {}, Action::delete_)};
  PlanGraph graph = plan_graph(plan);
  CHECK(graph.boxes[0].column < graph.boxes[1].column);
}

TEST_CASE("many changes are put together, and the worst of them is seen") {
  Plan plan;
  for (int i = 0; i < 50; ++i) {
    std::string web = "web[\"" + std::to_string(i) + "\"]";
    plan.changes.push_back(change(web + ".app"));
    plan.changes.push_back(
        change(web + ".service", {web + ".app"}, i == 7 ? Action::delete_ : Action::update));
  }
  PlanGraph graph = plan_graph(plan, 60);
  REQUIRE(graph.boxes.size() == 50);
  CHECK(graph.boxes[0].title == "web[\"0\"]");
  CHECK(graph.boxes[0].note == "1 update, 1 create");
  CHECK(graph.boxes[7].worst == Action::delete_);
  CHECK(plan_graph(plan, 10).boxes.size() == 1);
}

TEST_CASE("boxes that need each other still have a place each") {
  Plan plan;
  plan.changes = {change("a.one"), change("b.one", {"a.one"}), change("a.two", {"b.one"})};
  PlanGraph graph = plan_graph(plan, 2);
  REQUIRE(graph.boxes.size() == 2);
  CHECK(graph.arrows.size() == 2);
  CHECK(graph.columns <= 2);
}
