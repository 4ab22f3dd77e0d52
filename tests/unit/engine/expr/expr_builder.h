#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/expr/evaluate.h"

namespace carbon {

/// Builds expressions as the checker would. Every node gets its own span (10 bytes wide, in the order of
/// making), so that a test can say at which node an error points.
class ExprBuilder {
 public:
  ExprBuilder();

  const Expr& constant(Value value);
  const Expr& integer(std::int64_t value) { return constant(Value::integer(value)); }
  const Expr& number(double value) { return constant(Value::floating(value)); }
  const Expr& text(std::string_view value) { return constant(Value::string(value)); }
  const Expr& flag(bool value) { return constant(Value::boolean(value)); }
  const Expr& units(std::string_view spelled);
  const Expr& time(std::string_view spelled);
  const Expr& null() { return constant(Value()); }
  /// `attribute(address, path)`, known after apply.
  const Expr& unknown(std::string_view address, std::string_view path);
  const Expr& secret(std::string_view name = "TOKEN");
  const Expr& slot(std::uint32_t index, std::uint16_t depth = 0);

  const Expr& member(const Expr& object, std::string_view name, ExprKind kind = ExprKind::member);
  const Expr& index(const Expr& object, const Expr& key);
  const Expr& call(std::string_view name, std::vector<const Expr*> arguments);
  const Expr& unary(Operator op, const Expr& operand);
  const Expr& binary(const Expr& left, Operator op, const Expr& right);
  const Expr& node(ExprKind kind, std::vector<const Expr*> children);
  const Expr& list(std::vector<const Expr*> items) { return node(ExprKind::list, std::move(items)); }
  const Expr& record(std::vector<const Expr*> fields) { return node(ExprKind::record, std::move(fields)); }
  const Expr& field(std::string_view name, const Expr& value, const Expr* condition = nullptr);
  const Expr& comprehension(ExprKind kind, std::uint8_t variables, std::uint32_t slot,
                            std::vector<const Expr*> children);
  const Expr& convert(const Expr& operand, TypePtr type);
  const Expr& typed(const Expr& expr, TypePtr type);

  Result<Value> run(const Expr& expr);
  /// The value as JSON, or the error's code and message.
  std::string show(const Expr& expr);
  /// The code of the error and the node it points at; C0000 and nullptr when there is none.
  std::pair<std::string, const Expr*> error(const Expr& expr);

  Result<Value> close(const Value& value, Secrets secrets = Secrets::keep);

  FunctionTable functions;
  TypeTable types;
  Frame frame;
  std::int64_t fuel = 1'000'000;
  /// What `close` finds: `address.path` to value. Secrets are found by their name.
  std::vector<std::pair<std::string, Value>> world;

 private:
  Expr& make(ExprKind kind);

  ExprArena arena_;
  std::vector<const Expr*> nodes_;
};

}  // namespace carbon
