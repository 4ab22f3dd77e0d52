#include <fmt/format.h>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/expr/wording.h"
#include "stdlib/native/families.h"

namespace carbon {

namespace {

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

tl::unexpected<Error> no_conversion(std::string_view function, const Value& value) {
  if (value.is_string())
    return wrong_argument(fmt::format("`{}(\"{}\")`: not a number", function, value.text()));
  return wrong_argument(fmt::format("`{}` cannot convert {}", function, describe(value)));
}

Result<Value> to_text(Arguments arguments) {
  if (auto text = canonical_text(arguments[0])) return Value::string(*text);
  return no_conversion("string", arguments[0]);
}

/// Towards zero, as `int / int` goes.
Result<Value> truncated(double number) {
  double whole = std::trunc(number);
  // The nearest doubles to the limits of 64 bits: the upper one is already outside.
  if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
    return fail(DiagnosticCode::arithmetic, "the result does not fit 64 bits");
  return Value::integer(static_cast<std::int64_t>(whole));
}

Result<Value> to_int(Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::integer) return value;
  if (value.kind() == ValueKind::floating) return truncated(value.as_float());
  if (value.kind() == ValueKind::quantity) {
    if (auto units = value.as_quantity().units()) return Value::integer(*units);
    return fail(DiagnosticCode::arithmetic,
                fmt::format("`{}` is no whole number", value.as_quantity().text()));
  }
  if (value.is_string() || value.kind() == ValueKind::decimal) {
    if (auto number = parsed<std::int64_t>(value.text())) return Value::integer(*number);
  }
  if (value.kind() == ValueKind::decimal) {
    if (auto number = parsed<double>(value.text())) return truncated(*number);
  }
  return no_conversion("int", value);
}

Result<Value> to_float(Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::floating) return value;
  if (value.kind() == ValueKind::integer) return Value::floating(static_cast<double>(value.as_int()));
  if (value.kind() == ValueKind::quantity)
    return Value::floating(static_cast<double>(value.as_quantity().nanos()) / 1e9);
  if (value.is_string() || value.kind() == ValueKind::decimal) {
    auto number = parsed<double>(value.text());
    if (number && std::isfinite(*number)) return Value::floating(*number);
  }
  return no_conversion("float", value);
}

Result<Value> bytes_of(Arguments arguments) {
  if (auto units = arguments[0].as_quantity().units()) return Value::integer(*units);
  return fail(DiagnosticCode::arithmetic,
              fmt::format("`{}` is no whole number of bytes", arguments[0].as_quantity().text()));
}

Result<Value> seconds(Arguments arguments) {
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t nanoseconds = arguments[0].as_duration().nanoseconds;
  if (nanoseconds % second == 0) return Value::integer(nanoseconds / second);
  return fail(Error(DiagnosticCode::arithmetic,
                    fmt::format("`{}` is no whole number of seconds", arguments[0].as_duration().text()))
                  .help("divide durations for a fraction: `x / 1s`"));
}

}  // namespace

void add_conversion_functions(FunctionTable& table) {
  table.add({"string",
             {{"value", "json"}},
             "string",
             "The canonical text of a scalar, as `${}` writes it. C0216 for null and collections.",
             "string(8Gi)  # \"8Gi\"",
             to_text});
  table.add(
      {"int",
       {{"value", "json"}},
       "int",
       "A float without its fraction, decimal digits, or a whole count. C0216 for other text, C0210 when it "
       "does not fit 64 bits.",
       "int(\"42\")  # 42",
       to_int});
  table.add({"float",
             {{"value", "json"}},
             "float",
             "An int, a number as text, or a count. C0216 for other text.",
             "float(3)  # 3.0",
             to_float});
  table.add({"bytes_of",
             {{"size", "bytes"}},
             "int",
             "The number of bytes. C0210 when it is not whole.",
             "bytes_of(1Ki)  # 1024",
             bytes_of});
  table.add({"seconds",
             {{"duration", "duration"}},
             "int",
             "The number of seconds. C0210 when it is not whole.",
             "seconds(5min)  # 300",
             seconds});
}

}  // namespace carbon
