#include "engine/expr/arithmetic.h"

#include <fmt/format.h>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/expr/wording.h"

namespace carbon {

namespace {

using Nanos = Quantity::Nanos;
// Quantities keep below 2^126, so that sums of two never wrap.
constexpr Nanos quantity_limit = Nanos{1} << 126;

tl::unexpected<Error> bad_operands(Operator op, const Value& left, const Value& right) {
  Error error(DiagnosticCode::bad_operands, fmt::format("`{}` is not defined on {} and {}", to_string(op),
                                                        describe(left), describe(right)));
  bool integer = left.kind() == ValueKind::integer || right.kind() == ValueKind::integer;
  bool floating = left.kind() == ValueKind::floating || right.kind() == ValueKind::floating;
  if (integer && floating) return fail(std::move(error).help("convert one side with `float(x)` or `int(x)`"));
  bool decimal = left.kind() == ValueKind::decimal || right.kind() == ValueKind::decimal;
  if (decimal)
    return fail(std::move(error).help("a number from JSON or YAML is exact: reckon with `float(x)`"));
  bool text = left.is_string() || right.is_string();
  if (text && op == Operator::add) return fail(std::move(error).help("put the value into text with `${}`"));
  if (left.is_null() || right.is_null())
    return fail(std::move(error).help("give it a value first: `x ?? …`"));
  return fail(std::move(error));
}

tl::unexpected<Error> overflow(std::string_view what) {
  return fail(DiagnosticCode::arithmetic, fmt::format("the result does not fit {}", what));
}

tl::unexpected<Error> zero_divisor() { return fail(DiagnosticCode::arithmetic, "division by zero"); }

tl::unexpected<Error> inexact(std::string_view what) {
  return fail(Error(DiagnosticCode::arithmetic, fmt::format("the result is no whole number of {}", what))
                  .note("units are exact; nothing is rounded silently"));
}

Result<Value> integers(Operator op, const Value& left, const Value& right) {
  std::int64_t a = left.as_int();
  std::int64_t b = right.as_int();
  std::int64_t out = 0;
  bool divides = op == Operator::divide || op == Operator::remainder;
  if (divides && b == 0) return zero_divisor();
  // INT64_MIN / -1 is the one quotient that does not fit; its remainder is 0, which the processor cannot say.
  if (divides && b == -1) {
    if (op == Operator::remainder) return Value::integer(0);
    return a == INT64_MIN ? Result<Value>(overflow("64 bits")) : Value::integer(-a);
  }
  if (op == Operator::divide) return Value::integer(a / b);
  if (op == Operator::remainder) return Value::integer(a % b);
  bool wraps = op == Operator::add        ? __builtin_add_overflow(a, b, &out)
               : op == Operator::subtract ? __builtin_sub_overflow(a, b, &out)
                                          : __builtin_mul_overflow(a, b, &out);
  if (wraps) return overflow("64 bits");
  return Value::integer(out);
}

Result<Value> floats(Operator op, const Value& left, const Value& right) {
  double a = left.as_float();
  double b = right.as_float();
  if (op == Operator::remainder) return bad_operands(op, left, right);
  if (op == Operator::divide && b == 0) return zero_divisor();
  double out = op == Operator::add        ? a + b
               : op == Operator::subtract ? a - b
               : op == Operator::multiply ? a * b
                                          : a / b;
  if (!std::isfinite(out)) return overflow("a float");
  return Value::floating(out);
}

/// A number as numerator / denominator. Floats are taken by their shortest decimal text: `10G * 0.1` is
/// exactly 1G for the reader, although the double nearest to 0.1 is not a tenth.
struct Fraction {
  Nanos numerator = 0;
  Nanos denominator = 1;
};

std::optional<Fraction> fraction(const Value& number) {
  if (number.kind() == ValueKind::integer) return Fraction{number.as_int(), 1};
  std::string text = fmt::format("{}", number.as_float());
  std::string digits;
  int exponent = 0;
  bool point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'e') {
      std::string_view tail = std::string_view(text).substr(i + (text[i + 1] == '+' ? 2 : 1));
      int written = 0;
      std::from_chars(tail.data(), tail.data() + tail.size(), written);
      exponent += written;
      break;
    }
    if (text[i] == '.') {
      point = true;
      continue;
    }
    digits.push_back(text[i]);
    if (point) --exponent;
  }
  std::int64_t mantissa = 0;  // at most 17 digits
  std::from_chars(digits.data(), digits.data() + digits.size(), mantissa);
  if (mantissa != 0 && (exponent > 18 || exponent < -36)) return std::nullopt;
  Fraction out{mantissa, 1};
  for (; mantissa != 0 && exponent > 0; --exponent) out.numerator *= 10;
  for (; mantissa != 0 && exponent < 0; ++exponent) out.denominator *= 10;
  return out;
}

