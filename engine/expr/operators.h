#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/value.h"
#include "engine/expr/expr.h"

namespace carbon {

/// A two-sided operator on evaluated operands, open ones included; not the ones that short-circuit. Errors,
/// without a place: C0208, C0210, C0503.
[[nodiscard]] Result<Value> binary(Operator op, const Value& left, const Value& right);

/// `-x` and `not x` on an evaluated operand.
[[nodiscard]] Result<Value> unary(Operator op, const Value& operand);

/// `and`, `or`, `??`: the right side is evaluated only when the left one does not decide. An unknown left
/// side that a right side cannot settle (`unknown and false` is false) stays open. Errors have the operand's
/// place.
[[nodiscard]] Result<Value> short_circuit(Operator op, const Value& left, SourceSpan left_span,
                                          const std::function<Result<Value>()>& right, SourceSpan right_span);

/// A bool that decides something (`what`: "a condition"). C0401 when unknown, C0503 when secret, C0201 when
/// no bool.
[[nodiscard]] Result<bool> known_bool(std::string_view what, const Value& value, SourceSpan span);

}  // namespace carbon
