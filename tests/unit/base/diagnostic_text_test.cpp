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

TEST_CASE("of a long line the part around the place is shown, and of a long message its beginning") {
  SourceMap sources;
  sources.add("p.carbon", "let a = \"" + std::string(100'000, 'x') + "\" + b" + std::string(100'000, 'y'));
  std::uint32_t at = sources.file(0).base + 9 + 100'000 + 4;
  DiagnosticSink sink;
  sink.error(DiagnosticCode::unknown_field, std::string(100'000, 'm'), {at, at + 1}, "here");
  std::string text = to_text(sink.all().front(), sources, Color::off);
  CHECK(text.size() < 6000);
  CHECK(text.find("\n  1 | …" + std::string(56, 'x') + "\" + by") != std::string::npos);
  CHECK(text.find("\n    | " + std::string(61, ' ') + "^ here\n") != std::string::npos);
  CHECK(text.find("mmm…\n") != std::string::npos);
}

TEST_CASE("a long line is never cut inside a character") {
  SourceMap sources;
  std::string line;
  for (int i = 0; i < 500; ++i) line += "é€€";  // so that both cuts fall into characters
  sources.add("p.carbon", line);
  std::uint32_t base = sources.file(0).base;
  for (std::uint32_t at = 0; at < 400; ++at) {
    bool begins = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (!begins) continue;
    DiagnosticSink sink;
    sink.error(DiagnosticCode::unknown_field, "m", {base + at, base + at + 2}, "");
    CHECK(to_text(sink.all().front(), sources, Color::off).find("\\x") == std::string::npos);
  }
}

TEST_CASE("control, bidi and zero-width characters become visible") {
  CHECK(visible("a\x1b[31m") == "a\\x1b[31m");
  CHECK(visible("x\u202Ey") == "x\\u{202e}y");
  // A mark of Latin-1 that terminals obey, zero width, line and paragraph, isolates, tags.
  CHECK(visible("\xC2\x9B|\x7F") == "\\u{9b}|\\x7f");
  CHECK(visible("\u200B\u200F") == "\\u{200b}\\u{200f}");
  CHECK(visible("\u2028\u2066\u2069\uFEFF") == "\\u{2028}\\u{2066}\\u{2069}\\u{feff}");
  CHECK(visible("\u061C\uFFF9\U000E0041") == "\\u{61c}\\u{fff9}\\u{e0041}");
  CHECK(visible("\xFFz") == "\\xffz");
  CHECK(visible("é\n\t") == "é\n\t");
}
