#include "engine/expr/evaluate.h"

#include <fmt/format.h>
#include <cstdlib>

#include "base/spelling.h"
#include "engine/expr/access.h"
#include "engine/expr/call.h"
#include "engine/expr/evaluator.h"
#include "engine/expr/operators.h"
#include "engine/expr/wording.h"

namespace carbon {

Result<Value> evaluate(const Expr& expr, const Frame& frame, EvalContext& context) {
  return Evaluator(frame, context).visit(expr);
}

namespace {

[[noreturn]] void broken(std::string_view what) {
  fmt::print(stderr, "carbon: internal error: {} in an expression\n", what);
  std::abort();
}

SourceSpan span_of(const Expr& expr, std::size_t child) { return expr.children[child]->span; }

/// json and records read a missing part as null; a map with a type does not have the key.
Missing missing_rule(const Expr& object, Missing untyped) {
  if (object.type == nullptr) return untyped;
  bool lenient = object.type->kind == TypeKind::json || object.type->kind == TypeKind::record;
  return lenient ? Missing::null : Missing::error;
}

bool is_int_literal(const Expr& expr) {
  if (expr.kind == ExprKind::constant) return expr.constant.kind() == ValueKind::integer;
  return expr.kind == ExprKind::unary && expr.op == Operator::negate && is_int_literal(*expr.children[0]);
}

/// An int literal beside a float is a float.
void promote(const Expr& literal, Value& value, const Expr& beside, const Value& other) {
  bool floating = other.kind() == ValueKind::floating ||
                  (beside.type != nullptr && beside.type->kind == TypeKind::floating);
  if (floating && value.kind() == ValueKind::integer && is_int_literal(literal))
    value = Value::floating(static_cast<double>(value.as_int())).with_origin(value.origin());
}

/// A walk over a value must end, and not run out of stack: a list of two that are the same list of two that
/// are … holds 2^n.
constexpr std::uint32_t most_weight = 20'000'000;
constexpr std::uint16_t deepest_value = 1000;

Status within_limits(const Value& value, SourceSpan span) {
  if (value.weight() > most_weight) {
    return fail(labelled(DiagnosticCode::fuel_exhausted, "a value holds more than evaluation allows", span,
                         fmt::format("more than {} values or 16 bytes of text", most_weight)));
  }
  if (value.depth() <= deepest_value) return {};
  return fail(labelled(DiagnosticCode::fuel_exhausted, "a value is nested deeper than evaluation allows",
                       span, fmt::format("more than {} levels", deepest_value)));
}

/// The steps that copying text or items into a new value takes besides those of its expression: so many that
/// what is made until they are used up fits into memory.
std::size_t copied(const Value& value) {
  if (value.is_string() || value.kind() == ValueKind::blob) return value.weight();
  if (value.is_sequence()) return 2 * value.items().size();
  return 0;
}

bool divides(Operator op) { return op == Operator::divide || op == Operator::remainder; }

}  // namespace

Result<Value> Evaluator::visit(const Expr& expr) {
  CARBON_CHECK(charge(1, expr.span));
  Result<Value> value = dispatch(expr);
  if (!value) return fail(located(std::move(value).error(), expr.span));
  CARBON_CHECK(within_limits(*value, expr.span));
  if (value->origin() == 0 && expr.span.known()) return value->with_origin(expr.span.begin);
  return value;
}

Status Evaluator::charge(std::size_t steps, SourceSpan span) {
  context_.fuel -= static_cast<std::int64_t>(steps);
  if (context_.fuel >= 0) return {};
  return fail(labelled(DiagnosticCode::fuel_exhausted, "evaluation needs more steps than allowed", span,
                       "the limit was reached here"));
}

Result<Value> Evaluator::dispatch(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::constant: return expr.constant;
    case ExprKind::slot: return slot(expr);
    case ExprKind::member:
    case ExprKind::safe_member: return member(expr);
    case ExprKind::index: return index(expr);
    case ExprKind::call: return call(expr);
    case ExprKind::unary: return unary(expr);
    case ExprKind::binary: return binary(expr);
    case ExprKind::conditional: return conditional(expr);
    case ExprKind::list: return list(expr);
    case ExprKind::record: return record(expr);
    case ExprKind::interpolation: return interpolation(expr);
    case ExprKind::list_comprehension: return list_comprehension(expr);
    case ExprKind::map_comprehension: return map_comprehension(expr);
    case ExprKind::let: return let(expr);
    case ExprKind::convert: return conversion(expr);
    case ExprKind::spread:
    case ExprKind::guarded:
    case ExprKind::field:
    case ExprKind::computed_field: break;
  }
  broken("an item outside of its list or record");
}

const Value& Evaluator::slot(const Expr& expr) const {
  if (expr.depth == 0) {
    for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
      if (local->slot == expr.slot) return local->value;
    }
  }
  const Frame* frame = &frame_;
  for (std::uint16_t i = 0; i < expr.depth && frame != nullptr; ++i) frame = frame->outer;
  if (frame == nullptr || expr.slot >= frame->slots.size()) broken("a name without a value");
  return frame->slots[expr.slot];
}

Result<Value> Evaluator::member(const Expr& expr) {
  const Expr& from = *expr.children[0];
  Value object = CARBON_TRY(visit(from));
  bool safe = expr.kind == ExprKind::safe_member;
  if (safe && object.is_null()) return Value();
  if (object.kind() == ValueKind::reference) return context_.attribute(object.text(), expr.name, expr.span);
  // Only a plain member of an attribute is a longer path: with `?.` the object may turn out to be null.
  if (safe && object.is_unknown()) return open_call("safe_member", {object, Value::string(expr.name)});
  return carbon::member(object, expr.name, missing_rule(from, Missing::null));
}

