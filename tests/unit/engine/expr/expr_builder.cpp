#include "tests/unit/engine/expr/expr_builder.h"

#include "base/diagnostic_code.h"
#include "base/field_path.h"
#include "base/value_json.h"

namespace carbon {

ExprBuilder::ExprBuilder() { add_operators(functions); }

Expr& ExprBuilder::make(ExprKind kind) {
  auto begin = static_cast<std::uint32_t>(nodes_.size() * 10 + 1);
  Expr& made = arena_.make(kind, {begin, begin + 10});
  nodes_.push_back(&made);
  return made;
}

const Expr& ExprBuilder::constant(Value value) {
  Expr& made = make(ExprKind::constant);
  made.constant = std::move(value);
  return made;
}

const Expr& ExprBuilder::units(std::string_view spelled) {
  return constant(Value::quantity(*Quantity::parse(spelled)));
}
const Expr& ExprBuilder::time(std::string_view spelled) {
  return constant(Value::duration(*Duration::parse(spelled)));
}
const Expr& ExprBuilder::unknown(std::string_view address, std::string_view path) {
  return constant(Value::unknown_attribute(address, path));
}
const Expr& ExprBuilder::secret(std::string_view name) {
  return constant(Value::secret({"secret.env", {Value::string(name)}}));
}

const Expr& ExprBuilder::slot(std::uint32_t index, std::uint16_t depth) {
  Expr& made = make(ExprKind::slot);
  made.slot = index;
  made.depth = depth;
  return made;
}

const Expr& ExprBuilder::node(ExprKind kind, std::vector<const Expr*> children) {
  Expr& made = make(kind);
  made.children = std::move(children);
  return made;
}

const Expr& ExprBuilder::member(const Expr& object, std::string_view name, ExprKind kind) {
  Expr& made = make(kind);
  made.name = name;
  made.children = {&object};
  return made;
}

const Expr& ExprBuilder::index(const Expr& object, const Expr& key) {
  return node(ExprKind::index, {&object, &key});
}

const Expr& ExprBuilder::call(std::string_view name, std::vector<const Expr*> arguments) {
  Expr& made = make(ExprKind::call);
  made.name = name;
  made.children = std::move(arguments);
  return made;
}

const Expr& ExprBuilder::unary(Operator op, const Expr& operand) {
  Expr& made = make(ExprKind::unary);
  made.op = op;
  made.children = {&operand};
  return made;
}

const Expr& ExprBuilder::binary(const Expr& left, Operator op, const Expr& right) {
  Expr& made = make(ExprKind::binary);
  made.op = op;
  made.children = {&left, &right};
  return made;
}

const Expr& ExprBuilder::field(std::string_view name, const Expr& value, const Expr* condition) {
  Expr& made = make(ExprKind::field);
  made.name = name;
  made.children = {&value};
  if (condition != nullptr) made.children.push_back(condition);
  return made;
}

const Expr& ExprBuilder::comprehension(ExprKind kind, std::uint8_t variables, std::uint32_t slot,
                                       std::vector<const Expr*> children) {
  Expr& made = make(kind);
  made.variables = variables;
  made.slot = slot;
  made.children = std::move(children);
  return made;
}

const Expr& ExprBuilder::convert(const Expr& operand, TypePtr type) {
  Expr& made = make(ExprKind::convert);
  made.type = type;
  made.children = {&operand};
  return made;
}

const Expr& ExprBuilder::typed(const Expr& expr, TypePtr type) {
  Expr& made = make(expr.kind);
  SourceSpan span = made.span;
  made = expr;
  made.span = span;
  made.type = type;
  return made;
}

Result<Value> ExprBuilder::run(const Expr& expr) {
  auto attribute = [](std::string_view address, std::string_view name, SourceSpan) -> Result<Value> {
    return Value::unknown_attribute(address, name);
  };
  EvalContext context{functions, attribute, fuel};
  return evaluate(expr, frame, context);
}

std::string ExprBuilder::show(const Expr& expr) {
  Result<Value> value = run(expr);
  if (value) return to_json(*value);
  return to_string(value.error().code()) + ": " + value.error().message();
}

std::pair<std::string, const Expr*> ExprBuilder::error(const Expr& expr) {
  Result<Value> value = run(expr);
  if (value) return {"C0000", nullptr};
  const auto& labels = value.error().diagnostic().labels;
  std::size_t at = labels.empty() ? nodes_.size() : (labels.front().span.begin - 1) / 10;
  return {to_string(value.error().code()), at < nodes_.size() ? nodes_[at] : nullptr};
}

Result<Value> ExprBuilder::close(const Value& value, Secrets secrets) {
  auto find = [this](const std::string& name) -> const Value* {
    for (const auto& [known, found] : world) {
      if (known == name) return &found;
    }
    return nullptr;
  };
  CloseContext context{functions,
                       [&](std::string_view address, std::string_view path) -> Result<Value> {
                         const Value* found = find(std::string(address) + "." + std::string(path));
                         if (found != nullptr) return *found;
                         // `s8.v[0]` is a part of `s8.v`.
                         FieldPath steps = CARBON_TRY(FieldPath::parse(path));
                         if (steps.steps.size() < 2) return Value::unknown_attribute(address, path);
                         const Value* whole = find(std::string(address) + "." + steps.steps.front().name);
                         if (whole == nullptr || !whole->is_sequence())
                           return Value::unknown_attribute(address, path);
                         return whole->items()[steps.steps[1].index];
                       },
                       [&](const OpenTerm& leaf) -> Result<Value> {
                         const Value* found = find(std::string(leaf.arguments[0].text()));
                         if (found == nullptr) return fail(DiagnosticCode::secret_missing, "no such secret");
                         return *found;
                       }};
  return carbon::close(value, context, secrets);
}

}  // namespace carbon
