#include "dsl/expand/judge.h"

#include <fmt/format.h>

#include "base/value_text.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

constexpr std::size_t widest_value = 160;

bool compares(const Expr& expr) {
  return expr.kind == ExprKind::binary && expr.op >= Operator::equal && expr.op <= Operator::not_in;
}

Severity level(PolicySeverity severity) {
  switch (severity) {
    case PolicySeverity::error: return Severity::error;
    case PolicySeverity::warning: return Severity::warning;
    case PolicySeverity::info: return Severity::note;
  }
  return Severity::error;
}

}  // namespace

Frame Judge::frame(const Queries& queries, const Frame& outer) const {
  Frame made;
  made.slots.resize(queries.locals);
  made.outer = &outer;
  for (const TypeQuery& query : queries.types) made.slots[query.slot] = objects_.of_type(*query.type);
  return made;
}

std::optional<Value> Judge::evaluate_in(const Expr& expr, const Frame& frame) {
  Result<Value> value = evaluate(expr, frame, context_);
  if (value) return std::move(*value);
  sink_.add(value.error().diagnostic());
  return std::nullopt;
}

bool Judge::lets(const std::vector<LocalLet>& lets, Frame& frame) {
  for (const LocalLet& let : lets) {
    std::optional<Value> value = evaluate_in(*let.value, frame);
    if (!value) return false;
    frame.slots[let.slot] = std::move(*value);
  }
  return true;
}

void Judge::policy(const Policy& policy, const Frame& package, const Value& plan) {
  Frame inside = frame(policy.queries, package);
  if (policy.plan_slot) inside.slots[*policy.plan_slot] = plan;
  const Repetition& repetition = policy.repetition;
  if (repetition.collection == nullptr) return member(policy, inside, Value());
  std::optional<Value> collection = evaluate_in(*repetition.collection, inside);
  if (!collection) return;
  if (auto problem = open_problem("what is repeated over", *collection, repetition.span)) {
    sink_.add(problem->diagnostic());
    return;
  }
  auto bind = [&](const Value& key, const Value& value) {
    if (repetition.variables == 2) inside.slots[repetition.slot] = key;
    inside.slots[repetition.variables == 2 ? repetition.slot + 1 : repetition.slot] = value;
    member(policy, inside, value);
  };
  if (collection->is_fields()) {
    for (const Entry& entry : collection->entries()) bind(entry.key, entry.value);
  } else if (collection->is_sequence()) {
    std::int64_t position = 0;
    bool set = collection->kind() == ValueKind::set;
    for (const Value& item : collection->items()) bind(set ? item : Value::integer(position++), item);
  } else {
    sink_.error(
        DiagnosticCode::type_mismatch,
        fmt::format("expected a list, set, map or record to repeat over, found {}", describe(*collection)),
        repetition.span);
  }
}

void Judge::member(const Policy& policy, Frame& frame, const Value& subject) {
  Verdict verdict;
  verdict.severity = policy.severity;
  verdict.policy = policy.name;
  verdict.label = fmt::format("policy `{}`", policy.name);
  // A reference, or a planned change: both have an address.
  const Value* address = subject.kind() == ValueKind::reference ? &subject : subject.find("address");
  bool names = address != nullptr && (address->kind() == ValueKind::reference || address->is_string());
  if (names) verdict.address = address->text();
  if (names) verdict.subject = objects_.resource(verdict.address);
  if (policy.repetition.condition != nullptr) {
    std::optional<Value> holds = evaluate_in(*policy.repetition.condition, frame);
    if (!holds) return;
    if (auto problem = open_problem("a condition", *holds, policy.repetition.condition->span)) {
      sink_.add(problem->diagnostic());
      return;
    }
    if (holds->kind() != ValueKind::boolean || !holds->as_bool()) return;
  }
  if (!lets(policy.lets, frame)) return;
  for (const Check& check : policy.checks) this->check(check, frame, verdict);
}

void Judge::scope_check(const ScopeCheck& check, const Frame& scope, std::string_view address) {
  Verdict verdict;
  verdict.code = DiagnosticCode::check_failed;
  verdict.address = address;
  this->check(check.check, frame(check.queries, scope), verdict);
}

