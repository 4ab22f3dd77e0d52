#include <fmt/format.h>

#include "dsl/check/lowering.h"
#include "dsl/syntax/literal.h"
#include "dsl/syntax/precedence.h"

namespace carbon {

namespace {

bool is_kind(TypePtr type, TypeKind kind) { return type != nullptr && type->kind == kind; }

bool is_text(TypePtr type) {
  return is_kind(type, TypeKind::string) || is_kind(type, TypeKind::literal) ||
         is_kind(type, TypeKind::union_);
}

bool is_unit(TypePtr type) {
  return is_kind(type, TypeKind::bytes) || is_kind(type, TypeKind::cpu) ||
         is_kind(type, TypeKind::quantity) || is_kind(type, TypeKind::duration);
}

bool is_number(TypePtr type) { return is_kind(type, TypeKind::integer) || is_kind(type, TypeKind::floating); }

/// json and unknown types are looked at when the value is there.
bool undecided(TypePtr type) { return type == nullptr || type->kind == TypeKind::json; }

bool ordered(TypePtr a, TypePtr b) {
  if (is_text(a) && is_text(b)) return true;
  bool same = a->kind == b->kind && (is_number(a) || is_unit(a));
  bool quantities = is_unit(a) && is_unit(b) && a->kind != TypeKind::duration &&
                    b->kind != TypeKind::duration &&
                    (a->kind == TypeKind::quantity || b->kind == TypeKind::quantity);
  return same || quantities;
}

bool comparable(TypePtr a, TypePtr b) {
  if (is_text(a) && is_text(b)) return true;
  bool fields = (is_kind(a, TypeKind::record) || is_kind(a, TypeKind::map)) &&
                (is_kind(b, TypeKind::record) || is_kind(b, TypeKind::map));
  bool mixed = is_kind(a, TypeKind::int_or_string) || is_kind(b, TypeKind::int_or_string);
  return fields || mixed || a->kind == b->kind || ordered(a, b);
}

/// The one number that is an int only behind a `-`.
bool is_least_int(NodeRef node, NodeRef before) {
  if (!node.is(NodeKind::number) || !before.is(NodeKind::prefix_operator) || before.text() != "-")
    return false;
  std::vector<NumberPart> parts = number_parts(node);
  return parts.front().unit.empty() && parts.front().digits == "9223372036854775808";
}

bool has_unit(NodeRef node) { return node.is(NodeKind::number) && !number_parts(node).front().unit.empty(); }

}  // namespace

Lowered Lowering::operation(NodeRef node, TypePtr expected) {
  Place::Mark mark = place_.mark();
  place_.narrow(node);  // `x != null and x.f`
  // A number with a unit is of the expected type, or measures what the other operands measure.
  TypePtr hint = is_unit(bare(expected)) ? bare(expected) : nullptr;
  std::vector<NodeRef> operands;
  std::vector<NodeRef> before;  // each operand
  NodeRef last;
  for (NodeRef child : node.children()) {
    if (category(child.kind()) == NodeCategory::expression) {
      operands.push_back(child);
      before.push_back(last);
    }
    last = child;
  }
  std::vector<Lowered> lowered(operands.size());
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (has_unit(operands[i])) continue;
    lowered[i] =
        is_least_int(operands[i], before[i])
            ? constant(Value::integer(INT64_MIN), session_.basic(TypeKind::integer), operands[i].span())
            : lower_any(operands[i], nullptr);
    if (is_unit(lowered[i].type)) hint = lowered[i].type;
  }
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (has_unit(operands[i])) lowered[i] = lower_any(operands[i], hint);
  }
  place_.release(mark);
  struct Builder {
    Lowering& lowering;
    std::vector<Lowered>& operands;
    std::size_t next = 0;

    Lowered operand(NodeRef) { return std::move(operands[next++]); }
    Lowered prefix(Operator op, NodeRef token, Lowered right) {
      return lowering.prefix(op, token, std::move(right));
    }
    Lowered binary(Operator op, NodeRef, Lowered left, Lowered right) {
      return lowering.binary(op, std::move(left), std::move(right));
    }
  };
  return fold_operation<Lowered>(node, Builder{*this, lowered});
}

