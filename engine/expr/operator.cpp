#include "engine/expr/expr.h"

namespace carbon {

std::string_view to_string(Operator op) {
  switch (op) {
    case Operator::none: return "";
    case Operator::negate: return "-";
    case Operator::not_: return "not";
    case Operator::or_: return "or";
    case Operator::and_: return "and";
    case Operator::equal: return "==";
    case Operator::not_equal: return "!=";
    case Operator::less: return "<";
    case Operator::less_equal: return "<=";
    case Operator::greater: return ">";
    case Operator::greater_equal: return ">=";
    case Operator::in: return "in";
    case Operator::not_in: return "not in";
    case Operator::coalesce: return "??";
    case Operator::add: return "+";
    case Operator::subtract: return "-";
    case Operator::multiply: return "*";
    case Operator::divide: return "/";
    case Operator::remainder: return "%";
  }
  return "?";
}

}  // namespace carbon
