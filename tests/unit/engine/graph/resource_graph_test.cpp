#include "engine/graph/resource_graph.h"

#include <doctest/doctest.h>
#include <algorithm>

#include "engine/graph/graph_text.h"

using namespace carbon;

namespace {

Resource named(std::string address) {
  Resource made;
  made.address = std::move(address);
  return made;
}

/// A builder with `count` resources `n000000`, `n000001` ...
std::string number_name(std::size_t number) {
  std::string digits = std::to_string(number);
  return "n" + std::string(6 - digits.size(), '0') + digits;
}

ResourceGraph::Builder numbered(std::size_t count) {
  ResourceGraph::Builder builder;
  for (std::size_t i = 0; i < count; ++i) builder.add_resource(named(number_name(i)));
  return builder;
}

void need(ResourceGraph::Builder& builder, std::size_t from, std::size_t to) {
  builder.add_edge(number_name(from), number_name(to), EdgeReason::reference, {});
}

std::vector<std::size_t> places(const ResourceGraph& graph) {
  std::vector<std::size_t> place(graph.resources().size());
  for (std::size_t i = 0; i < graph.order().size(); ++i) place[graph.order()[i]] = i;
  return place;
}

bool order_holds(const ResourceGraph& graph) {
  if (graph.order().size() != graph.resources().size()) return false;
  auto place = places(graph);
  for (std::uint32_t i = 0; i < place.size(); ++i) {
    auto needs = graph.needs(i);
    bool behind =
        std::all_of(needs.begin(), needs.end(), [&](const Edge& e) { return place[e.to] < place[i]; });
    if (!behind) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("resources are sorted by address and found by it") {
  ResourceGraph::Builder builder;
  for (const char* name : {"b", "a.x", "a", "c[\"k\"]"}) builder.add_resource(named(name));
  DiagnosticSink sink;
  ResourceGraph graph = std::move(builder).build(sink);
  CHECK_FALSE(sink.has_errors());
  CHECK(graph.resource(0).address == "a");
  CHECK(graph.find("c[\"k\"]") == 3);
  CHECK(graph.find("a.y") == ResourceGraph::npos);
  CHECK(graph.order() == std::vector<std::uint32_t>{0, 1, 2, 3});
}

TEST_CASE("dependencies come first, ties by address") {
  ResourceGraph::Builder builder;
  for (const char* name : {"app", "database", "zone", "bucket"}) builder.add_resource(named(name));
  builder.add_edge("app", "zone", EdgeReason::after, {5, 6});
  builder.add_edge("app", "database", EdgeReason::reference, {7, 8});
  builder.add_edge("app", "database", EdgeReason::after, {3, 4});
  builder.add_edge("app", "nowhere", EdgeReason::reference, {9, 10});
  DiagnosticSink sink;
  ResourceGraph graph = std::move(builder).build(sink);
  CHECK(to_text(graph) ==
        "bucket\n"
        "database\n"
        "zone\n"
        "app\n"
        "  needs database (reference)\n"
        "  needs zone (after)\n");
  CHECK(graph.needs(0)[0].span == SourceSpan{7, 8});
  REQUIRE(graph.needed_by(graph.find("zone")).size() == 1);
  CHECK(graph.needed_by(graph.find("zone"))[0] == 0);
  CHECK(graph.needed_by(0).empty());
}

TEST_CASE("each knot is reported once with every edge of one cycle") {
  ResourceGraph::Builder builder = numbered(7);
  builder.add_edge("n000000", "n000001", EdgeReason::reference, {10, 11});
  builder.add_edge("n000001", "n000002", EdgeReason::after, {20, 21});
  builder.add_edge("n000002", "n000000", EdgeReason::implied, {30, 31});
  builder.add_edge("n000002", "n000001", EdgeReason::reference, {40, 41});
  builder.add_edge("n000003", "n000000", EdgeReason::reference, {50, 51});
  builder.add_edge("n000005", "n000005", EdgeReason::reference, {60, 61});
  DiagnosticSink sink;
  ResourceGraph graph = std::move(builder).build(sink);
  CHECK(graph.resources().empty());
  REQUIRE(sink.all().size() == 2);
  const Diagnostic& first = sink.all()[0];
  CHECK(first.code == DiagnosticCode::cycle);
  CHECK(first.message == "resources need each other: `n000000` -> `n000001` -> `n000002` -> `n000000`");
  REQUIRE(first.labels.size() == 3);
  CHECK(first.labels[1].span == SourceSpan{20, 21});
  CHECK(first.labels[1].text == "`n000001` comes after `n000002`");
  CHECK(sink.all()[1].message == "resources need each other: `n000005` -> `n000005`");
  CHECK(sink.all()[1].labels.size() == 1);
}

TEST_CASE("two resources of one address are an error") {
  ResourceGraph::Builder builder;
  builder.add_resource(named("a"));
  builder.add_resource(named("a"));
  DiagnosticSink sink;
  CHECK(std::move(builder).build(sink).resources().empty());
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == DiagnosticCode::duplicate_name);
}

TEST_CASE("the order in which resources and edges are added does not matter") {
  ResourceGraph::Builder forward = numbered(50);
  for (std::size_t i = 1; i < 50; ++i) need(forward, i, i / 2);
  ResourceGraph::Builder backward;
  for (std::size_t i = 50; i-- > 0;) backward.add_resource(named(number_name(i)));
  for (std::size_t i = 49; i > 0; --i) need(backward, i, i / 2);
  DiagnosticSink sink;
  CHECK(to_text(std::move(forward).build(sink)) == to_text(std::move(backward).build(sink)));
}

TEST_CASE("large shapes: star, chain and complete bipartite through a hub") {
  constexpr std::size_t count = 100'000;
  DiagnosticSink sink;
  SUBCASE("star") {
    ResourceGraph::Builder builder = numbered(count);
    for (std::size_t i = 1; i < count; ++i) need(builder, i, 0);
    ResourceGraph graph = std::move(builder).build(sink);
    CHECK(order_holds(graph));
    CHECK(graph.needed_by(0).size() == count - 1);
  }
  SUBCASE("chain against the order of addresses") {
    ResourceGraph::Builder builder = numbered(count);
    for (std::size_t i = 1; i < count; ++i) need(builder, i - 1, i);
    ResourceGraph graph = std::move(builder).build(sink);
    CHECK(order_holds(graph));
    CHECK(graph.order().front() == count - 1);
  }
  SUBCASE("half needs the hub, the hub needs the other half") {
    ResourceGraph::Builder builder = numbered(count);
    for (std::size_t i = 1; i < count; ++i) i % 2 == 0 ? need(builder, i, 0) : need(builder, 0, i);
    ResourceGraph graph = std::move(builder).build(sink);
    CHECK(order_holds(graph));
    CHECK(graph.needs(0).size() == count / 2);
  }
  SUBCASE("one cycle through everything") {
    ResourceGraph::Builder builder = numbered(count);
    for (std::size_t i = 0; i < count; ++i) need(builder, i, (i + 1) % count);
    CHECK(std::move(builder).build(sink).resources().empty());
    REQUIRE(sink.all().size() == 1);
    CHECK(sink.all()[0].labels.size() == count);
  }
}
