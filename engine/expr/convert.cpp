// Conversion to a type: the scalars. Collections are in convert_collections.cpp.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/field_path.h"
#include "base/spelling.h"
#include "base/utf8.h"
#include "engine/expr/checked_string.h"
#include "engine/expr/converter.h"
#include "engine/expr/type_term.h"
#include "engine/expr/wording.h"

namespace carbon {

Result<Value> convert(const Value& value, const Type& type, SourceSpan span, const Patterns& patterns) {
  return Converter(span, value.origin(), patterns).convert(value, type);
}

std::string Converter::path_text() const {
  FieldPath path;
  for (const Step* step = path_; step != nullptr; step = step->outer) {
    path.steps.push_back(step->name ? FieldStep::field(std::string(*step->name))
                                    : FieldStep::at(step->index));
  }
  std::reverse(path.steps.begin(), path.steps.end());
  return path.text();
}

tl::unexpected<Error> Converter::error(DiagnosticCode code, std::string message, const Value& at,
                                       std::string label, std::string help) const {
  bool nested = at.origin() > span_.begin && at.origin() < span_.end;
  SourceSpan place = nested ? SourceSpan{at.origin(), at.origin() + 1} : span_;
  Error made = labelled(code, std::move(message), place, std::move(label));
  bool elsewhere = !nested && at.origin() != 0 && at.origin() != root_origin_ && span_.known() &&
                   at.origin() != span_.begin;
  if (elsewhere)
    made.diagnostic().labels.push_back({{at.origin(), at.origin() + 1}, "the value was written here"});
  if (path_ != nullptr) made = std::move(made).note(fmt::format("in `{}`", path_text()));
  if (!help.empty()) made = std::move(made).help(std::move(help));
  return fail(std::move(made));
}

tl::unexpected<Error> Converter::mismatch(const Value& value, const Type& type, std::string help) const {
  std::string_view found = describe(value);
  if (value.is_null()) {
    return error(DiagnosticCode::may_be_absent, fmt::format("expected `{}`, found null", to_string(type)),
                 value, "absent here", help.empty() ? "give it a value, or use `?? …`" : std::move(help));
  }
  if (value.is_secret()) {
    return error(DiagnosticCode::secret_leak, "a secret would reach a plain field", value,
                 fmt::format("`secret`; the field is `{}`", to_string(type)),
                 "use a field that is marked `secret`");
  }
  return error(DiagnosticCode::type_mismatch, fmt::format("expected `{}`, found {}", to_string(type), found),
               value, std::string(found), std::move(help));
}

Result<Value> Converter::convert(const Value& value, const Type& type) {
  if (type.kind == TypeKind::optional) {
    if (value.is_null()) return value;
    if (!value.is_unknown()) return convert(value, *type.element);
  }
  if (value.is_unknown() || value.is_secret()) return open(value, type);
  if (type.kind == TypeKind::secret) {
    bool outer = std::exchange(secret_field_, true);
    Result<Value> converted = convert(value, *type.element);
    secret_field_ = outer;
    return converted;
  }
  Result<Value> converted = convert_known(value, type);
  if (converted && converted->origin() != value.origin()) return converted->with_origin(value.origin());
  return converted;
}

Result<Value> Converter::open(const Value& value, const Type& type) const {
  if (value.is_secret()) {
    bool may = secret_field_ || type.kind == TypeKind::secret;
    return may ? Result<Value>(value) : mismatch(value, type);
  }
  auto description = describe_type(type);
  if (!description) return value;
  // Converting twice is the same as once.
  const OpenTerm& term = value.term();
  bool same = term.function == "convert" && term.arguments.size() == 2 && term.arguments[1] == *description;
  if (same) return value;
  return Value::unknown({"convert", {value, std::move(*description)}}).with_origin(value.origin());
}

Result<Value> Converter::convert_known(const Value& value, const Type& type) {
  switch (type.kind) {
    case TypeKind::string: return string(value, type);
    case TypeKind::integer: return integer(value, type);
    case TypeKind::floating: return floating(value, type);
    case TypeKind::boolean: return boolean(value, type);
    case TypeKind::json: return json(value);
    case TypeKind::blob: return blob(value, type);
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity: return quantity(value, type);
    case TypeKind::duration: return duration(value, type);
    case TypeKind::int_or_string: return int_or_string(value, type);
    case TypeKind::list:
    case TypeKind::set: return list(value, type);
    case TypeKind::map: return map(value, type);
    case TypeKind::record: return record(value, type);
    case TypeKind::literal: return literal(value, {&type});
    case TypeKind::union_: return union_(value, type);
    case TypeKind::reference: return reference(value, type);
    case TypeKind::optional:
    case TypeKind::secret: return convert(value, *type.element);
  }
  return value;
}

Result<Value> Converter::string(const Value& value, const Type& type) const {
  if (!value.is_string()) {
    auto text = canonical_text(value);
    std::string help;
    if (text) help = fmt::format("write `\"{}\"`, or `\"${{…}}\"` around the expression", *text);
    if (value.kind() == ValueKind::reference) help = "use one of its fields, such as its name";
    return mismatch(value, type, help);
  }
  if (auto problem = string_problem(type.checked, value.text(), patterns_)) {
    std::string help;
    if (type.checked == CheckedString::cron) help = "daily at 02:00 is `\"0 2 * * *\"`";
    return error(DiagnosticCode::bad_checked_string,
                 fmt::format("`\"{}\"` is not {}", value.text(), describe(type.checked)), value,
                 std::move(*problem), std::move(help));
  }
  return with_facets(value, type);
}

Result<Value> Converter::integer(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::integer) return with_facets(value, type);
  if (value.kind() == ValueKind::decimal) {
    auto exact = Quantity::parse(value.text());
    bool plain = value.text().find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    if (auto whole = exact && plain ? exact->units() : std::nullopt)
      return with_facets(Value::integer(*whole), type);
  }
  if (value.kind() == ValueKind::floating) return mismatch(value, type, "convert it with `int(x)`");
  return mismatch(value, type);
}

