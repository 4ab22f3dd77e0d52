#include "base/fixes.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {

/// A file and errors with one help each.
class Faulty {
 public:
  explicit Faulty(std::string text) {
    sources.add("before.carbon", "let before = 1\n");
    index = sources.add("a.carbon", std::move(text));
  }
  void fix(std::uint32_t begin, std::uint32_t end, std::string replacement,
           FixSafety safety = FixSafety::safe) {
    std::uint32_t base = sources.file(index).base;
    Diagnostic& made = sink.error(DiagnosticCode::unknown_name, "m", {base + begin, base + end});
    made.helps.push_back({"h", Fix{{base + begin, base + end}, std::move(replacement), safety}});
  }
  [[nodiscard]] std::string fixed() const { return with_fixes(sources.file(index), safe_fixes(sink.all())); }

  SourceMap sources;
  std::uint32_t index = 0;
  DiagnosticSink sink;
};

}  // namespace

TEST_CASE("fixes insert, replace and remove, whatever their order") {
  Faulty file("abcdef");
  file.fix(4, 6, "");
  file.fix(0, 0, "<");
  file.fix(1, 3, "XYZ");
  CHECK(file.fixed() == "<aXYZd");
}

TEST_CASE("of fixes that overlap the first in the text is made") {
  Faulty file("abcdef");
  file.fix(2, 5, "2");
  file.fix(1, 3, "1");
  file.fix(5, 6, "3");
  CHECK(file.fixed() == "a1de3");
}

TEST_CASE("of two fixes at one place the first is made, and an equal one is made once") {
  Faulty file("ab");
  file.fix(1, 1, " =");
  file.fix(1, 1, " =");
  file.fix(1, 2, "c");
  CHECK(file.fixed() == "a =b");
}

TEST_CASE("a fix may insert right behind one that replaces") {
  Faulty file("dta {}");
  file.fix(0, 3, "data");
  file.fix(3, 3, " =");
  CHECK(file.fixed() == "data = {}");
}

TEST_CASE("only safe fixes are made, and one for each diagnostic") {
  Faulty file("ab");
  file.fix(0, 1, "x", FixSafety::maybe);
  CHECK(file.fixed() == "ab");
  file.fix(1, 2, "y");
  Diagnostic twice = file.sink.all().back();
  twice.helps.front().fix->replacement = "z";
  twice.helps.push_back({"no fix", {}});
  DiagnosticSink other;
  other.add(twice);
  twice.helps.erase(twice.helps.begin());
  other.add(twice);
  CHECK(with_fixes(file.sources.file(file.index), safe_fixes(other.all())) == "az");
  CHECK(file.fixed() == "ay");
}

TEST_CASE("fixes of another file leave this one as it is") {
  Faulty file("ab");
  file.fix(0, 1, "x");
  CHECK(with_fixes(file.sources.file(0), safe_fixes(file.sink.all())) == "let before = 1\n");
}
