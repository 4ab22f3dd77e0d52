#include "engine/expr/operators.h"

#include <fmt/format.h>

#include "engine/expr/access.h"
#include "engine/expr/arithmetic.h"
#include "engine/expr/call.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

bool is_open(const Value& value) { return value.is_unknown() || value.is_secret(); }

std::string_view term_name(Operator op) { return op == Operator::negate ? "negate" : to_string(op); }

Result<Value> equals(Operator op, const Value& left, const Value& right) {
  bool negated = op == Operator::not_equal;
  // Whether something is there is no secret, and a collection is there whatever its leaves will be.
  if (left.is_null() || right.is_null()) {
    const Value& other = left.is_null() ? right : left;
    if (!other.is_unknown()) return Value::boolean(other.is_null() != negated);
  }
  for (const Value* side : {&left, &right}) {
    if (side->contains_secret()) return fail(decided_by_secret("a comparison", *side, {}));
  }
  if (left.contains_unknown() || right.contains_unknown()) return open_call(to_string(op), {left, right});
  return Value::boolean((left == right) != negated);
}

Result<Value> membership(Operator op, const Value& key, const Value& collection) {
  Value found = CARBON_TRY(contains(collection, key));
  if (op == Operator::in) return found;
  if (found.is_unknown()) return Value::unknown({"not in", {key, collection}});
  return Value::boolean(!found.as_bool());
}

Result<Value> plus(const Value& left, const Value& right) {
  bool text = (left.is_string() || is_open(left)) && (right.is_string() || is_open(right));
  for (const Value* side : {&left, &right}) {
    if (side->is_secret() && !text) return fail(decided_by_secret("a number or a list", *side, {}));
  }
  if (is_open(left) || is_open(right)) return open_call("+", {left, right});
  if (left.is_string() && right.is_string()) {
    std::string joined;
    joined.reserve(left.text().size() + right.text().size());
    joined.append(left.text()).append(right.text());
    return Value::string(joined);
  }
  if (left.is_sequence() && right.is_sequence()) return concat({left, right});
  return arithmetic(Operator::add, left, right);
}

}  // namespace

Result<Value> unary(Operator op, const Value& operand) {
  std::string_view what = op == Operator::not_ ? "a condition" : "a number";
  if (operand.is_secret()) return fail(decided_by_secret(what, operand, {}));
  if (operand.is_unknown()) return open_call(term_name(op), {operand});
  if (op == Operator::negate) return negate(operand);
  if (operand.kind() != ValueKind::boolean)
    return fail(DiagnosticCode::type_mismatch, fmt::format("expected `bool`, found {}", describe(operand)));
  return Value::boolean(!operand.as_bool());
}

Result<Value> binary(Operator op, const Value& left, const Value& right) {
  switch (op) {
    case Operator::equal:
    case Operator::not_equal: return equals(op, left, right);
    case Operator::in:
    case Operator::not_in: return membership(op, left, right);
    case Operator::add: return plus(left, right);
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
    case Operator::subtract:
    case Operator::multiply:
    case Operator::divide:
    case Operator::remainder: break;
    case Operator::none:
    case Operator::negate:
    case Operator::not_:
    case Operator::or_:
    case Operator::and_:
    case Operator::coalesce:
      return fail(DiagnosticCode::bad_operands, fmt::format("`{}` is no two-sided operator", to_string(op)));
  }
  bool compares = op == Operator::less || op == Operator::less_equal || op == Operator::greater ||
                  op == Operator::greater_equal;
  for (const Value* side : {&left, &right}) {
    if (side->is_secret()) return fail(decided_by_secret(compares ? "a comparison" : "a number", *side, {}));
  }
  if (left.is_unknown() || right.is_unknown()) return open_call(to_string(op), {left, right});
  return compares ? ordered(op, left, right) : arithmetic(op, left, right);
}

Result<bool> known_bool(std::string_view what, const Value& value, SourceSpan span) {
  if (auto problem = open_problem(what, value, span)) return fail(std::move(*problem));
  if (value.kind() == ValueKind::boolean) return value.as_bool();
  return fail(labelled(DiagnosticCode::type_mismatch,
                       fmt::format("{} must be a `bool`, found {}", what, describe(value)), span,
                       std::string(describe(value))));
}

namespace {

Result<Value> coalesce(const Value& left, const std::function<Result<Value>()>& right) {
  if (!left.is_unknown()) return left.is_null() ? right() : Result<Value>(left);
  Value other = CARBON_TRY(right());
  return open_call("??", {left, std::move(other)});
}

/// The right operand: a bool or an unknown.
Result<Value> right_condition(const std::function<Result<Value>()>& right, SourceSpan span) {
  Value value = CARBON_TRY(right());
  if (!value.is_unknown()) CARBON_TRY(known_bool("a condition", value, span));
  return value;
}

}  // namespace