Result<Value> Converter::floating(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::floating) return with_facets(value, type);
  if (value.kind() == ValueKind::integer)
    return with_facets(Value::floating(static_cast<double>(value.as_int())), type);
  if (value.kind() == ValueKind::decimal) {
    double parsed = 0;
    std::string_view text = value.text();
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error == std::errc{} && std::isfinite(parsed)) return with_facets(Value::floating(parsed), type);
  }
  return mismatch(value, type);
}

Result<Value> Converter::boolean(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::boolean) return value;
  bool quoted = value.is_string() && (value.text() == "true" || value.text() == "false");
  return mismatch(value, type, quoted ? fmt::format("write `{}` without quotes", value.text()) : "");
}

Result<Value> Converter::blob(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::blob) return value;
  if (value.is_string()) return Value::blob(value.text());
  return mismatch(value, type);
}

Result<Value> Converter::quantity(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::quantity) {
    bool whole = type.kind != TypeKind::bytes || value.as_quantity().units().has_value();
    if (whole) return with_facets(value, type);
    return error(DiagnosticCode::arithmetic,
                 fmt::format("`{}` is no whole number of bytes", value.as_quantity().text()), value,
                 "a part of a byte");
  }
  if (value.kind() == ValueKind::integer) {
    if (type.kind == TypeKind::quantity)
      return with_facets(Value::quantity(Quantity::whole(value.as_int())), type);
    std::int64_t number = value.as_int();
    if (type.kind == TypeKind::cpu)
      return mismatch(value, type, fmt::format("cpu needs a unit: write `{}cpu`", number));
    return mismatch(value, type, fmt::format("bytes need a unit: write `{0}Gi` or `{0}G`", number));
  }
  if (value.is_string() && Quantity::parse(value.text()))
    return mismatch(value, type, fmt::format("write `{}` without quotes", value.text()));
  bool count = type.kind == TypeKind::quantity;
  if (count && (value.kind() == ValueKind::floating || value.kind() == ValueKind::decimal)) {
    if (auto exact = Quantity::parse(*canonical_text(value)))
      return with_facets(Value::quantity(*exact), type);
  }
  return mismatch(value, type);
}

