#include "dsl/syntax/node_ref.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/unit/dsl/support.h"

using namespace carbon;
using testing::Parsed;

TEST_CASE("children are walked in order and without comments unless asked") {
  Parsed parsed("resource r : k8s.Pod for k, v in m if c { # head\n  a = 1 # one\n  protect\n  b = 2\n}\n");
  NodeRef resource = parsed.declaration();
  REQUIRE(resource.is(NodeKind::resource));
  CHECK(resource.word() == "r");
  CHECK(resource.type().children(NodeKind::word).count() == 2);
  CHECK(resource.child(NodeKind::each_clause).children(NodeKind::word).at(1).text() == "v");
  CHECK(resource.child(NodeKind::if_clause).value().text() == "c");
  NodeRef body = resource.child(NodeKind::body);
  std::vector<std::string> words;
  for (NodeRef item : body.children()) words.emplace_back(item.word());
  CHECK(words == std::vector<std::string>{"a", "protect", "b"});
  CHECK(body.children().count() == 3);
  CHECK(body.children_with_trivia().count() == 5);
  CHECK(body.children(NodeKind::field).at(1).value().text() == "2");
  CHECK(parsed.sources().text(resource.word_span()) == "r");
}

TEST_CASE("what is not there is the empty cursor, and asking that for children gives none") {
  Parsed parsed("let a = 1\n");
  NodeRef let = parsed.declaration();
  CHECK_FALSE(let.child(NodeKind::body));
  CHECK_FALSE(let.type());
  CHECK(let.child(NodeKind::body).children().empty());
  CHECK_FALSE(let.child(NodeKind::body).child(NodeKind::field).is(NodeKind::field));
  CHECK(let.children().at(9) == NodeRef());
  CHECK(let.value().word().empty());
  CHECK_FALSE(let.value().word_span().known());
}

TEST_CASE("spans point into the source map whichever file it is") {
  SourceMap sources;
  sources.add("first.carbon", "let a = 1\n");
  std::uint32_t second = sources.add("second.carbon", "let b = two\n");
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, second, sink);
  NodeRef value = tree.root().children().at(0).value();
  CHECK(value.text() == "two");
  CHECK(sources.text(value.span()) == "two");
  CHECK(sources.locate(value.span().begin).path == "second.carbon");
}
