#include "engine/expr/wording.h"

#include <fmt/format.h>

namespace carbon {

namespace {

/// With a point or exponent, so that the text reads back as a float.
std::string float_text(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

const Value* find_leaf(const Value& value);

template <class Range, class Part>
const Value* find_leaf_in(const Range& range, const Part& part) {
  for (const auto& item : range) {
    if (const Value* leaf = find_leaf(part(item))) return leaf;
  }
  return nullptr;
}

const Value* find_leaf(const Value& value) {
  auto itself = [](const Value& item) -> const Value& { return item; };
  if (value.is_unknown() || value.is_secret()) {
    const Value* deeper = find_leaf_in(value.term().arguments, itself);
    return deeper != nullptr ? deeper : &value;
  }
  if (value.is_sequence()) return find_leaf_in(value.items(), itself);
  if (value.is_fields()) {
    return find_leaf_in(value.entries(), [](const Entry& entry) -> const Value& { return entry.value; });
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> canonical_text(const Value& value) {
  switch (value.kind()) {
    case ValueKind::boolean: return value.as_bool() ? "true" : "false";
    case ValueKind::integer: return std::to_string(value.as_int());
    case ValueKind::floating: return float_text(value.as_float());
    case ValueKind::decimal:
    case ValueKind::string: return std::string(value.text());
    case ValueKind::quantity: return value.as_quantity().text();
    case ValueKind::duration: return value.as_duration().text();
    case ValueKind::null:
    case ValueKind::blob:
    case ValueKind::list:
    case ValueKind::set:
    case ValueKind::map:
    case ValueKind::record:
    case ValueKind::reference:
    case ValueKind::secret:
    case ValueKind::unknown: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> key_text(const Value& value) {
  if (value.is_string()) return std::string(value.text());
  if (value.kind() == ValueKind::integer) return std::to_string(value.as_int());
  return std::nullopt;
}

std::string_view describe(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return "null";
    case ValueKind::boolean: return "a bool";
    case ValueKind::integer: return "a plain number";
    case ValueKind::floating:
    case ValueKind::decimal: return "a number with a fraction";
    case ValueKind::string: return "a string";
    case ValueKind::blob: return "a blob";
    case ValueKind::quantity: return "a quantity";
    case ValueKind::duration: return "a duration";
    case ValueKind::list: return "a list";
    case ValueKind::set: return "a set";
    case ValueKind::map: return "a map";
    case ValueKind::record: return "a record";
    case ValueKind::reference: return "a reference";
    case ValueKind::secret: return "a secret";
    case ValueKind::unknown: return "a value known after apply";
  }
  return "?";
}

std::string open_leaf(const Value& value) {
  const Value* leaf = find_leaf(value);
  if (leaf == nullptr) return "something";
  const OpenTerm& term = leaf->term();
  if (term.function == "attribute" && term.arguments.size() == 2) {
    std::string_view path = term.arguments[1].text();
    return fmt::format("{}{}{}", term.arguments[0].text(), path.starts_with('[') ? "" : ".", path);
  }
  std::string inside;
  for (const Value& argument : term.arguments) {
    if (!inside.empty()) inside += ", ";
    inside += argument.is_string() ? fmt::format("\"{}\"", argument.text()) : "…";
  }
  return fmt::format("{}({})", term.function, inside);
}

Error labelled(DiagnosticCode code, std::string message, SourceSpan span, std::string label) {
  Error error(code, std::move(message), span);
  if (span.known()) error.diagnostic().labels.front().text = std::move(label);
  return error;
}

Error located(Error error, SourceSpan span) {
  if (error.diagnostic().labels.empty() && span.known()) error.diagnostic().labels.push_back({span, {}});
  return error;
}

Error not_known(std::string_view what, const Value& value, SourceSpan span) {
  std::string leaf = open_leaf(value);
  return labelled(DiagnosticCode::unknown_key,
                  fmt::format("{} must be known before apply, and `{}` is not", what, leaf), span,
                  "known only after apply")
      .help(fmt::format("use something that is written, and put `{}` in a field", leaf));
}

Error decided_by_secret(std::string_view what, const Value& value, SourceSpan span) {
  return labelled(DiagnosticCode::secret_decides,
                  fmt::format("a secret cannot decide {}: `{}`", what, open_leaf(value)), span,
                  "holds a secret")
      .note("secrets can be joined, interpolated, encoded and sent; nothing may depend on their content");
}

std::optional<Error> open_problem(std::string_view what, const Value& value, SourceSpan span) {
  if (value.is_unknown()) return not_known(what, value, span);
  if (value.is_secret()) return decided_by_secret(what, value, span);
  return std::nullopt;
}

}  // namespace carbon
