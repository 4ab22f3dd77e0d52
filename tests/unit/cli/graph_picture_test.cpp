#include "cli/views/graph_picture.h"

#include <doctest/doctest.h>
#include <algorithm>
#include <string>

#include "cli/views/graph_lines.h"

using namespace carbon;

namespace {

const ResourceType& thing() {
  static const ResourceType type = [] {
    ResourceType made;
    made.name = "test.Thing";
    return made;
  }();
  return type;
}

struct Need {
  const char* from;
  const char* to;
  EdgeReason reason = EdgeReason::reference;
};

ResourceGraph graph_of(const std::vector<const char*>& addresses, const std::vector<Need>& needs) {
  ResourceGraph::Builder builder;
  for (const char* address : addresses) {
    Resource made;
    made.address = address;
    made.type = &thing();
    builder.add_resource(std::move(made));
  }
  for (const Need& need : needs) builder.add_edge(need.from, need.to, need.reason, {});
  DiagnosticSink sink;
  ResourceGraph graph = std::move(builder).build(sink);
  REQUIRE_FALSE(sink.has_errors());
  return graph;
}

std::string file_of(std::string_view name) { return name.starts_with("db") ? "db.carbon" : "web.carbon"; }

GraphPicture picture(const ResourceGraph& graph, const GraphScope& scope) {
  auto made = picture_of(nodes_of(graph, file_of), scope);
  REQUIRE(made);
  return *made;
}

std::vector<std::string> boxes(const GraphPicture& picture) {
  std::vector<std::string> out;
  for (const GraphPicture::Box& box : picture.boxes) out.push_back(box.title + ": " + box.note);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> arrows(const GraphPicture& picture) {
  std::vector<std::string> out;
  for (const GraphPicture::Arrow& arrow : picture.arrows) {
    out.push_back(picture.boxes[arrow.from].title + (arrow.only_order ? " ..> " : " -> ") +
                  picture.boxes[arrow.to].title +
                  (arrow.count > 1 ? " x" + std::to_string(arrow.count) : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("arrows that follow from others are left out") {
  ResourceGraph graph =
      graph_of({"a", "b", "c", "d"}, {{"b", "a"}, {"c", "b"}, {"c", "a"}, {"d", "a", EdgeReason::after}});
  CHECK(arrows(picture(graph, {})) == Texts{"a -> b", "a ..> d", "b -> c"});
}

TEST_CASE("a component's instance is one box, and arrows between two boxes are one") {
  ResourceGraph graph = graph_of({"db[\"x.y\"].inner.role", "db[\"x.y\"].base", "space", "web"},
                                 {{"db[\"x.y\"].inner.role", "space"},
                                  {"db[\"x.y\"].base", "space"},
                                  {"db[\"x.y\"].base", "db[\"x.y\"].inner.role"},
                                  {"web", "db[\"x.y\"].base"}});
  GraphScope scope;
  scope.level = GraphLevel::components;
  GraphPicture made = picture(graph, scope);
  CHECK(boxes(made) == Texts{"db[\"x.y\"]: 2 resources", "space: test.Thing", "web: test.Thing"});
  CHECK(arrows(made) == Texts{"db[\"x.y\"] -> web", "space -> db[\"x.y\"] x2"});

  scope.level = GraphLevel::resources;
  Texts frames;
  for (const GraphPicture::Box& box : picture(graph, scope).boxes) frames.push_back(box.frame);
  std::sort(frames.begin(), frames.end());
  CHECK(frames == Texts{"db[\"x.y\"]", "db[\"x.y\"].inner", "web.carbon", "web.carbon"});
}

TEST_CASE("files may need each other, and what follows around a circle is left out too") {
  ResourceGraph graph = graph_of({"base", "db1", "db2", "web1", "web2"},
                                 {{"db1", "base"}, {"web1", "db1"}, {"db2", "web2"}, {"web1", "base"}});
  GraphScope scope;
  scope.level = GraphLevel::files;
  GraphPicture made = picture(graph, scope);
  CHECK(boxes(made) == Texts{"db.carbon: 2 resources", "web.carbon: 3 resources"});
  CHECK(arrows(made) == Texts{"db.carbon -> web.carbon", "web.carbon -> db.carbon x2"});
}

TEST_CASE("automatic takes the finest level that can still be read") {
  ResourceGraph graph = graph_of({"db1.a", "db1.b", "db2.a", "web"}, {});
  GraphScope scope;
  CHECK(picture(graph, scope).level == GraphLevel::resources);
  scope.most_boxes = 3;
  CHECK(picture(graph, scope).level == GraphLevel::components);
  scope.most_boxes = 2;
  CHECK(picture(graph, scope).level == GraphLevel::files);
  scope.most_boxes = 1;
  CHECK(picture(graph, scope).boxes.size() == 2);
}

TEST_CASE("around a resource stands what it needs and what needs it, however far, and nothing beside") {
  ResourceGraph graph = graph_of({"a", "b", "c", "d", "e"}, {{"b", "a"}, {"c", "b"}, {"d", "c"}, {"e", "a"}});
  GraphScope scope;
  scope.around = "b";
  CHECK(arrows(picture(graph, scope)) == Texts{"a -> b", "b -> c", "c -> d"});
  scope.around = "bb";
  auto none = picture_of(nodes_of(graph, file_of), scope);
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == DiagnosticCode::unknown_address);
}

namespace {

Change change_of(const char* address, Action action, std::uint32_t stage, std::vector<Address> needs) {
  Change change;
  change.address = address;
  change.action = action;
  change.stage = stage;
  change.type = "test.Thing";
  change.needs = std::move(needs);
  return change;
}

/// `web.old` goes before `space`, which it needed; `web.app` is read only in stage 2.
GraphNodes changes() {
  Plan plan;
  plan.changes = {change_of("db", Action::update, 1, {"unchanged"}),
                  change_of("web.base", Action::create, 1, {"db"}),
                  change_of("web.app", Action::later, 2, {"web.base", "db"}),
                  change_of("web.old", Action::delete_, 2, {"space", "db"}),
                  change_of("web.older", Action::delete_, 2, {"web.old"}),
                  change_of("space", Action::delete_, 2, {})};
  ResourceGraph graph =
      graph_of({"db", "web.base", "web.app", "unchanged"},
               {{"db", "unchanged"}, {"web.base", "db", EdgeReason::after}, {"web.app", "web.base"}});
  return nodes_of(plan, graph, file_of);
}

}  // namespace

TEST_CASE("a picture of changes has what the apply waits for, and deletes before what they needed") {
  auto made = picture_of(changes(), {});
  REQUIRE(made);
  CHECK(arrows(*made) ==
        Texts{"db ..> web.base", "web.base -> web.app", "web.old -> space", "web.older -> web.old"});
  CHECK(graph_lines(*made, 100) ==
        "db.carbon\n"
        "  ~ update  db         test.Thing\n"
        "\n"
        "web\n"
        "  + create  web.base   test.Thing  after db\n"
        "  ? later   web.app    test.Thing  needs web.base\n"
        "  - delete  web.old    test.Thing  needs web.older\n"
        "  - delete  web.older  test.Thing\n"
        "\n"
        "no longer declared\n"
        "  - delete  space      test.Thing  needs web.old\n"
        "\n"
        "6 changes.\n");
}

TEST_CASE("stages frame a picture of changes, and a box of several says what happens in it") {
  GraphScope scope;
  scope.stages = true;
  scope.level = GraphLevel::components;
  auto made = picture_of(changes(), scope);
  REQUIRE(made);
  CHECK(graph_lines(*made, 60) ==
        "Stage 1\n"
        "  ~ update  db        test.Thing\n"
        "  + create  web.base  test.Thing  after db\n"
        "\n"
        "Stage 2\n"
        "  ? later   web.app   test.Thing  needs web.base\n"
        "\n"
        "Delete\n"
        "  -         web       2 delete\n"
        "  - delete  space     test.Thing  needs web\n"
        "\n"
        "6 changes in 5 lines, one a component; `--level resources` shows each.\n");
}

TEST_CASE("lines of a graph break between names, and stand below where there is no room beside") {
  ResourceGraph graph = graph_of({"alpha", "beta", "gamma", "delta", "everything_that_needs_them"},
                                 {{"everything_that_needs_them", "alpha"},
                                  {"everything_that_needs_them", "beta"},
                                  {"everything_that_needs_them", "gamma"},
                                  {"everything_that_needs_them", "delta", EdgeReason::after}});
  GraphPicture made = picture(graph, {});
  CHECK(graph_lines(made, 68) ==
        "alpha                       test.Thing\n"
        "beta                        test.Thing\n"
        "delta                       test.Thing\n"
        "gamma                       test.Thing\n"
        "everything_that_needs_them  test.Thing  needs alpha, beta, gamma;\n"
        "                                        after delta\n"
        "\n"
        "5 resources.\n");
  CHECK(
      graph_lines(made, 40).ends_with("everything_that_needs_them  test.Thing\n"
                                      "      needs alpha, beta, gamma;\n"
                                      "      after delta\n"
                                      "\n"
                                      "5 resources.\n"));
  CHECK(graph_lines(GraphPicture(), 40) == "0 resources.\n");
}
