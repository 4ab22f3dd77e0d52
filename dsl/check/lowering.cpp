#include "dsl/check/lowering.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expr/evaluate.h"

namespace carbon {

Lowered Lowering::make(const Expr& expr) const {
  Lowered made;
  made.expr = &expr;
  made.type = expr.type;
  made.span = expr.span;
  return made;
}

Lowered Lowering::constant(Value value, TypePtr type, SourceSpan span) const {
  Lowered made;
  made.constant = value.with_origin(span.begin);
  made.type = type;
  made.span = span;
  return made;
}

Lowered Lowering::failed(SourceSpan span) const {
  Lowered made;
  made.span = span;
  made.failed = true;
  return made;
}

const Expr* Lowering::expr(const Lowered& lowered) {
  if (lowered.expr != nullptr) return lowered.expr;
  Expr& made = arena_.make(ExprKind::constant, lowered.span);
  made.constant = lowered.constant;
  made.type = lowered.type;
  return &made;
}

Lowered Lowering::lower(NodeRef node, TypePtr expected) {
  if (!node) return failed({});
  if (session_.input.index != nullptr && session_.input.index->watches(node.span()))
    session_.input.index->cursor().expected = expected;
  return fit(bounded(lower_any(node, expected), expected), expected);
}

/// What is declared was looked at there; here a type may grow with each use of a name.
Lowered Lowering::bounded(Lowered value, TypePtr expected) {
  if (value.failed || value.type == expected || session_.is_small(value.type)) return value;
  error(DiagnosticCode::fuel_exhausted, "the type of this has too many parts or levels", value.span,
        "more than 100000 parts, or 500 levels");
  return failed(value.span);
}

Lowered Lowering::lower_any(NodeRef node, TypePtr expected) {
  while (node.is(NodeKind::paren)) node = node.value();
  if (!node) return failed({});
  if (node.is(NodeKind::number)) return number(node, expected);
  if (node.is(NodeKind::boolean))
    return constant(Value::boolean(node.text() == "true"), session_.basic(TypeKind::boolean), node.span());
  if (node.is(NodeKind::null_value)) return constant(Value(), nullptr, node.span());
  if (node.is(NodeKind::name)) return name(node);
  if (node.is(NodeKind::postfix)) return postfix(node);
  if (node.is(NodeKind::operation)) return operation(node, expected);
  if (node.is(NodeKind::conditional)) return conditional(node, expected);
  if (node.is(NodeKind::list)) return list(node, expected);
  if (node.is(NodeKind::list_comprehension)) return list_comprehension(node, expected);
  if (node.is(NodeKind::body)) return nested_body(node, expected);
  return text(node);
}

Lowered Lowering::mismatch(const Lowered& found, TypePtr expected) {
  std::string is =
      found.is_null() ? "null" : fmt::format("`{}`", found.type != nullptr ? to_string(*found.type) : "?");
  error(DiagnosticCode::type_mismatch, fmt::format("expected `{}`, found {}", to_string(*expected), is),
        found.span, fmt::format("this is {}", is));
  return failed(found.span);
}

namespace {

/// The kinds whose values need no look at their contents when only the kind is asked for.
bool trivially_fits(const Value& value, const Type& type) {
  if (type.checked != CheckedString::none || type.facets.min || type.facets.max ||
      !type.facets.pattern.empty())
    return false;
  switch (type.kind) {
    case TypeKind::string: return value.is_string();
    case TypeKind::integer: return value.kind() == ValueKind::integer;
    case TypeKind::boolean: return value.kind() == ValueKind::boolean;
    case TypeKind::duration: return value.kind() == ValueKind::duration;
    case TypeKind::optional: return value.is_null() || trivially_fits(value, *type.element);
    case TypeKind::secret: return value.is_secret() || trivially_fits(value, *type.element);
    case TypeKind::json:
      return value.is_null() || value.is_string() || value.kind() == ValueKind::boolean ||
             value.kind() == ValueKind::integer;
    case TypeKind::floating:
    case TypeKind::blob:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::int_or_string:
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map:
    case TypeKind::record:
    case TypeKind::literal:
    case TypeKind::union_:
    case TypeKind::reference: return false;
  }
  return false;
}

/// Bytes for cpu or the other way round. As values both are quantities; what they measure is only in the
/// type.
bool measures_other(TypePtr from, TypePtr to) {
  from = bare(from);
  to = bare(to);
  if (from == nullptr || to == nullptr) return false;
  return (from->kind == TypeKind::bytes && to->kind == TypeKind::cpu) ||
         (from->kind == TypeKind::cpu && to->kind == TypeKind::bytes);
}

bool is_truth(std::string_view text) { return text == "true" || text == "false"; }

/// `80`, `-1` or `0.5`: reads the same as a number and as text.
bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  bool zeros = text.size() > 1 && text[0] == '0' && text[1] != '.';
  bool digits = text.find_first_not_of("0123456789.") == std::string_view::npos;
  bool points = std::count(text.begin(), text.end(), '.') > 1 || text.starts_with('.') || text.ends_with('.');
  return !text.empty() && digits && !zeros && !points;
}

}  // namespace

