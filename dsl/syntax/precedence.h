#pragma once

#include <utility>
#include <vector>

#include "dsl/syntax/node_ref.h"
#include "engine/expr/expr.h"

namespace carbon {

/// How tightly an operator binds, from 1 (`or`) to 8 (unary `-`). Binary operators associate to the left;
/// comparisons do not chain (the parser reports that).
[[nodiscard]] int precedence(Operator op);
/// The operator of a prefix_operator or binary_operator node.
[[nodiscard]] Operator operator_of(NodeRef token);

/// Folds a flat `operation` node into a tree, calling the builder from the leaves up:
///
///     T operand(NodeRef expression);
///     T prefix(Operator, NodeRef token, T right);
///     T binary(Operator, NodeRef token, T left, T right);
///
/// Never recurses itself, so a long chain costs no stack. The parser bounds a chain at 1,024 operators.
template <class T, class Builder>
[[nodiscard]] T fold_operation(NodeRef operation, Builder&& builder) {
  struct Pending {
    Operator op;
    NodeRef token;
    bool is_prefix;
  };
  std::vector<T> operands;
  std::vector<Pending> pending;
  auto reduce = [&] {
    Pending top = pending.back();
    pending.pop_back();
    T right = std::move(operands.back());
    operands.pop_back();
    if (top.is_prefix) {
      operands.push_back(builder.prefix(top.op, top.token, std::move(right)));
      return;
    }
    T left = std::move(operands.back());
    operands.pop_back();
    operands.push_back(builder.binary(top.op, top.token, std::move(left), std::move(right)));
  };
  for (NodeRef child : operation.children()) {
    if (child.is(NodeKind::prefix_operator)) {
      pending.push_back({operator_of(child), child, true});
    } else if (child.is(NodeKind::binary_operator)) {
      Operator op = operator_of(child);
      while (!pending.empty() && precedence(pending.back().op) >= precedence(op)) reduce();
      pending.push_back({op, child, false});
    } else {
      operands.push_back(builder.operand(child));
    }
  }
  while (!pending.empty()) reduce();
  return std::move(operands.back());
}

}  // namespace carbon