Lowered Lowering::prefix(Operator op, NodeRef token, Lowered right) {
  if (right.failed) return right;
  SourceSpan span{token.span().begin, right.span.end};
  if (op == Operator::negate && right.is_constant()) {
    // Written without its sign it stands for itself; in parentheses it has one already.
    bool least =
        right.constant.kind() == ValueKind::integer && right.constant.as_int() == INT64_MIN &&
        session_.input.sources.text(right.span).find_first_not_of("0123456789_") == std::string_view::npos;
    if (least) return constant(Value::integer(INT64_MIN), right.type, span);
    if (right.constant.kind() == ValueKind::integer && right.constant.as_int() != INT64_MIN)
      return constant(Value::integer(-right.constant.as_int()), right.type, span);
    if (right.constant.kind() == ValueKind::floating)
      return constant(Value::floating(-right.constant.as_float()), right.type, span);
  }
  TypePtr type = right.type;
  bool fits = op == Operator::not_ ? undecided(type) || is_kind(type, TypeKind::boolean)
                                   : undecided(type) || is_number(type) || is_unit(type);
  if (!fits || right.is_null()) {
    std::string is = type != nullptr ? to_string(*type) : "null";
    bool secret = is_kind(type, TypeKind::secret);
    error(secret ? DiagnosticCode::secret_decides : DiagnosticCode::bad_operands,
          fmt::format("`{}` is not defined on `{}`", to_string(op), is), right.span);
    return failed(span);
  }
  Expr& made = arena_.make(ExprKind::unary, span);
  made.op = op;
  made.type = op == Operator::not_ ? session_.basic(TypeKind::boolean) : type;
  made.children.push_back(expr(right));
  return make(made);
}

/// The type of `a op b` where both are known.
TypePtr Lowering::arithmetic_type(Operator op, TypePtr a, TypePtr b, bool& defined) {
  bool adds = op == Operator::add || op == Operator::subtract;
  if (op == Operator::add && is_text(bare(a)) && is_text(bare(b))) {
    TypePtr string = session_.basic(TypeKind::string);
    bool secret = is_kind(a, TypeKind::secret) || is_kind(b, TypeKind::secret);
    return secret ? types_.secret(string) : string;
  }
  if (op == Operator::add && is_kind(a, TypeKind::list) && is_kind(b, TypeKind::list))
    return types_.list(known(types_, common_type(types_, a->element, b->element)));
  if (is_number(a) && a->kind == b->kind) return session_.basic(a->kind);
  if (adds) {
    defined = is_unit(a) && ordered(a, b);
    return session_.basic(a->kind);
  }
  if (op == Operator::multiply && is_number(a) && is_unit(b)) return b;
  if (op != Operator::remainder && is_unit(a) && is_number(b)) return a;
  defined = op == Operator::divide && is_unit(a) && ordered(a, b);
  return session_.basic(TypeKind::floating);
}

