#include "dsl/format/writer.h"

#include <doctest/doctest.h>

using namespace carbon::layout;

TEST_CASE("the first text of a line is indented, and empty lines are not") {
  Writer writer;
  {
    Writer::Indented indented(writer);
    writer.write("a");
    writer.end_line();
    writer.end_line();
    writer.fresh_line();
    writer.write("b");
  }
  writer.fresh_line();
  writer.write("c");
  CHECK(writer.take() == "  a\n\n  b\nc");
}

TEST_CASE("columns are code points") {
  Writer writer;
  writer.write("ž🐎");
  CHECK(writer.column() == 2);
}

TEST_CASE("measuring writes nothing, and knows the line's limit") {
  Writer writer;
  writer.write("x");
  auto write = [&writer](std::size_t size) { writer.write(std::string(size, 'y')); };
  CHECK(writer.fits(0, [&] { write(line_width - 1); }));
  CHECK_FALSE(writer.fits(0, [&] { write(line_width); }));
  CHECK_FALSE(writer.fits(1, [&] { write(line_width - 1); }));
  CHECK_FALSE(writer.fits(0, [&] { writer.end_line(); }));
  CHECK(writer.width([&] { write(7); }) == 7);
  CHECK(writer.width([&] { write(5 * line_width); }) > line_width);
  CHECK(writer.column() == 1);
  CHECK(writer.lines() == 0);
  CHECK(writer.take() == "x");
}

TEST_CASE("measuring may nest") {
  Writer writer;
  CHECK_FALSE(writer.fits(0, [&] {
    CHECK(writer.fits(0, [&] { writer.write("a"); }));
    writer.write(std::string(line_width + 1, 'b'));
  }));
  CHECK(writer.take().empty());
}

TEST_CASE("blanks are put in where they were asked for, in any order") {
  Writer writer;
  writer.write("a");
  std::size_t first = writer.size();
  writer.write("b");
  std::size_t second = writer.size();
  writer.write("c");
  writer.pad(second, 2);
  writer.pad(first, 1);
  CHECK(writer.take() == "a b  c");
}