Result<Value> short_circuit(Operator op, const Value& left, SourceSpan left_span,
                            const std::function<Result<Value>()>& right, SourceSpan right_span) {
  if (op == Operator::coalesce) return coalesce(left, right);
  bool deciding = op == Operator::or_;
  if (!left.is_unknown()) {
    bool known = CARBON_TRY(known_bool("a condition", left, left_span));
    return known == deciding ? Result<Value>(left) : right_condition(right, right_span);
  }
  Value other = CARBON_TRY(right_condition(right, right_span));
  if (other.is_unknown()) return open_call(to_string(op), {left, other});
  return other.as_bool() == deciding ? other : left;
}

namespace {

using Arguments = std::span<const Value>;

template <Operator op>
Result<Value> binary_body(Arguments arguments) {
  return binary(op, arguments[0], arguments[1]);
}
template <Operator op>
Result<Value> unary_body(Arguments arguments) {
  return unary(op, arguments[0]);
}
template <Operator op>
Result<Value> lazy_body(Arguments arguments) {
  return short_circuit(op, arguments[0], {}, [&]() -> Result<Value> { return arguments[1]; }, {});
}

Result<Value> if_body(Arguments arguments) {
  return CARBON_TRY(known_bool("a condition", arguments[0], {})) ? arguments[1] : arguments[2];
}
Result<Value> member_body(Arguments arguments) { return index(arguments[0], arguments[1], Missing::null); }
Result<Value> safe_member_body(Arguments arguments) {
  return arguments[0].is_null() ? Value() : index(arguments[0], arguments[1], Missing::null);
}
Result<Value> index_body(Arguments arguments) { return index(arguments[0], arguments[1], Missing::error); }
Result<Value> interpolate_body(Arguments arguments) {
  return interpolate({arguments.begin(), arguments.end()});
}
Result<Value> concat_body(Arguments arguments) { return concat({arguments.begin(), arguments.end()}); }
Result<Value> overlay_body(Arguments arguments) { return overlay({arguments.begin(), arguments.end()}); }
Result<Value> unfinished_body(Arguments) {
  // `close` finishes these itself: they need the surroundings.
  return fail(DiagnosticCode::wrong_arguments, "this can be finished only where values are closed");
}

struct Internal {
  std::string_view name;
  std::vector<std::string> parameters;
  Function::Body body;
  std::string_view doc;
};

const std::vector<Internal>& internals() {
  static const std::vector<Internal> all{
      {"+", {"left", "right"}, binary_body<Operator::add>, "Sum, or two strings or lists joined."},
      {"-", {"left", "right"}, binary_body<Operator::subtract>, "Difference."},
      {"*", {"left", "right"}, binary_body<Operator::multiply>, "Product."},
      {"/", {"left", "right"}, binary_body<Operator::divide>, "Quotient."},
      {"%", {"left", "right"}, binary_body<Operator::remainder>, "Remainder."},
      {"==", {"left", "right"}, binary_body<Operator::equal>, "Deep equality."},
      {"!=", {"left", "right"}, binary_body<Operator::not_equal>, "Deep inequality."},
      {"<", {"left", "right"}, binary_body<Operator::less>, "Order."},
      {"<=", {"left", "right"}, binary_body<Operator::less_equal>, "Order."},
      {">", {"left", "right"}, binary_body<Operator::greater>, "Order."},
      {">=", {"left", "right"}, binary_body<Operator::greater_equal>, "Order."},
      {"in", {"key", "collection"}, binary_body<Operator::in>, "Membership."},
      {"not in", {"key", "collection"}, binary_body<Operator::not_in>, "Membership, negated."},
      {"negate", {"operand"}, unary_body<Operator::negate>, "The negative number."},
      {"not", {"operand"}, unary_body<Operator::not_>, "The opposite."},
      {"and", {"left", "right"}, lazy_body<Operator::and_>, "Both."},
      {"or", {"left", "right"}, lazy_body<Operator::or_>, "Either."},
      {"??", {"left", "right"}, lazy_body<Operator::coalesce>, "The left side unless it is null."},
      {"if", {"condition", "then", "else"}, if_body, "One of two values."},
      {"member", {"object", "key"}, member_body, "A field; null when missing."},
      {"safe_member", {"object", "key"}, safe_member_body, "A field; null when the object is null."},
      {"index", {"object", "key"}, index_body, "An item; an error when missing."},
      {"interpolate", {"...parts"}, interpolate_body, "Text from parts."},
      {"concat", {"...lists"}, concat_body, "A list from lists."},
      {"overlay", {"...records"}, overlay_body, "A record from records; later ones win."},
      {"attribute", {"address", "path"}, unfinished_body, "The field of an object, once it exists."},
      {"convert", {"value", "type"}, unfinished_body, "A value turned into a type."},
  };
  return all;
}

}  // namespace

void add_operators(FunctionTable& table) {
  for (const Internal& internal : internals()) {
    Function function;
    function.name = internal.name;
    for (const std::string& name : internal.parameters) {
      bool variadic = name.starts_with("...");
      function.parameters.push_back({variadic ? name.substr(3) : name, "T", false, variadic});
    }
    function.result = "T";
    function.doc = internal.doc;
    function.body = internal.body;
    function.on_secret = OnSecret::accept;
    function.on_unknown = OnUnknown::accept;
    table.add(std::move(function));
  }
}

}  // namespace carbon