TypePtr Lowering::result_type(Operator op, const Lowered& left, const Lowered& right, bool& defined) {
  TypePtr a = left.type;
  TypePtr b = right.type;
  TypePtr boolean = session_.basic(TypeKind::boolean);
  defined = true;
  bool literal_float =
      (is_kind(a, TypeKind::floating) && right.is_constant() && is_kind(b, TypeKind::integer)) ||
      (is_kind(b, TypeKind::floating) && left.is_constant() && is_kind(a, TypeKind::integer));
  switch (op) {
    case Operator::or_:
    case Operator::and_:
      defined =
          (undecided(a) || a->kind == TypeKind::boolean) && (undecided(b) || b->kind == TypeKind::boolean);
      return boolean;
    case Operator::equal:
    case Operator::not_equal:
      defined = left.is_null() || right.is_null() || undecided(bare(a)) || undecided(bare(b)) ||
                literal_float || comparable(bare(a), bare(b));
      return boolean;
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
      defined = undecided(a) || undecided(b) || literal_float || ordered(a, b);
      return boolean;
    case Operator::in:
    case Operator::not_in:
      defined = undecided(b) || b->kind == TypeKind::list || b->kind == TypeKind::set ||
                b->kind == TypeKind::map || b->kind == TypeKind::record;
      return boolean;
    case Operator::coalesce: {
      TypePtr present = is_kind(a, TypeKind::optional) ? a->element : a;
      return left.is_null() ? b : common_type(types_, present, b);
    }
    case Operator::add:
    case Operator::subtract:
    case Operator::multiply:
    case Operator::divide:
    case Operator::remainder:
      if (op == Operator::add && undecided(a) && is_text(b)) return b;
      if (undecided(a) || undecided(b)) return nullptr;
      return literal_float ? session_.basic(TypeKind::floating) : arithmetic_type(op, a, b, defined);
    case Operator::none:
    case Operator::negate:
    case Operator::not_: break;
  }
  return nullptr;
}

Lowered Lowering::binary(Operator op, Lowered left, Lowered right) {
  SourceSpan span{left.span.begin, right.span.end};
  if (left.failed || right.failed) return failed(span);
  bool compares =
      op == Operator::equal || op == Operator::not_equal || op == Operator::in || op == Operator::not_in;
  bool with_null = left.is_null() || right.is_null();
  bool secret = is_kind(left.type, TypeKind::secret) || is_kind(right.type, TypeKind::secret);
  if (secret && compares && !with_null) {
    const Lowered& which = is_kind(left.type, TypeKind::secret) ? left : right;
    error(DiagnosticCode::secret_decides, "a secret would decide a comparison", which.span,
          fmt::format("this is `{}`", to_string(*which.type)));
    return failed(span);
  }
  bool may_be_null = compares || op == Operator::coalesce;
  for (const Lowered* side : {&left, &right}) {
    if (may_be_null || !is_kind(side->type, TypeKind::optional)) continue;
    error(DiagnosticCode::may_be_absent,
          fmt::format("`{}` may be absent", session_.input.sources.text(side->span)), side->span)
        .helps.push_back({"give it a value with `?? …`", {}});
    return failed(span);
  }
  bool defined = true;
  TypePtr type = result_type(op, left, right, defined);
  if (!defined) {
    auto name = [](const Lowered& side) { return side.type != nullptr ? to_string(*side.type) : "null"; };
    Diagnostic& made = error(
        DiagnosticCode::bad_operands,
        fmt::format("`{}` is not defined on `{}` and `{}`", to_string(op), name(left), name(right)), span);
    bool mixes = is_number(left.type) && is_number(right.type) && left.type->kind != right.type->kind;
    if (mixes) made.helps.push_back({"write `float(x)` or `int(x)`", {}});
    return failed(span);
  }
  Expr& made = arena_.make(ExprKind::binary, span);
  made.op = op;
  made.type = type;
  made.children = {expr(left), expr(right)};
  return make(made);
}

Lowered Lowering::conditional(NodeRef node, TypePtr expected) {
  auto parts = node.children(NodeCategory::expression);
  const Expr* decides = condition(parts.at(0));
  Place::Mark mark = place_.mark();
  place_.narrow(parts.at(0));
  Lowered then = lower(parts.at(1), expected);
  place_.release(mark);
  Lowered otherwise = lower(parts.at(2), expected);
  if (then.failed || otherwise.failed) return failed(node.span());
  Expr& made = arena_.make(ExprKind::conditional, node.span());
  made.children = {decides, expr(then), expr(otherwise)};
  made.type = expected;
  if (expected == nullptr) {
    made.type = common_type(types_, then.type, otherwise.type);
    const Lowered& there = then.is_null() ? otherwise : then;
    bool maybe = (then.is_null() || otherwise.is_null()) && there.type != nullptr;
    if (maybe) made.type = there.type->kind == TypeKind::optional ? there.type : types_.optional(there.type);
  }
  return make(made);
}

}  // namespace carbon
