// Text, numbers and their limits.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "dsl/schema/schema_converter.h"

namespace carbon {

namespace {

/// What every CRD writes for resource.Quantity (k8s.io/apimachinery, pkg/api/resource).
constexpr std::string_view quantity_pattern =
    R"(^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$)";

bool is_number(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::floating ||
         value.kind() == ValueKind::decimal;
}

std::optional<double> as_double(const Value& value) {
  if (value.kind() == ValueKind::integer) return static_cast<double>(value.as_int());
  if (value.kind() == ValueKind::floating) return value.as_float();
  double parsed = 0;
  std::string_view text = value.text();
  bool whole = std::from_chars(text.data(), text.data() + text.size(), parsed).ec == std::errc();
  return whole && std::isfinite(parsed) ? std::optional(parsed) : std::nullopt;
}

enum class Side : std::uint8_t { least, most };

/// The nearest whole number within a limit; nullopt when every 64-bit integer is within it.
std::optional<std::int64_t> whole(const Value& limit, Side side, bool exclusive) {
  std::int64_t step = side == Side::least ? 1 : -1;
  if (limit.kind() == ValueKind::integer) {
    std::int64_t number = limit.as_int();
    std::int64_t last = side == Side::least ? std::numeric_limits<std::int64_t>::max()
                                            : std::numeric_limits<std::int64_t>::min();
    return exclusive && number != last ? number + step : number;
  }
  std::optional<double> number = as_double(limit);
  if (!number || std::abs(*number) > 9e15) return std::nullopt;
  double rounded = side == Side::least ? std::ceil(*number) : std::floor(*number);
  bool touches = exclusive && rounded == *number;
  return static_cast<std::int64_t>(rounded) + (touches ? step : 0);
}

/// Whether the pattern holds the whole text anyway: `^…$` without alternatives at its top.
bool anchored(std::string_view pattern) {
  if (!pattern.starts_with('^') || !pattern.ends_with('$') || pattern.ends_with("\\$")) return false;
  int depth = 0;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == '|' && depth == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string SchemaConverter::pattern(const Value& schema, const SchemaPlace& at) {
  const Value* written = schema.find("pattern");
  if (written == nullptr || !written->is_string() || patterns_.problem == nullptr) return {};
  std::string text(written->text());
  // A schema's pattern may match anywhere; a facet's matches the whole text.
  std::string made = anchored(text) ? text : fmt::format("(?s:.*)(?:{})(?s:.*)", text);
  if (patterns_.problem(text).empty() && patterns_.problem(made).empty()) return made;
  gap(at, "`pattern` is one that RE2 cannot read, and is not checked");
  return {};
}

Result<TypePtr> SchemaConverter::text(const Value& schema, const SchemaPlace& at) {
  Type& made = types_.make(TypeKind::string);
  CARBON_CHECK(sizes(made, {schema, at}, "minLength", "maxLength"));
  made.facets.pattern = pattern(schema, at);
  bool plain = !made.facets.min && !made.facets.max && made.facets.pattern.empty();
  return plain ? types_.basic(TypeKind::string) : &made;
}

Result<TypePtr> SchemaConverter::number(TypeKind kind, const Value& schema, const SchemaPlace& at) {
  Type& made = types_.make(kind);
  for (Side side : {Side::least, Side::most}) {
    std::string_view word = side == Side::least ? "minimum" : "maximum";
    std::string_view exclusive_word = side == Side::least ? "exclusiveMinimum" : "exclusiveMaximum";
    const Value* limit = schema.find(word);
    const Value* beyond = schema.find(exclusive_word);
    bool exclusive = says_true(schema, exclusive_word);
    // In draft-07 and later the word holds a limit of its own.
    if (beyond != nullptr && is_number(*beyond)) {
      limit = beyond;
      exclusive = true;
    }
    if (limit == nullptr) continue;
    if (!is_number(*limit)) return bad(at, fmt::format("`{}` is no number", word));
    std::optional<Value>& facet = side == Side::least ? made.facets.min : made.facets.max;
    if (kind == TypeKind::integer) {
      if (auto nearest = whole(*limit, side, exclusive)) facet = Value::integer(*nearest);
    } else if (auto number = as_double(*limit)) {
      facet = Value::floating(*number);
      if (exclusive) gap(at, fmt::format("`{}` itself is taken too", exclusive_word));
    }
  }
  return made.facets.min || made.facets.max ? &made : types_.basic(kind);
}

TypePtr SchemaConverter::int_or_string(const Value& schema) {
  const Value* written = schema.find("pattern");
  bool quantity = written != nullptr && written->is_string() && written->text() == quantity_pattern;
  return types_.basic(quantity ? TypeKind::quantity : TypeKind::int_or_string);
}

TypePtr SchemaConverter::literals(const Value& schema, const SchemaPlace& at, bool& nullable) {
  std::vector<Value> values;
  if (const Value* one = schema.find("const")) values.push_back(*one);
  const Value* all = schema.find("enum");
  if (values.empty() && all != nullptr && all->is_sequence())
    values.assign(all->items().begin(), all->items().end());
  std::erase_if(values, [&](const Value& value) {
    nullable = nullable || value.is_null();
    return value.is_null();
  });
  if (values.empty()) return nullptr;
  if (!std::all_of(values.begin(), values.end(), [](const Value& value) { return value.is_string(); })) {
    gap(at, "which numbers, or which mixed values, it may be is not checked");
    return nullptr;
  }
  std::vector<TypePtr> types;
  for (const Value& value : values) {
    bool twice =
        std::any_of(types.begin(), types.end(), [&](TypePtr type) { return type->name == value.text(); });
    if (!twice) types.push_back(types_.literal(value.text()));
  }
  if (types.size() == 1) return types.front();
  Type& made = types_.make(TypeKind::union_);
  made.alternatives = std::move(types);
  return &made;
}

Status SchemaConverter::sizes(Type& type, const Shape& shape, std::string_view least, std::string_view most) {
  for (std::string_view word : {least, most}) {
    const Value* limit = shape.schema.find(word);
    if (limit == nullptr) continue;
    bool size = limit->kind() == ValueKind::integer && limit->as_int() >= 0;
    if (!size) return bad(shape.at, fmt::format("`{}` is no size", word));
    (word == least ? type.facets.min : type.facets.max) = limit->with_origin(0);
  }
  return {};
}

}  // namespace carbon