bool Judge::type_checks(const Resource& resource) {
  const ResourceType& type = *resource.type;
  std::vector<Entry> fields(resource.desired.entries().begin(), resource.desired.entries().end());
  for (const FieldType& field : type.schema->fields) {
    if (resource.desired.find(field.name) == nullptr) fields.push_back({Value::string(field.name), Value()});
  }
  Frame frame;
  frame.slots.resize(static_cast<std::size_t>(OperationSlot::count));
  frame.slots[static_cast<std::size_t>(OperationSlot::self)] = Value::record(std::move(fields));
  Verdict verdict;
  verdict.code = DiagnosticCode::check_failed;
  verdict.label = fmt::format("type `{}`", type.name);
  verdict.address = resource.address;
  verdict.subject = &resource;
  std::size_t before = sink_.error_count();
  for (const TypeCheck& one : type.checks) {
    Result<Value> holds = evaluate(*one.condition, frame, context_);
    bool waits = holds ? holds->contains_unknown() : holds.error().code() == DiagnosticCode::unknown_key;
    if (!waits) check({one.condition, one.message, one.condition->span}, frame, verdict);
  }
  return sink_.error_count() == before;
}

void Judge::test(const Test& test, const Frame& root) {
  Frame inside = frame(test.queries, root);
  if (!lets(test.lets, inside)) return;
  Verdict verdict;
  verdict.code = DiagnosticCode::expectation_failed;
  for (const Check& expect : test.expects) check(expect, inside, verdict);
}

void Judge::check(const Check& check, const Frame& frame, const Verdict& verdict) {
  std::optional<Value> holds = evaluate_in(*check.condition, frame);
  if (!holds) return;
  if (holds->contains_unknown()) return undecided(check, *holds, verdict);
  bool passes = holds->kind() == ValueKind::boolean && holds->as_bool();
  if (!passes) return fails(check, frame, verdict);
  ++report_.passed;
}

std::string Judge::message(const Check& check, const Frame& frame, const Verdict& verdict) {
  if (check.message == nullptr) return "this is expected to hold";
  Result<Value> text = evaluate(*check.message, frame, context_);
  if (text && text->is_string()) return std::string(text->text());
  // What it would say is known only after apply, or is itself wrong.
  return verdict.policy.empty() ? "a check does not hold"
                                : fmt::format("policy `{}` does not hold", verdict.policy);
}

void Judge::fails(const Check& check, const Frame& frame, const Verdict& verdict) {
  Diagnostic made;
  made.code = verdict.code;
  made.severity = level(verdict.severity);
  made.message = message(check, frame, verdict);
  made.labels.push_back({check.span, verdict.label});
  sides(*check.condition, frame, made);
  add(verdict, std::move(made));
}

void Judge::undecided(const Check& check, const Value& value, const Verdict& verdict) {
  Diagnostic made;
  bool test = verdict.code == DiagnosticCode::expectation_failed;
  made.code = test ? verdict.code : DiagnosticCode::check_undecided;
  made.severity = level(verdict.severity);
  made.message = "whether this holds is known only after apply";
  made.labels.push_back({check.span, verdict.label});
  made.notes.push_back(fmt::format("it waits for `{}`", open_leaf(value)));
  made.helps.push_back({test ? "say what the server would answer with `mock RESOURCE { … }`"
                             : "write the field, or let what is not known pass: `not known(x) or …`",
                        std::nullopt});
  add(verdict, std::move(made));
}

/// Of `a and b` the part that does not hold; of a comparison what its sides are.
void Judge::sides(const Expr& condition, const Frame& frame, Diagnostic& to) {
  if (condition.kind == ExprKind::convert) return sides(*condition.children[0], frame, to);
  if (condition.kind == ExprKind::binary && condition.op == Operator::and_) {
    Result<Value> left = evaluate(*condition.children[0], frame, context_);
    bool holds = left && left->kind() == ValueKind::boolean && left->as_bool();
    return sides(*condition.children[holds ? 1 : 0], frame, to);
  }
  if (condition.kind == ExprKind::binary && condition.op == Operator::or_) {
    for (const Expr* child : condition.children) sides(*child, frame, to);
    return;
  }
  if (condition.kind == ExprKind::unary && condition.op == Operator::not_)
    return sides(*condition.children[0], frame, to);
  if (!compares(condition)) return;
  for (const Expr* child : condition.children) side(*child, frame, to);
}

void Judge::side(const Expr& expr, const Frame& frame, Diagnostic& to) {
  // What is written there says it already.
  if (expr.kind == ExprKind::constant || sources_ == nullptr) return;
  Result<Value> value = evaluate(expr, frame, context_);
  if (value)
    to.notes.push_back(
        fmt::format("`{}` is {}", sources_->text(expr.span), value_text(*value, widest_value)));
}

void Judge::add(const Verdict& verdict, Diagnostic diagnostic) {
  diagnostic.address = verdict.address;
  if (verdict.subject != nullptr)
    diagnostic.labels.push_back({verdict.subject->span, fmt::format("`{}`", verdict.address)});
  report_.findings.push_back({verdict.policy, verdict.severity, verdict.address, diagnostic.message});
  sink_.add(std::move(diagnostic));
}

}  // namespace carbon
