#include "dsl/syntax/precedence.h"

#include <array>
#include <cstdlib>

namespace carbon {

namespace {

/// What may stand between two operands.
constexpr std::array binary_operators = {
    Operator::or_,      Operator::and_,       Operator::equal,     Operator::not_equal,
    Operator::less,     Operator::less_equal, Operator::greater,   Operator::greater_equal,
    Operator::in,       Operator::coalesce,   Operator::add,       Operator::subtract,
    Operator::multiply, Operator::divide,     Operator::remainder,
};

}  // namespace

int precedence(Operator op) {
  switch (op) {
    case Operator::none: return 0;
    case Operator::or_: return 1;
    case Operator::and_: return 2;
    case Operator::not_: return 3;
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
    case Operator::in:
    case Operator::not_in: return 4;
    case Operator::coalesce: return 5;
    case Operator::add:
    case Operator::subtract: return 6;
    case Operator::multiply:
    case Operator::divide:
    case Operator::remainder: return 7;
    case Operator::negate: return 8;
  }
  return 0;
}

Operator operator_of(NodeRef token) {
  std::string_view text = token.text();
  if (token.is(NodeKind::prefix_operator)) return text == "-" ? Operator::negate : Operator::not_;
  // The two words of `not in` may have any blanks between them.
  if (text.starts_with("not")) return Operator::not_in;
  for (Operator op : binary_operators) {
    if (to_string(op) == text) return op;
  }
  std::abort();  // the grammar makes no other binary_operator
}

}  // namespace carbon
