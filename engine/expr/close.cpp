#include <algorithm>
#include <optional>
#include <set>

#include "base/field_path.h"
#include "engine/expr/call.h"
#include "engine/expr/evaluate.h"
#include "engine/expr/operators.h"
#include "engine/expr/type_term.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

// Attributes that give attributes: a chain this long is a circle.
constexpr int max_hops = 32;

bool is_attribute(const OpenTerm& term) {
  return term.function == "attribute" && term.arguments.size() == 2 && term.arguments[0].is_string() &&
         term.arguments[1].is_string();
}

bool is_unfinished(const Value& value) { return value.is_unknown() || value.is_secret(); }

/// One closing. Gives nothing where nothing changed, so that untouched parts of a value stay shared.
class Closer {
 public:
  Closer(const CloseContext& context, Secrets secrets) : context_(context), secrets_(secrets) {}

  Result<Value> close(const Value& value) {
    std::optional<Value> changed = CARBON_TRY(change(value));
    return changed ? std::move(*changed) : value;
  }

 private:
  using Change = Result<std::optional<Value>>;

  Change change(const Value& value) {
    if (value.is_unknown()) return finished(value, unknown(value));
    if (value.is_secret()) return finished(value, secret(value));
    if (value.is_sequence()) return sequence(value);
    if (value.is_fields()) return fields(value);
    return std::nullopt;
  }

  /// Puts the place of the term on its result or its error.
  static Change finished(const Value& term, Result<Value> result) {
    SourceSpan place{term.origin(), term.origin() + 1};
    if (!result) return fail(located(std::move(result).error(), term.origin() == 0 ? SourceSpan{} : place));
    return result->with_origin(term.origin() != 0 ? term.origin() : result->origin());
  }

  Change sequence(const Value& value) {
    std::optional<std::vector<Value>> items = CARBON_TRY(change_all(value.items()));
    if (!items) return std::nullopt;
    Value made =
        value.kind() == ValueKind::set ? Value::set(std::move(*items)) : Value::list(std::move(*items));
    return made.with_origin(value.origin());
  }

  Change fields(const Value& value) {
    auto entries = value.entries();
    std::optional<std::vector<Entry>> made;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      std::optional<Value> changed = CARBON_TRY(change(entries[i].value));
      if (!changed) continue;
      if (!made) made.emplace(entries.begin(), entries.end());
      (*made)[i].value = std::move(*changed);
    }
    if (!made) return std::nullopt;
    Value whole =
        value.kind() == ValueKind::map ? Value::map(std::move(*made)) : Value::record(std::move(*made));
    return whole.with_origin(value.origin());
  }

  Result<std::optional<std::vector<Value>>> change_all(std::span<const Value> values) {
    std::optional<std::vector<Value>> made;
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::optional<Value> changed = CARBON_TRY(change(values[i]));
      if (!changed) continue;
      if (!made) made.emplace(values.begin(), values.end());
      (*made)[i] = std::move(*changed);
    }
    return made;
  }

  Result<std::vector<Value>> close_all(const std::vector<Value>& values) {
    std::optional<std::vector<Value>> changed = CARBON_TRY(change_all(values));
    return changed ? std::move(*changed) : values;
  }

  Result<Value> unknown(const Value& value) {
    const OpenTerm& term = value.term();
    if (is_attribute(term)) return attribute(term.arguments[0].text(), term.arguments[1].text(), value);
    if (auto lazy = lazy_operator(term)) return lazily(*lazy, term);
    return apply(term.function, CARBON_TRY(close_all(term.arguments)));
  }

  /// A secret kept is still a secret; only what is unknown in it is finished.
  Result<Value> secret(const Value& value) {
    const OpenTerm& term = value.term();
    if (secrets_ == Secrets::keep) {
      if (is_attribute(term)) return value;
      std::vector<Value> closed = CARBON_TRY(close_all(term.arguments));
      return Value::secret({term.function, std::move(closed)});
    }
    if (is_attribute(term)) return attribute(term.arguments[0].text(), term.arguments[1].text(), value);
    std::vector<Value> arguments = CARBON_TRY(close_all(term.arguments));
    if (std::any_of(arguments.begin(), arguments.end(), is_unfinished))
      return Value::secret({term.function, std::move(arguments)});
    if (term.function.starts_with("secret.")) return context_.secret({term.function, std::move(arguments)});
    Result<Value> revealed = apply(term.function, std::move(arguments));
    if (revealed) return revealed;
    // The function's own words may quote its argument, which is the secret.
    return fail(Error(revealed.error().code(), "`" + term.function + "` cannot be applied to this secret")
                    .help("`carbon explain fn " + term.function + "` says what it takes"));
  }

  Result<Value> attribute(std::string_view address, std::string_view path, const Value& asked) {
    Value now = CARBON_TRY(context_.attribute(address, path));
    if (now.is_unknown() && asked.is_secret()) return asked;
    // A written value may itself be open; when it is the very thing that was asked for, it stays.
    bool further = !(now == asked) && (now.contains_unknown() || now.contains_secret());
    if (!further || hops_ == max_hops) return now;
    ++hops_;
    Result<Value> closed = close(now);
    --hops_;
    return closed;
  }

  static std::optional<Operator> lazy_operator(const OpenTerm& term) {
    if (term.arguments.size() != 2) return std::nullopt;
    for (Operator op : {Operator::and_, Operator::or_, Operator::coalesce}) {
      if (term.function == to_string(op)) return op;
    }
    return std::nullopt;
  }

  Result<Value> lazily(Operator op, const OpenTerm& term) {
    Value left = CARBON_TRY(close(term.arguments[0]));
    auto right = [&] { return close(term.arguments[1]); };
    return short_circuit(op, left, {}, right, {});
  }

  Result<Value> apply(const std::string& name, std::vector<Value> arguments) {
    bool part = name == "member" || name == "safe_member";
    if (part && arguments.size() == 2 && arguments[0].kind() == ValueKind::reference &&
        arguments[1].is_string()) {
      std::string_view address = arguments[0].text();
      std::string path = FieldPath{}.then(FieldStep::field(std::string(arguments[1].text()))).text();
      return attribute(address, path, Value::unknown_attribute(address, path));
    }
    if (name == "convert" && arguments.size() == 2)
      return convert(arguments[0], DescribedType(arguments[1]).type(), {}, context_.functions.patterns());
    const Function* function = context_.functions.find(name);
    if (function == nullptr)
      return fail(DiagnosticCode::unknown_function, "there is no function `" + name + "`");
    CARBON_CHECK(check_arguments(*function, arguments, {}, {}));
    return call(*function, std::move(arguments));
  }

  const CloseContext& context_;
  Secrets secrets_;
  int hops_ = 0;
};

using Attribute = std::pair<std::string, std::string>;

void collect(const Value& value, std::set<Attribute>& found) {
  if (is_unfinished(value)) {
    const OpenTerm& term = value.term();
    if (is_attribute(term)) {
      found.emplace(term.arguments[0].text(), term.arguments[1].text());
      return;
    }
    for (const Value& argument : term.arguments) collect(argument, found);
  } else if (value.is_sequence()) {
    for (const Value& item : value.items()) collect(item, found);
  } else if (value.is_fields()) {
    for (const Entry& entry : value.entries()) collect(entry.value, found);
  }
}

}  // namespace

Result<Value> close(const Value& value, const CloseContext& context, Secrets secrets) {
  return Closer(context, secrets).close(value);
}

std::vector<std::pair<std::string, std::string>> open_attributes(const Value& value) {
  std::set<Attribute> found;
  collect(value, found);
  return {found.begin(), found.end()};
}

}  // namespace carbon
