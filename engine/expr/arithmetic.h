#pragma once

#include "base/result.h"
#include "base/value.h"
#include "engine/expr/expr.h"

namespace carbon {

/// `+ - * / %` on numbers and units, both known. Ints are 64-bit, `int / int` truncates towards zero, `%` has
/// the sign of the dividend; ints and floats do not mix. Units: `+ -` on one unit, `* /` by a number, unit by
/// unit is a float; a result must be exact (a whole number of nanoseconds, a billionth of a unit).
/// Errors, without a place: C0208 for other operands; C0210 for overflow, a zero divisor and inexact units.
[[nodiscard]] Result<Value> arithmetic(Operator op, const Value& left, const Value& right);

/// `-x` on numbers and units.
[[nodiscard]] Result<Value> negate(const Value& operand);

/// `< <= > >=` on two numbers, units or strings (byte order). C0208 for anything else.
[[nodiscard]] Result<Value> ordered(Operator op, const Value& left, const Value& right);

}  // namespace carbon
