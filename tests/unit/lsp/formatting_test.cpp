#include "lsp/formatting.h"

#include <doctest/doctest.h>

#include "base/diagnostic.h"
#include "dsl/format/format.h"
#include "dsl/parse/parse.h"

using carbon::lsp::format_change;
using carbon::lsp::TextChange;

namespace {

std::string formatted(const std::string& text) {
  carbon::SourceMap sources;
  carbon::DiagnosticSink sink;
  return carbon::format(carbon::parse(sources, sources.add("t", text), sink));
}

}  // namespace

TEST_CASE("the edit makes what `carbon fmt` makes") {
  for (const char* text :
       {"let a=1\n", "let a = 1", "let a = 1\n\n\n\n", "", "let a = 1\nlet   b=2\nlet c = 3\n", "\n\nlet a=1",
        "let a = 1\r\nlet b = 2\r\n", "let a = 1\nlet a = 1\nlet  a = 1\nlet a = 1\n"}) {
    CAPTURE(text);
    auto result = format_change(text);
    REQUIRE(std::holds_alternative<TextChange>(result));
    const TextChange& change = std::get<TextChange>(result);
    std::string edited = text;
    edited.replace(change.begin, change.end - change.begin, change.replacement);
    CHECK(edited == formatted(text));
  }
}

TEST_CASE("lines that stay are not touched") {
  auto change = std::get<TextChange>(format_change("let a = 1\nlet   b=2\nlet c = 3\n"));
  CHECK(change.begin == 10);
  CHECK(change.end == 20);
  CHECK(change.replacement == "let b = 2\n");
  change = std::get<TextChange>(format_change("let a = 1\n"));
  CHECK(change.begin == change.end);
  CHECK(change.replacement.empty());
}

TEST_CASE("a text with syntax errors is left alone") {
  CHECK(std::holds_alternative<std::string>(format_change("let a = \n")));
}