Nanos gcd(Nanos a, Nanos b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    Nanos rest = a % b;
    a = b;
    b = rest;
  }
  return a == 0 ? 1 : a;
}

enum class Scaling : std::uint8_t { exact, inexact, overflow };

/// value * numerator / denominator, if it is whole and fits.
Scaling scale(Nanos& value, Fraction by) {
  if (by.denominator < 0) by = {-by.numerator, -by.denominator};
  Nanos common = gcd(value, by.denominator);
  Nanos rest = by.denominator / common;
  value /= common;
  if (by.numerator % rest != 0) return Scaling::inexact;
  if (__builtin_mul_overflow(value, by.numerator / rest, &value)) return Scaling::overflow;
  return Scaling::exact;
}

/// What two units share: nano-units of a quantity, or nanoseconds.
struct UnitKind {
  ValueKind kind;
  [[nodiscard]] std::string_view grain() const {
    return kind == ValueKind::duration ? "nanoseconds" : "billionths of a unit";
  }
  [[nodiscard]] std::string_view range() const {
    return kind == ValueKind::duration ? "a duration" : "a quantity";
  }
  [[nodiscard]] Nanos limit() const { return kind == ValueKind::duration ? INT64_MAX : quantity_limit; }
};

Nanos nanos(const Value& unit) {
  return unit.kind() == ValueKind::duration ? Nanos{unit.as_duration().nanoseconds}
                                            : unit.as_quantity().nanos();
}

/// The value as the same kind of unit as `like`, in its spelling.
Result<Value> unit_like(const Value& like, Nanos value) {
  UnitKind unit{like.kind()};
  if (value > unit.limit() || value < -unit.limit()) return overflow(unit.range());
  if (like.kind() == ValueKind::duration) return Value::duration({static_cast<std::int64_t>(value)});
  return Value::quantity({value, like.as_quantity().family()});
}

Result<Value> scaled_unit(Operator op, const Value& unit, const Value& number) {
  auto by = fraction(number);
  UnitKind kind{unit.kind()};
  if (!by) return nanos(unit) == 0 ? Result<Value>(unit) : Result<Value>(overflow(kind.range()));
  if (op == Operator::divide) {
    if (by->numerator == 0) return zero_divisor();
    by = Fraction{by->denominator, by->numerator};
  }
  Nanos value = nanos(unit);
  switch (scale(value, *by)) {
    case Scaling::exact: return unit_like(unit, value);
    case Scaling::inexact: return inexact(kind.grain());
    case Scaling::overflow: return overflow(kind.range());
  }
  return overflow(kind.range());
}

Result<Value> two_units(Operator op, const Value& left, const Value& right) {
  if (op == Operator::add) return unit_like(left, nanos(left) + nanos(right));
  if (op == Operator::subtract) return unit_like(left, nanos(left) - nanos(right));
  if (op != Operator::divide) return bad_operands(op, left, right);
  if (nanos(right) == 0) return zero_divisor();
  return Value::floating(static_cast<double>(nanos(left)) / static_cast<double>(nanos(right)));
}

bool is_unit(const Value& value) {
  return value.kind() == ValueKind::quantity || value.kind() == ValueKind::duration;
}

bool is_number(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::floating;
}

}  // namespace

Result<Value> arithmetic(Operator op, const Value& left, const Value& right) {
  bool same = left.kind() == right.kind();
  if (same && left.kind() == ValueKind::integer) return integers(op, left, right);
  if (same && left.kind() == ValueKind::floating) return floats(op, left, right);
  if (same && is_unit(left)) return two_units(op, left, right);
  bool scales = op == Operator::multiply || op == Operator::divide;
  if (scales && is_unit(left) && is_number(right)) return scaled_unit(op, left, right);
  if (op == Operator::multiply && is_number(left) && is_unit(right)) return scaled_unit(op, right, left);
  return bad_operands(op, left, right);
}

Result<Value> negate(const Value& operand) {
  if (operand.kind() == ValueKind::integer) {
    if (operand.as_int() == INT64_MIN) return overflow("64 bits");
    return Value::integer(-operand.as_int());
  }
  if (operand.kind() == ValueKind::floating) return Value::floating(-operand.as_float());
  if (is_unit(operand)) return unit_like(operand, -nanos(operand));
  return fail(DiagnosticCode::bad_operands, fmt::format("`-` is not defined on {}", describe(operand)));
}

Result<Value> ordered(Operator op, const Value& left, const Value& right) {
  bool same = left.kind() == right.kind();
  bool defined = same && (is_number(left) || is_unit(left) || left.is_string());
  if (!defined) return bad_operands(op, left, right);
  int order = compare(left, right);
  bool holds = op == Operator::less         ? order < 0
               : op == Operator::less_equal ? order <= 0
               : op == Operator::greater    ? order > 0
                                            : order >= 0;
  return Value::boolean(holds);
}

}  // namespace carbon
