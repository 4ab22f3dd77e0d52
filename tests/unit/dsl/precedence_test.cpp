#include "dsl/syntax/precedence.h"

#include <doctest/doctest.h>

#include "tests/unit/dsl/support.h"

using namespace carbon;
using testing::Parsed;

namespace {

/// Writes the folded tree with all its brackets.
struct Bracketed {
  std::string operand(NodeRef node) const { return std::string(node.text()); }
  std::string prefix(Operator op, NodeRef, const std::string& right) const {
    return '(' + std::string(to_string(op)) + ' ' + right + ')';
  }
  std::string binary(Operator op, NodeRef, const std::string& left, const std::string& right) const {
    return '(' + left + ' ' + std::string(to_string(op)) + ' ' + right + ')';
  }
};

std::string folded(const std::string& expression) {
  Parsed parsed("let a = " + expression + "\n");
  REQUIRE(parsed.sink().all().empty());
  return fold_operation<std::string>(parsed.value(), Bracketed());
}

}  // namespace

TEST_CASE("each level of the table binds tighter than the one before") {
  CHECK(folded("a or b and c") == "(a or (b and c))");
  CHECK(folded("a and b or c") == "((a and b) or c)");
  CHECK(folded("a and not b") == "(a and (not b))");
  CHECK(folded("not a == b") == "(not (a == b))");
  CHECK(folded("not a and b") == "((not a) and b)");
  CHECK(folded("a == b ?? c") == "(a == (b ?? c))");
  CHECK(folded("a ?? b + c") == "(a ?? (b + c))");
  CHECK(folded("a + b * c") == "(a + (b * c))");
  CHECK(folded("a * b + c") == "((a * b) + c)");
  CHECK(folded("-a * b") == "((- a) * b)");
  CHECK(folded("a * -b + c") == "((a * (- b)) + c)");
  CHECK(folded("a not  in b or c in d") == "((a not in b) or (c in d))");
}

TEST_CASE("operators of one level associate to the left") {
  CHECK(folded("a - b - c") == "((a - b) - c)");
  CHECK(folded("a / b * c % d") == "(((a / b) * c) % d)");
  CHECK(folded("a ?? b ?? c") == "((a ?? b) ?? c)");
  CHECK(folded("a or b or c") == "((a or b) or c)");
}

TEST_CASE("prefix operators nest to the right") {
  CHECK(folded("--a") == "(- (- a))");
  CHECK(folded("not not a") == "(not (not a))");
  CHECK(folded("not -a < b") == "(not ((- a) < b))");
}

TEST_CASE("all comparisons are told apart") {
  for (const char* op : {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}) {
    CHECK(folded(std::string("a ") + op + " b") == std::string("(a ") + op + " b)");
  }
}