Result<Value> Converter::duration(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::duration) return with_facets(value, type);
  std::string help;
  if (value.kind() == ValueKind::integer)
    help = fmt::format("a duration needs a unit: write `{0}s` or `{0}min`", value.as_int());
  if (value.is_string()) {
    if (auto parsed = Duration::parse(value.text()))
      help = fmt::format("write `{}` without quotes", parsed->text());
  }
  return mismatch(value, type, std::move(help));
}

Result<Value> Converter::int_or_string(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::integer || value.is_string()) return with_facets(value, type);
  return mismatch(value, type);
}

Result<Value> Converter::literal(const Value& value, const std::vector<TypePtr>& choices) const {
  std::vector<std::string_view> names;
  for (TypePtr choice : choices) names.push_back(choice->name);
  if (value.is_string()) {
    if (std::find(names.begin(), names.end(), value.text()) != names.end()) return value;
  }
  std::string listed;
  for (std::string_view name : names) listed += fmt::format("{}\"{}\"", listed.empty() ? "" : " | ", name);
  std::string found =
      value.is_string() ? fmt::format("`\"{}\"`", value.text()) : std::string(describe(value));
  std::string_view near = value.is_string() ? nearest(value.text(), names) : std::string_view{};
  return error(DiagnosticCode::type_mismatch, fmt::format("expected `{}`, found {}", listed, found), value,
               names.size() == 1 ? "not this text" : "none of these",
               near.empty() ? "" : fmt::format("did you mean `\"{}\"`?", near));
}

Result<Value> Converter::reference(const Value& value, const Type& type) const {
  if (value.kind() == ValueKind::reference) return value;
  return mismatch(value, type, fmt::format("name a `{}` itself, not one of its fields", type.name));
}

namespace {

/// What a facet limits: the value itself, or its length.
struct Measure {
  Value value;
  std::string_view unit;  ///< behind a length; empty for a value
};

Measure measure(const Value& value) {
  if (value.is_string())
    return {Value::integer(static_cast<std::int64_t>(utf8::count(value.text()))), " characters"};
  if (value.is_sequence()) return {Value::integer(static_cast<std::int64_t>(value.items().size())), " items"};
  if (value.is_fields())
    return {Value::integer(static_cast<std::int64_t>(value.entries().size())), " entries"};
  return {value, ""};
}

std::string limit_text(const Value& value, std::string_view unit) {
  return canonical_text(value).value_or("?") + std::string(unit);
}

/// A limit of a `quantity` may be written as a plain count.
int compare_limit(const Value& measured, const Value& limit) {
  if (measured.kind() == ValueKind::quantity && limit.kind() == ValueKind::integer)
    return compare(measured, Value::quantity(Quantity::whole(limit.as_int())));
  return compare(measured, limit);
}

}  // namespace

Result<Value> Converter::with_facets(Value value, const Type& type) const {
  const Facets& facets = type.facets;
  if (!facets.min && !facets.max && facets.pattern.empty()) return value;
  Measure measured = measure(value);
  bool low = facets.min && compare_limit(measured.value, *facets.min) < 0;
  bool high = facets.max && compare_limit(measured.value, *facets.max) > 0;
  if (low || high) {
    const Value& limit = low ? *facets.min : *facets.max;
    return error(DiagnosticCode::facet_violated,
                 fmt::format("{} is {} {}", limit_text(measured.value, measured.unit),
                             low ? "below the minimum" : "above the maximum", limit_text(limit, "")),
                 value, fmt::format("`{}`", to_string(type)));
  }
  bool checked = value.is_string() && !facets.pattern.empty() && patterns_.matches != nullptr;
  if (checked && !patterns_.matches(facets.pattern, value.text())) {
    return error(DiagnosticCode::facet_violated,
                 fmt::format("`\"{}\"` does not match `{}`", value.text(), facets.pattern), value,
                 "the pattern must match the whole text");
  }
  return value;
}

}  // namespace carbon