Result<Value> Evaluator::index(const Expr& expr) {
  const Expr& from = *expr.children[0];
  Value object = CARBON_TRY(visit(from));
  Value key = CARBON_TRY(visit(*expr.children[1]));
  Result<Value> found = carbon::index(object, key, missing_rule(from, Missing::error));
  if (found || !found.error().diagnostic().labels.empty()) return found;
  bool about_key = found.error().code() == DiagnosticCode::missing_key || key.is_secret() ||
                   (object.is_fields() && !key.is_string());
  return fail(located(std::move(found).error(), about_key ? span_of(expr, 1) : expr.span));
}

Result<Value> Evaluator::stored_secret(const Expr& expr) {
  if (!context_.stored_secret)
    return fail(
        labelled(DiagnosticCode::secret_leak, "`secret.k8s` cannot be looked up here", expr.span, ""));
  std::vector<Value> arguments;
  for (const Expr* child : expr.children) arguments.push_back(CARBON_TRY(visit(*child)));
  return context_.stored_secret(arguments, expr.span);
}

Result<Value> Evaluator::call(const Expr& expr) {
  if (expr.name == stored_secret_function) return stored_secret(expr);
  const Function* function = context_.functions.find(expr.name);
  if (function == nullptr) {
    Error error =
        labelled(DiagnosticCode::unknown_function, fmt::format("there is no function `{}`", expr.name),
                 expr.span, "unknown function");
    std::string_view near = nearest(expr.name, context_.functions.names());
    if (near.empty()) return fail(std::move(error));
    return fail(std::move(error).help(fmt::format("did you mean `{}`?", near)));
  }
  std::vector<Value> arguments;
  std::vector<SourceSpan> spans;
  arguments.reserve(expr.children.size());
  for (const Expr* child : expr.children) {
    arguments.push_back(CARBON_TRY(visit(*child)));
    spans.push_back(child->span);
  }
  CARBON_CHECK(check_arguments(*function, arguments, spans, expr.span));
  Result<Value> value = carbon::call(*function, std::move(arguments));
  // `get` and its like give what is there already.
  bool made = value && (value->is_sequence() || function->result == "string");
  if (made) CARBON_CHECK(charge(copied(*value), expr.span));
  return value;
}

Result<Value> Evaluator::unary(const Expr& expr) {
  Value operand = CARBON_TRY(visit(*expr.children[0]));
  Result<Value> value = carbon::unary(expr.op, operand);
  bool about_operand = !value && value.error().code() != DiagnosticCode::arithmetic;
  if (about_operand) return fail(located(std::move(value).error(), span_of(expr, 0)));
  return value;
}

Result<Value> Evaluator::binary(const Expr& expr) {
  const Expr& left_expr = *expr.children[0];
  const Expr& right_expr = *expr.children[1];
  Value left = CARBON_TRY(visit(left_expr));
  if (expr.op == Operator::and_ || expr.op == Operator::or_ || expr.op == Operator::coalesce) {
    return short_circuit(
        expr.op, left, left_expr.span, [&] { return visit(right_expr); }, right_expr.span);
  }
  Value right = CARBON_TRY(visit(right_expr));
  promote(left_expr, left, right_expr, right);
  promote(right_expr, right, left_expr, left);
  if (expr.op == Operator::add) CARBON_CHECK(charge(copied(left) + copied(right), expr.span));
  Result<Value> value = carbon::binary(expr.op, left, right);
  if (!value) {
    DiagnosticCode code = value.error().code();
    SourceSpan place = expr.span;
    if (code == DiagnosticCode::arithmetic && divides(expr.op)) place = right_expr.span;
    if (code == DiagnosticCode::secret_decides)
      place = left.contains_secret() ? left_expr.span : right_expr.span;
    return fail(located(std::move(value).error(), place));
  }
  bool bytes = expr.type != nullptr && expr.type->kind == TypeKind::bytes;
  if (bytes && value->kind() == ValueKind::quantity && !value->as_quantity().units())
    return fail(DiagnosticCode::arithmetic, "the result is no whole number of bytes");
  return value;
}

Result<Value> Evaluator::conditional(const Expr& expr) {
  Value condition = CARBON_TRY(visit(*expr.children[0]));
  bool holds = CARBON_TRY(known_bool("a condition", condition, span_of(expr, 0)));
  return visit(*expr.children[holds ? 1 : 2]);
}

Result<Value> Evaluator::interpolation(const Expr& expr) {
  std::vector<Value> parts;
  parts.reserve(expr.children.size());
  std::size_t size = 0;
  for (const Expr* child : expr.children) {
    parts.push_back(CARBON_TRY(visit(*child)));
    size += copied(parts.back());
  }
  CARBON_CHECK(charge(size, expr.span));
  Result<Value> text = interpolate(parts);
  if (text) return text;
  // Which part it was is asked only now: text is joined far more often than it fails.
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Result<Value> alone = interpolate({parts[i]});
    if (!alone) return fail(located(std::move(alone).error(), span_of(expr, i)));
  }
  return text;
}

Result<Value> Evaluator::let(const Expr& expr) {
  Value value = CARBON_TRY(visit(*expr.children[0]));
  locals_.push_back({expr.slot, std::move(value)});
  Result<Value> body = visit(*expr.children[1]);
  locals_.pop_back();
  return body;
}

Result<Value> Evaluator::conversion(const Expr& expr) {
  Value operand = CARBON_TRY(visit(*expr.children[0]));
  if (expr.type == nullptr) broken("a conversion without a type");
  return convert(operand, *expr.type, span_of(expr, 0), context_.functions.patterns());
}

}  // namespace carbon
