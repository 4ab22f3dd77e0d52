#include "dsl/syntax/precedence.h"

#include <array>
#include <cstdlib>

namespace carbon {

namespace {

struct OperatorInfo {
  std::string_view text;
  int precedence;
};

// In the order of the enum.
constexpr std::array<OperatorInfo, 18> operators = {{
    {"or", 1},
    {"and", 2},
    {"not", 3},
    {"==", 4},
    {"!=", 4},
    {"<", 4},
    {"<=", 4},
    {">", 4},
    {">=", 4},
    {"in", 4},
    {"not in", 4},
    {"??", 5},
    {"+", 6},
    {"-", 6},
    {"*", 7},
    {"/", 7},
    {"%", 7},
    {"-", 8},
}};

}  // namespace

int precedence(Operator op) { return operators[static_cast<std::size_t>(op)].precedence; }

std::string_view to_string(Operator op) { return operators[static_cast<std::size_t>(op)].text; }

Operator operator_of(NodeRef token) {
  std::string_view text = token.text();
  if (token.is(NodeKind::prefix_operator)) return text == "-" ? Operator::negate : Operator::logical_not;
  // The two words of `not in` may have any blanks between them.
  if (text.starts_with("not")) return Operator::not_in;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    if (operators[i].text == text) return static_cast<Operator>(i);
  }
  std::abort();  // the grammar makes no other binary_operator
}

}  // namespace carbon
