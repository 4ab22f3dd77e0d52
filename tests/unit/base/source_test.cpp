#include "base/source.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("a byte is found again by file, line and column") {
  SourceMap sources;
  sources.add("a.carbon", "one\ntwo");
  sources.add("b.carbon", "é = 1\r\nx");
  std::uint32_t b = sources.file(1).base;

  SourceLocation two = sources.locate(sources.file(0).base + 4);
  CHECK(two.path == "a.carbon");
  CHECK(two.line == 2);
  CHECK(two.column == 1);
  CHECK(sources.locate(b + 3).column == 3);  // columns count code points
  CHECK(sources.line(b) == "é = 1");         // without the line end
  CHECK(sources.text({b + 8, b + 9}) == "x");
}

TEST_CASE("offset 0 and offsets past the end are nowhere") {
  SourceMap sources;
  CHECK(sources.find(1) == nullptr);
  sources.add("a", "");
  CHECK(sources.find(0) == nullptr);
  CHECK(sources.find(1) != nullptr);  // the end of an empty file still belongs to it
  CHECK(sources.find(2) == nullptr);
  CHECK(sources.locate(0).line == 0);
}
