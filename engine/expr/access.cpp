#include "engine/expr/access.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/field_path.h"
#include "base/spelling.h"
#include "engine/expr/call.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

bool is_open(const Value& value) { return value.is_unknown() || value.is_secret(); }

/// The step that a known key takes, if it is one that a path can hold.
std::optional<FieldStep> step_of(const Value& key) {
  if (key.is_string()) return FieldStep::field(std::string(key.text()));
  if (key.kind() == ValueKind::integer && key.as_int() >= 0)
    return FieldStep::at(static_cast<std::size_t>(key.as_int()));
  return std::nullopt;
}

/// `attribute(address, path)` one step deeper, or nothing when the open value is something else. So a plan
/// names the very field that it waits for.
std::optional<Value> deeper(const Value& object, const Value& key) {
  const OpenTerm& term = object.term();
  if (term.function != "attribute" || term.arguments.size() != 2) return std::nullopt;
  auto step = step_of(key);
  auto path = FieldPath::parse(term.arguments[1].text());
  if (!step || !path) return std::nullopt;
  OpenTerm longer{term.function, {term.arguments[0], Value::string(path->then(std::move(*step)).text())}};
  return object.is_secret() ? Value::secret(std::move(longer)) : Value::unknown(std::move(longer));
}

Value open_part(std::string_view function, const Value& object, const Value& key) {
  if (is_open(object)) {
    if (auto longer = deeper(object, key)) return *longer;
  }
  return open_call(function, {object, key});
}

tl::unexpected<Error> absent(std::string_view part) {
  return fail(Error(DiagnosticCode::may_be_absent,
                    fmt::format("{} of something that is absent: it is null here", part))
                  .help("use `?.` or `??`, or test it with `if x != null`"));
}

tl::unexpected<Error> missing_key(const Value& object, std::string_view key) {
  std::vector<std::string_view> names;
  for (const Entry& entry : object.entries()) names.push_back(entry.key.text());
  Error error(DiagnosticCode::missing_key, fmt::format("there is no key `{}`", key));
  if (std::string_view near = nearest(key, names); !near.empty())
    return fail(std::move(error).help(fmt::format("did you mean `{}`?", near)));
  return fail(std::move(error).help(fmt::format("`get(x, \"{}\")` gives null when the key is missing", key)));
}

Result<Value> at_position(const Value& list, std::int64_t position, Missing missing) {
  auto items = list.items();
  if (position >= 0 && static_cast<std::size_t>(position) < items.size())
    return items[static_cast<std::size_t>(position)];
  if (missing == Missing::null) return Value();
  return fail(DiagnosticCode::missing_key,
              fmt::format("there is no item {}: the list has {}", position, items.size()));
}

}  // namespace

Result<Value> member(const Value& object, std::string_view name, Missing missing) {
  if (is_open(object)) return open_part("member", object, Value::string(name));
  if (object.is_null()) return absent(fmt::format("`.{}`", name));
  if (!object.is_fields()) {
    return fail(DiagnosticCode::type_mismatch,
                fmt::format("`.{}` needs something with fields, found {}", name, describe(object)));
  }
  if (const Value* found = object.find(name)) return *found;
  if (missing == Missing::null) return Value();
  return missing_key(object, name);
}

Result<Value> index(const Value& object, const Value& key, Missing missing) {
  if (is_open(object) || key.is_unknown())
    return open_part(missing == Missing::null ? "member" : "index", object, key);
  if (key.is_secret()) return fail(decided_by_secret("a key", key, {}));
  if (object.is_null()) return absent("a part");
  if (object.is_fields()) {
    if (auto text = key_text(key)) return member(object, *text, missing);
  } else if (object.is_sequence()) {
    if (key.kind() == ValueKind::integer) return at_position(object, key.as_int(), missing);
  } else {
    return fail(DiagnosticCode::type_mismatch,
                fmt::format("`[…]` needs a map or a list, found {}", describe(object)));
  }
  return fail(DiagnosticCode::type_mismatch,
              fmt::format("{} takes {} in `[…]`, found {}", describe(object),
                          object.is_fields() ? "a string" : "an int", describe(key)));
}

Result<Value> contains(const Value& collection, const Value& key) {
  if (key.is_secret() || collection.is_secret())
    return fail(decided_by_secret("a comparison", key.is_secret() ? key : collection, {}));
  if (key.is_unknown() || collection.is_unknown()) return open_call("in", {key, collection});
  if (collection.is_fields()) {
    auto text = key_text(key);
    if (text) return Value::boolean(collection.find(*text) != nullptr);
  } else if (collection.is_sequence()) {
    auto items = collection.items();
    if (key.contains_secret() || collection.contains_secret())
      return fail(decided_by_secret("a comparison", collection.contains_secret() ? collection : key, {}));
    bool open = key.contains_unknown() || collection.contains_unknown();
    if (!key.contains_unknown() && std::find(items.begin(), items.end(), key) != items.end())
      return Value::boolean(true);
    return open ? open_call("in", {key, collection}) : Value::boolean(false);
  }
  Error error(DiagnosticCode::bad_operands,
              fmt::format("`in` is not defined on {} and {}", describe(key), describe(collection)));
  if (collection.is_string()) return fail(std::move(error).help("use `contains(text, part)`"));
  return fail(std::move(error));
}

Result<Value> concat(std::vector<Value> parts) {
  std::vector<Value> all;
  for (const Value& part : parts) {
    if (part.is_unknown()) return Value::unknown({"concat", std::move(parts)});
    if (part.is_secret()) return fail(decided_by_secret("the items of a list", part, {}));
    if (!part.is_sequence())
      return fail(DiagnosticCode::type_mismatch, fmt::format("expected a list, found {}", describe(part)));
    all.insert(all.end(), part.items().begin(), part.items().end());
  }
  return Value::list(std::move(all));
}

Result<Value> overlay(std::vector<Value> parts) {
  std::vector<Entry> all;
  for (const Value& part : parts) {
    if (part.is_unknown()) return Value::unknown({"overlay", std::move(parts)});
    if (part.is_secret()) return fail(decided_by_secret("the fields of a record", part, {}));
    if (!part.is_fields())
      return fail(DiagnosticCode::type_mismatch, fmt::format("expected a record, found {}", describe(part)));
    all.insert(all.end(), part.entries().begin(), part.entries().end());
  }
  bool map = !parts.empty() && parts.front().kind() == ValueKind::map;
  return map ? Value::map(std::move(all)) : Value::record(std::move(all));
}

Result<Value> interpolate(std::vector<Value> parts) {
  std::string text;
  bool open = false;
  for (const Value& part : parts) {
    if (is_open(part)) {
      open = true;
    } else if (part.is_string()) {
      text.append(part.text());
    } else if (auto written = canonical_text(part)) {
      text += *written;
    } else if (part.is_null()) {
      return fail(Error(DiagnosticCode::may_be_absent, "null cannot be put into text")
                      .help("give it a text: `${x ?? \"\"}`"));
    } else {
      return fail(Error(DiagnosticCode::type_mismatch, fmt::format("{} has no text form", describe(part)))
                      .help(part.kind() == ValueKind::reference
                                ? "use one of its fields: `${x.name}`"
                                : "use `json_encode(x)` or `join(x, \", \")`"));
    }
  }
  if (open) return open_call("interpolate", std::move(parts));
  return Value::string(text);
}

}  // namespace carbon
