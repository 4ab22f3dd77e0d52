#include "engine/expr/call.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "engine/expr/wording.h"

namespace carbon {

Value open_call(std::string_view function, std::vector<Value> arguments) {
  bool secret = std::any_of(arguments.begin(), arguments.end(), [](const Value& v) { return v.is_secret(); });
  OpenTerm term{std::string(function), std::move(arguments)};
  return secret ? Value::secret(std::move(term)) : Value::unknown(std::move(term));
}

namespace {

enum class Rule : std::uint8_t { run, secret, unknown, refuse };

template <class Test>
const Value* first(const std::vector<Value>& arguments, const Test& test) {
  auto at = std::find_if(arguments.begin(), arguments.end(), test);
  return at == arguments.end() ? nullptr : &*at;
}

bool is_secret(const Value& value) { return value.is_secret(); }
bool holds_secret(const Value& value) { return value.contains_secret(); }
bool is_unknown(const Value& value) { return value.is_unknown(); }
bool holds_unknown(const Value& value) { return value.contains_unknown(); }

Rule secret_rule(OnSecret on_secret, const std::vector<Value>& arguments) {
  switch (on_secret) {
    case OnSecret::refuse: return first(arguments, holds_secret) != nullptr ? Rule::refuse : Rule::run;
    case OnSecret::taint: return first(arguments, holds_secret) != nullptr ? Rule::secret : Rule::run;
    case OnSecret::shape: return first(arguments, is_secret) != nullptr ? Rule::refuse : Rule::run;
    case OnSecret::accept: return Rule::run;
  }
  return Rule::refuse;
}

Rule unknown_rule(OnUnknown on_unknown, const std::vector<Value>& arguments) {
  switch (on_unknown) {
    case OnUnknown::defer: return first(arguments, holds_unknown) != nullptr ? Rule::unknown : Rule::run;
    case OnUnknown::shape: return first(arguments, is_unknown) != nullptr ? Rule::unknown : Rule::run;
    case OnUnknown::accept: return Rule::run;
  }
  return Rule::unknown;
}

}  // namespace

Result<Value> call(const Function& function, std::vector<Value> arguments) {
  Rule rule = secret_rule(function.on_secret, arguments);
  if (rule == Rule::run) rule = unknown_rule(function.on_unknown, arguments);
  switch (rule) {
    case Rule::run: return function.body(arguments);
    case Rule::secret: return Value::secret({function.name, std::move(arguments)});
    case Rule::unknown: return Value::unknown({function.name, std::move(arguments)});
    case Rule::refuse: break;
  }
  const Value* secret = first(arguments, holds_secret);
  return fail(decided_by_secret(fmt::format("the result of `{}`", function.name), *secret, {}));
}

namespace {

bool is_any_number(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::floating ||
         value.kind() == ValueKind::decimal;
}

/// The heads of parameter types and what they accept; a type that is not listed accepts everything (`json`,
/// `T`).
struct Head {
  std::string_view name;
  bool (*accepts)(const Value& value);
};

constexpr std::array<Head, 13> heads{{
    {"string", [](const Value& v) { return v.is_string(); }},
    {"int", [](const Value& v) { return v.kind() == ValueKind::integer; }},
    {"bool", [](const Value& v) { return v.kind() == ValueKind::boolean; }},
    {"number", is_any_number},
    {"blob", [](const Value& v) { return v.kind() == ValueKind::blob || v.is_string(); }},
    {"list", [](const Value& v) { return v.is_sequence(); }},
    {"map", [](const Value& v) { return v.is_fields(); }},
    {"collection", [](const Value& v) { return v.is_sequence() || v.is_fields(); }},
    {"secret", [](const Value& v) { return v.is_string(); }},
    {"regex", [](const Value& v) { return v.is_string(); }},
    {"cidr", [](const Value& v) { return v.is_string(); }},
    {"bytes", [](const Value& v) { return v.kind() == ValueKind::quantity; }},
    {"duration", [](const Value& v) { return v.kind() == ValueKind::duration; }},
}};

bool accepts(std::string_view type, const Value& value) {
  if (value.is_unknown() || value.is_secret()) return true;
  std::string_view head = type.substr(0, type.find('<'));
  auto known = std::find_if(heads.begin(), heads.end(), [&](const Head& h) { return h.name == head; });
  return known == heads.end() || known->accepts(value);
}

std::string signature(const Function& function) {
  std::string out = function.name + "(";
  for (const Parameter& parameter : function.parameters) {
    if (!out.ends_with('(')) out += ", ";
    out += (parameter.variadic ? "..." : "") + parameter.name + (parameter.optional ? "?" : "") + " : " +
           parameter.type;
  }
  return out + ") : " + function.result;
}

}  // namespace

Status check_arguments(const Function& function, std::span<const Value> arguments,
                       std::span<const SourceSpan> spans, SourceSpan whole) {
  const std::vector<Parameter>& parameters = function.parameters;
  auto optional = [](const Parameter& p) { return p.optional || p.variadic; };
  auto required = static_cast<std::size_t>(std::find_if(parameters.begin(), parameters.end(), optional) -
                                           parameters.begin());
  bool variadic = !parameters.empty() && parameters.back().variadic;
  if (arguments.size() < required || (!variadic && arguments.size() > parameters.size())) {
    return fail(labelled(DiagnosticCode::wrong_arguments,
                         fmt::format("`{}` does not take {} argument{}", function.name, arguments.size(),
                                     arguments.size() == 1 ? "" : "s"),
                         whole, "wrong number of arguments")
                    .note(signature(function)));
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = parameters[std::min(i, parameters.size() - 1)];
    if (accepts(parameter.type, arguments[i])) continue;
    return fail(labelled(DiagnosticCode::wrong_arguments,
                         fmt::format("`{}` expects `{}` for `{}`, found {}", function.name, parameter.type,
                                     parameter.name, describe(arguments[i])),
                         i < spans.size() ? spans[i] : whole, std::string(describe(arguments[i])))
                    .note(signature(function)));
  }
  return {};
}

}  // namespace carbon
