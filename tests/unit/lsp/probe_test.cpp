#include "lsp/probe.h"

#include <doctest/doctest.h>

#include "base/diagnostic.h"
#include "dsl/parse/parse.h"

using carbon::lsp::Probe;
using carbon::lsp::probe_at;

namespace {

/// The probe at the `|` of the text.
Probe probe(std::string text) {
  std::size_t cursor = text.find('|');
  REQUIRE(cursor != std::string::npos);
  return probe_at(text.erase(cursor, 1), cursor);
}

bool parses(const std::string& text) {
  carbon::SourceMap sources;
  carbon::DiagnosticSink sink;
  (void)carbon::parse(sources, sources.add("t", text), sink);
  return !sink.has_errors();
}

}  // namespace

TEST_CASE("a word at the cursor stays, and none is made") {
  Probe at_end = probe("let a = fo|o + 1\n");
  CHECK(at_end.text == "let a = foo + 1\n");
  CHECK(at_end.text.substr(at_end.word_begin, at_end.word_end - at_end.word_begin) == "foo");
  CHECK(at_end.offset == at_end.word_end);
  CHECK(probe("let a = |\nlet b = 1\n").text == "let a = carbon_placeholder\nlet b = 1\n");
  CHECK(probe("let a = b.|\n").text == "let a = b.carbon_placeholder\n");
}

TEST_CASE("what is unfinished is closed, and what follows is kept") {
  for (const char* text : {
           "resource a : k8s.Pod {\n  met|\n\nresource b : k8s.Pod {}\n",
           "resource a : k8s.Pod {\n  metadata = { na|\nresource b : k8s.Pod {}\n",
           "resource a : k8|\nresource b : k8s.Pod {}\n",
           "use a : |\nlet b = 1\n",
           "let a = f([1, x|\nlet b = 1\n",
           "let a = \"${x|\nlet b = 1\n",
           "let a = { b = [for x in y : x.|\nlet b = 1\n",
           "let a : map<list<st|\nlet b = 1\n",
           "input a : list<{ x : set<|\nlet b = 1\n",
           "let a = \"\"\"sql\n  SELECT {[ \" ${x.|\nlet b = 1\n",
           "let a = { x = \"\"\"\n  it's (\n  \"\"\"\n  y = z.|\nlet b = 1\n",
           "let a = { x = 'it (', # it's {\n  y = 1 < z.|\nlet b = 1\n",
           "let a = f(if x|\nlet b = 1\n",
           "let a = { b = if x then y|\nlet b = 1\n",
           "let a = [for x in y|\nlet b = 1\n",
           "let a = { [x.|\nlet b = 1\n",
           "component c {\n  let a : m|\n",
           "component c {\n  resource a : k8s.|\n",
           "component c {\n  resource a : k8s.Pod { sp|\n",
       }) {
    CAPTURE(text);
    Probe made = probe(text);
    CAPTURE(made.text);
    CHECK(parses(made.text));
    if (std::string_view(text).find("let b") != std::string_view::npos)
      CHECK(made.text.find("let b = 1") != std::string::npos);
  }
}

TEST_CASE("a cursor behind the text is at its end") {
  CHECK(probe_at("let a = 1", 500).offset == 9);
  CHECK(probe_at("", 0).text == "carbon_placeholder");
}