/// `"3"` where a number is wanted is `3`, and `3` where text is wanted is `"3"`: nothing else can be meant.
void Lowering::fix_literal(Diagnostic& problem, const Lowered& found, const Type& expected) const {
  bool here = problem.code == DiagnosticCode::type_mismatch && !problem.labels.empty() &&
              problem.labels.front().span == found.span;
  if (!here) return;
  std::string_view written = session_.input.sources.text(found.span);
  TypeKind wanted = bare(&expected)->kind;
  bool number = wanted == TypeKind::integer || wanted == TypeKind::floating;
  std::string meant;
  if (wanted == TypeKind::string && (is_plain_number(written) || is_truth(written))) {
    meant = fmt::format("\"{}\"", written);
  } else if (found.constant.is_string() && written == fmt::format("\"{}\"", found.constant.text())) {
    std::string_view inside = found.constant.text();
    bool fits = (number && is_plain_number(inside) &&
                 (wanted == TypeKind::floating || inside.find('.') == std::string_view::npos)) ||
                (wanted == TypeKind::boolean && is_truth(inside));
    if (fits) meant = inside;
  }
  if (meant.empty()) return;
  problem.helps.clear();
  problem.helps.push_back({fmt::format("write `{}`", meant), Fix{found.span, meant, FixSafety::safe}});
}

Lowered Lowering::fit(Lowered lowered, TypePtr expected) {
  if (lowered.failed || expected == nullptr) return lowered;
  if (measures_other(lowered.type, expected)) return mismatch(lowered, expected);
  if (lowered.is_constant()) {
    bool leaks = lowered.type != nullptr && conversion(lowered.type, expected) == Conversion::leak;
    if (!leaks) {
      // Bodies and lists that were written against this type have been built as its values.
      bool built = lowered.type == expected ||
                   (expected->kind == TypeKind::optional && lowered.type == expected->element);
      if (built || trivially_fits(lowered.constant, *expected)) {
        lowered.type = expected;
        return lowered;
      }
      Result<Value> value =
          convert(lowered.constant, *expected, lowered.span, session_.input.functions.patterns());
      if (!value) {
        Diagnostic problem = value.error().diagnostic();
        fix_literal(problem, lowered, *expected);
        session_.sink.add(std::move(problem));
        return failed(lowered.span);
      }
      lowered.constant = value->with_origin(lowered.constant.origin());
      lowered.type = expected;
      return lowered;
    }
  }
  switch (conversion(lowered.type, expected)) {
    case Conversion::none: return lowered;
    case Conversion::checked: {
      Expr& made = arena_.make(ExprKind::convert, lowered.span);
      made.type = expected;
      made.children.push_back(expr(lowered));
      return make(made);
    }
    case Conversion::mismatch: return mismatch(lowered, expected);
    case Conversion::absent: {
      Diagnostic& absent = error(DiagnosticCode::may_be_absent,
                                 fmt::format("`{}` may be absent", session_.input.sources.text(lowered.span)),
                                 lowered.span, fmt::format("expected `{}`", to_string(*expected)));
      absent.helps.push_back({"give it a value with `?? …`, or test it with `if x != null`", {}});
      return failed(lowered.span);
    }
    case Conversion::leak: {
      Diagnostic& leak = error(
          DiagnosticCode::secret_leak, "a secret would reach a plain field", lowered.span,
          fmt::format("`{}`, but `{}` is expected",
                      lowered.type != nullptr ? to_string(*lowered.type) : "secret", to_string(*expected)));
      leak.notes.emplace_back("it would be stored readable");
      leak.helps.push_back({"use a field marked `secret`", {}});
      return failed(lowered.span);
    }
  }
  return lowered;
}

const Expr* Lowering::condition(NodeRef node) {
  Lowered lowered = lower(node, nullptr);
  if (lowered.type != nullptr && bare(lowered.type) != lowered.type &&
      lowered.type->kind == TypeKind::secret) {
    error(DiagnosticCode::secret_decides, "a secret would decide a condition", lowered.span);
    lowered.failed = true;
  }
  return expr(fit(std::move(lowered), session_.basic(TypeKind::boolean)));
}

const Expr* Lowering::each(NodeRef clause, std::uint8_t& variables, std::uint32_t& slot,
                           TypePtr& collection) {
  Lowered lowered = lower(clause.value());
  auto words = clause.children(NodeKind::word);
  variables = words.count() == 2 ? 2 : 1;
  slot = place_.reserve(2);
  TypePtr key = nullptr;
  TypePtr value = nullptr;
  collection = lowered.type;
  bool repeatable = lowered.type == nullptr;
  if (lowered.type != nullptr) {
    const Type& type = *lowered.type;
    repeatable = type.kind == TypeKind::json;
    if (type.kind == TypeKind::list || type.kind == TypeKind::set || type.kind == TypeKind::map) {
      value = type.element;
      key = session_.basic(type.kind == TypeKind::list ? TypeKind::integer : TypeKind::string);
      if (type.kind == TypeKind::set) key = type.element;
      repeatable = true;
    } else if (type.kind == TypeKind::record) {
      key = session_.basic(TypeKind::string);
      value = type.fields.empty() ? nullptr : type.fields.front().type;
      for (const FieldType& field : type.fields) value = common_type(types_, value, field.type);
      repeatable = true;
    }
  }
  if (!repeatable && !lowered.failed) {
    bool absent = lowered.type->kind == TypeKind::optional;
    bool secret = lowered.type->kind == TypeKind::secret;
    DiagnosticCode code = absent ? DiagnosticCode::may_be_absent : DiagnosticCode::type_mismatch;
    error(secret ? DiagnosticCode::secret_decides : code,
          fmt::format("expected a list, set, map or record to repeat over, found `{}`",
                      to_string(*lowered.type)),
          lowered.span);
  }
  if (lowered.is_null()) (void)mismatch(lowered, types_.list(session_.basic(TypeKind::json)));
  if (variables == 2) place_.bind_at(words.at(0).text(), words.at(0).span(), key, slot);
  NodeRef last = words.at(variables == 2 ? 1 : 0);
  place_.bind_at(last.text(), last.span(), value, variables == 2 ? slot + 1 : slot);
  return expr(lowered);
}

}  // namespace carbon
