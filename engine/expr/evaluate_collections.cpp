// Lists, records and comprehensions: everything whose shape is decided while it is built.

#include <fmt/format.h>
#include <set>

#include "engine/expr/access.h"
#include "engine/expr/evaluator.h"
#include "engine/expr/operators.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

/// A collection under construction. Known items are gathered; an unknown spread closes the gathered run and
/// stands for itself, and then the whole is finished by `concat` or `overlay` once it is known.
template <class Item>
struct Parts {
  std::vector<Item> run;
  std::vector<Value> closed;

  template <class Make>
  void unknown(const Value& part, Make make) {
    closed.push_back(make(std::exchange(run, {})));
    closed.push_back(part);
  }
};

}  // namespace

Result<bool> Evaluator::kept(const Expr& expr, std::size_t position) {
  if (expr.children.size() <= position) return true;
  const Expr& condition = *expr.children[position];
  return known_bool("a condition", CARBON_TRY(visit(condition)), condition.span);
}

Result<Value> Evaluator::list(const Expr& expr) {
  Parts<Value> parts;
  parts.run.reserve(expr.children.size());
  for (const Expr* child : expr.children) {
    bool wrapped = child->kind == ExprKind::spread || child->kind == ExprKind::guarded;
    if (wrapped && !CARBON_TRY(kept(*child, 1))) continue;
    const Expr& source = wrapped ? *child->children[0] : *child;
    Value value = CARBON_TRY(visit(source));
    if (child->kind != ExprKind::spread) {
      parts.run.push_back(std::move(value));
    } else if (value.is_unknown()) {
      parts.unknown(value, Value::list);
    } else if (value.is_sequence()) {
      CARBON_CHECK(charge(value.items().size(), source.span));
      parts.run.insert(parts.run.end(), value.items().begin(), value.items().end());
    } else {
      return fail(located(concat({value}).error(), source.span));
    }
  }
  if (parts.closed.empty()) return Value::list(std::move(parts.run));
  parts.closed.push_back(Value::list(std::move(parts.run)));
  return concat(std::move(parts.closed));
}

Result<Value> Evaluator::record(const Expr& expr) {
  Parts<Entry> parts;
  parts.run.reserve(expr.children.size());
  std::set<std::string, std::less<>> computed;
  for (const Expr* child : expr.children) {
    std::size_t value_at = child->kind == ExprKind::computed_field ? 1 : 0;
    if (!CARBON_TRY(kept(*child, value_at + 1))) continue;
    Value name = Value::string(child->name).with_origin(child->span.begin);
    if (child->kind == ExprKind::computed_field) {
      name = CARBON_TRY(key(*child->children[0], "a field name"));
      if (!computed.insert(std::string(name.text())).second) {
        return fail(labelled(DiagnosticCode::field_repeated,
                             fmt::format("the field `{}` is written twice", name.text()),
                             child->children[0]->span, "written before"));
      }
    }
    const Expr& source = *child->children[value_at];
    Value value = CARBON_TRY(visit(source));
    if (child->kind != ExprKind::spread) {
      parts.run.push_back({std::move(name), std::move(value)});
    } else if (value.is_unknown()) {
      parts.unknown(value, Value::record);
    } else if (value.is_fields()) {
      CARBON_CHECK(charge(value.entries().size(), source.span));
      parts.run.insert(parts.run.end(), value.entries().begin(), value.entries().end());
    } else {
      return fail(located(overlay({value}).error(), source.span));
    }
  }
  if (parts.closed.empty()) return Value::record(std::move(parts.run));
  parts.closed.push_back(Value::record(std::move(parts.run)));
  return overlay(std::move(parts.closed));
}

Result<Value> Evaluator::key(const Expr& expr, std::string_view what) {
  Value value = CARBON_TRY(visit(expr));
  if (auto problem = open_problem(what, value, expr.span)) return fail(std::move(*problem));
  if (value.is_string()) return value;
  if (auto text = key_text(value)) return Value::string(*text).with_origin(value.origin());
  return fail(labelled(DiagnosticCode::type_mismatch,
                       fmt::format("{} must be a string or an int, found {}", what, describe(value)),
                       expr.span, std::string(describe(value))));
}

Status Evaluator::with_variables(const Expr& expr, const Value& key, const Value& value, const Each& each) {
  std::size_t before = locals_.size();
  if (expr.variables == 2) locals_.push_back({expr.slot, key});
  locals_.push_back({expr.variables == 2 ? expr.slot + 1 : expr.slot, value});
  Status status = each();
  locals_.resize(before, Local{0, Value()});
  return status;
}

Status Evaluator::for_each(const Expr& expr, const Each& each) {
  const Expr& source = *expr.children[0];
  Value collection = CARBON_TRY(visit(source));
  if (auto problem = open_problem("what is repeated over", collection, source.span))
    return fail(std::move(*problem));
  if (collection.is_fields()) {
    for (const Entry& entry : collection.entries())
      CARBON_CHECK(with_variables(expr, entry.key, entry.value, each));
    return {};
  }
  if (!collection.is_sequence()) {
    DiagnosticCode code =
        collection.is_null() ? DiagnosticCode::may_be_absent : DiagnosticCode::type_mismatch;
    return fail(labelled(
        code,
        fmt::format("expected a list, set, map or record to repeat over, found {}", describe(collection)),
        source.span, std::string(describe(collection))));
  }
  bool set = collection.kind() == ValueKind::set;
  // Unknown members of a set may turn out equal: neither their number nor their order is known.
  if (set && collection.contains_unknown())
    return fail(not_known("the members of a set that is repeated over", collection, source.span));
  std::int64_t position = 0;
  for (const Value& item : collection.items()) {
    Value key = set ? item : Value::integer(position++).with_origin(item.origin());
    CARBON_CHECK(with_variables(expr, key, item, each));
  }
  return {};
}

Result<Value> Evaluator::list_comprehension(const Expr& expr) {
  std::vector<Value> items;
  CARBON_CHECK(for_each(expr, [&]() -> Status {
    if (CARBON_TRY(kept(expr, 2))) items.push_back(CARBON_TRY(visit(*expr.children[1])));
    return {};
  }));
  return Value::list(std::move(items));
}

Result<Value> Evaluator::map_comprehension(const Expr& expr) {
  std::vector<Entry> entries;
  std::set<std::string, std::less<>> seen;
  CARBON_CHECK(for_each(expr, [&]() -> Status {
    if (!CARBON_TRY(kept(expr, 3))) return {};
    const Expr& key_expr = *expr.children[1];
    Value name = CARBON_TRY(key(key_expr, "a key"));
    if (!seen.insert(std::string(name.text())).second) {
      return fail(labelled(DiagnosticCode::duplicate_key,
                           fmt::format("two members have the key `{}`", name.text()), key_expr.span,
                           "gives the same key again"));
    }
    Value value = CARBON_TRY(visit(*expr.children[2]));
    entries.push_back({std::move(name), std::move(value)});
    return {};
  }));
  return Value::map(std::move(entries));
}

}  // namespace carbon
