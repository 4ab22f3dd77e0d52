#include "base/diagnostic.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/diagnostic_text.h"
#include "base/result.h"

using namespace carbon;

TEST_CASE("codes are printed with four digits and have a summary") {
  CHECK(to_string(DiagnosticCode::unclosed_bracket) == "C0101");
  CHECK(to_string(DiagnosticCode::bad_usage) == "C1001");
  CHECK_FALSE(summary(DiagnosticCode::secret_leak).empty());
}

TEST_CASE("a sink counts errors and sorts by place, then code") {
  DiagnosticSink sink;
  sink.warning(DiagnosticCode::unused_import, "late warning", {50, 60});
  sink.error(DiagnosticCode::unknown_field, "second", {10, 20}, "here");
  sink.error(DiagnosticCode::type_mismatch, "first", {10, 12});
  sink.error(DiagnosticCode::cycle, "nowhere", {});
  CHECK(sink.error_count() == 3);
  CHECK(sink.has_errors());
  sink.sort();
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : sink.all()) messages.push_back(diagnostic.message);
  CHECK(messages == std::vector<std::string>{"first", "second", "late warning", "nowhere"});
  CHECK(sink.all()[1].labels[0].text == "here");
  CHECK(sink.all()[3].labels.empty());
}

TEST_CASE("an error is built in one expression") {
  Error error = Error(DiagnosticCode::missing_key, "no key", {5, 6}).help("add it").note("it is new");
  CHECK(error.code() == DiagnosticCode::missing_key);
  CHECK(error.diagnostic().helps[0].text == "add it");
  CHECK(error.diagnostic().notes[0] == "it is new");
  CHECK(error.diagnostic().labels[0].span == SourceSpan{5, 6});
}

TEST_CASE("several labels, the address, notes and helps are shown in order") {
  SourceMap sources;
  sources.add("a.carbon", "let x = y\nlet y = x\n");
  std::uint32_t base = sources.file(0).base;
  Diagnostic diagnostic;
  diagnostic.code = DiagnosticCode::cycle;
  diagnostic.message = "dependency cycle";
  diagnostic.labels = {{{base + 8, base + 9}, "needs `y`"}, {{base + 18, base + 19}, "needs `x`"}};
  diagnostic.address = "apps[\"a\"]";
  diagnostic.notes = {"path x -> y -> x"};
  diagnostic.helps = {{"move one into an input", {}}};
  CHECK(to_text(diagnostic, sources, Color::off) ==
        "error[C0304]: dependency cycle\n"
        "  --> a.carbon:1:9\n"
        "  1 | let x = y\n"
        "    |         ^ needs `y`\n"
        "  --> a.carbon:2:9\n"
        "  2 | let y = x\n"
        "    |         - needs `x`\n"
        "    = resource: apps[\"a\"]\n"
        "    = note: path x -> y -> x\n"
        "    = help: move one into an input\n");
}

TEST_CASE("what brings no remedy of its own gets the one of its code") {
  Error error(DiagnosticCode::plan_used, "this plan was applied already");
  CHECK(to_text(error.diagnostic(), SourceMap(), Color::off) ==
        "error[C0903]: this plan was applied already\n"
        "    = help: make a new plan with `carbon plan -o FILE`\n");
}

TEST_CASE("a place that no source has is left out") {
  SourceMap sources;
  Diagnostic diagnostic;
  diagnostic.code = DiagnosticCode::cycle;
  diagnostic.message = "text";
  diagnostic.labels = {{{900, 901}, "gone"}};
  CHECK(to_text(diagnostic, sources, Color::off) ==
        "error[C0304]: text\n"
        "    = help: cut the circle: let one of them go without the other\n");
}
