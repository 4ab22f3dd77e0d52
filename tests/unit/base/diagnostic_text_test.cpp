#include "base/diagnostic_text.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("a diagnostic shows code, place, the user's line and the remedy") {
  SourceMap sources;
  sources.add("p.carbon", "resource b : T {\n  lifecyle = 1\n}\n");
  std::uint32_t at = sources.file(0).base + 19;
  DiagnosticSink sink;
  sink.error(DiagnosticCode::unknown_field, "`T` has no field `lifecyle`", {at, at + 8}, "unknown field")
      .helps.push_back({"did you mean `lifecycle`?", Fix{{at, at + 8}, "lifecycle", FixSafety::safe}});

  CHECK(to_text(sink.all().front(), sources, Color::off) ==
        "error[C0301]: `T` has no field `lifecyle`\n"
        "  --> p.carbon:2:3\n"
        "  2 |   lifecyle = 1\n"
        "    |   ^^^^^^^^ unknown field\n"
        "    = help: did you mean `lifecycle`? (safe fix)\n");
}

TEST_CASE("control, bidi and zero-width characters become visible") {
  CHECK(visible("a\x1b[31m") == "a\\x1b[31m");
  CHECK(visible("x\u202Ey") == "x\\u{202e}y");
  CHECK(visible("\xFFz") == "\\xffz");
  CHECK(visible("é\n\t") == "é\n\t");
}
