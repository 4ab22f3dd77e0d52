#pragma once

#include <functional>
#include <vector>

#include "engine/expr/evaluate.h"

namespace carbon {

/// One evaluation: walks the expression and holds the loop variables and `let`s that it meets. Lives on the
/// stack of `evaluate`.
class Evaluator {
 public:
  Evaluator(const Frame& frame, EvalContext& context) : frame_(frame), context_(context) {}

  /// The value with its origin; errors have a place.
  [[nodiscard]] Result<Value> visit(const Expr& expr);

 private:
  struct Local {
    std::uint32_t slot;
    Value value;
  };
  /// What an iteration binds: the key (position, map key, or the item of a set) and the value.
  using Each = std::function<Status()>;

  [[nodiscard]] Result<Value> dispatch(const Expr& expr);
  [[nodiscard]] Status charge(std::size_t steps, SourceSpan span);

  [[nodiscard]] const Value& slot(const Expr& expr) const;
  [[nodiscard]] Result<Value> member(const Expr& expr);
  [[nodiscard]] Result<Value> index(const Expr& expr);
  [[nodiscard]] Result<Value> stored_secret(const Expr& expr);
  [[nodiscard]] Result<Value> call(const Expr& expr);
  [[nodiscard]] Result<Value> unary(const Expr& expr);
  [[nodiscard]] Result<Value> binary(const Expr& expr);
  [[nodiscard]] Result<Value> conditional(const Expr& expr);
  [[nodiscard]] Result<Value> interpolation(const Expr& expr);
  [[nodiscard]] Result<Value> let(const Expr& expr);
  [[nodiscard]] Result<Value> conversion(const Expr& expr);

  [[nodiscard]] Result<Value> list(const Expr& expr);
  [[nodiscard]] Result<Value> record(const Expr& expr);
  [[nodiscard]] Result<Value> list_comprehension(const Expr& expr);
  [[nodiscard]] Result<Value> map_comprehension(const Expr& expr);
  [[nodiscard]] Status for_each(const Expr& expr, const Each& each);
  [[nodiscard]] Status with_variables(const Expr& expr, const Value& key, const Value& value,
                                      const Each& each);
  /// Whether a spread, guarded item, field or member is kept: the child at `position`, if there is one, says.
  [[nodiscard]] Result<bool> kept(const Expr& expr, std::size_t position);
  [[nodiscard]] Result<Value> key(const Expr& expr, std::string_view what);

  const Frame& frame_;
  EvalContext& context_;
  std::vector<Local> locals_;
};

}  // namespace carbon
