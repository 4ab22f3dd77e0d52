#include "dsl/syntax/doc.h"

#include <doctest/doctest.h>

#include "tests/unit/dsl/support.h"

using namespace carbon;
using testing::Parsed;

namespace {
std::string doc_of_last(const Parsed& parsed) {
  ChildRange declarations = parsed.tree().root().children();
  return doc_text(declarations.at(declarations.count() - 1));
}
}  // namespace

TEST_CASE("the run of ## lines right above is the doc") {
  CHECK(doc_of_last(Parsed("## One.\n##  Two.\n##\nlet a = 1\n")) == "One.\n Two.\n");
  CHECK(doc_of_last(Parsed("## windows\r\nlet a = 1\r\n")) == "windows");
}

TEST_CASE("a blank line, a plain comment or code between them cuts the doc off") {
  CHECK(doc_of_last(Parsed("## far\n\nlet a = 1\n")).empty());
  CHECK(doc_of_last(Parsed("## far\n# plain\nlet a = 1\n")).empty());
  CHECK(doc_of_last(Parsed("## far\n\n## near\nlet a = 1\n")) == "near");
  CHECK(doc_of_last(Parsed("let z = 1 ## of z's line\nlet a = 1\n")).empty());
  CHECK(doc_of_last(Parsed("let z = [\n  ## inside\n]\nlet a = 1\n")).empty());
}

TEST_CASE("typed fields have docs of their own") {
  Parsed parsed("## The type.\ntype T via http {\n  ## The id.\n  id : string\n  name : string\n}\n");
  NodeRef body = parsed.declaration().child(NodeKind::body);
  CHECK(doc_text(parsed.declaration()) == "The type.");
  CHECK(doc_text(body.children().at(0)) == "The id.");
  CHECK(doc_text(body.children().at(1)).empty());
}
