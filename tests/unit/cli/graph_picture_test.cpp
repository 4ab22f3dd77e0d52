#include "cli/views/graph_picture.h"

#include <doctest/doctest.h>
#include <algorithm>
#include <string>

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

GraphPicture picture(const ResourceGraph& graph, GraphScope scope) {
  scope.file_of = [](std::string_view name) { return name.starts_with("db") ? "db.carbon" : "web.carbon"; };
  auto made = picture_of(graph, scope);
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
  auto none = picture_of(graph, scope);
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == DiagnosticCode::unknown_address);
}
