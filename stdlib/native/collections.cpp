// Functions that move values without looking into them: unknown and secret leaves pass through.

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "engine/expr/wording.h"
#include "stdlib/native/families.h"
#include "stdlib/native/result_types.h"

namespace carbon {

namespace {

constexpr std::int64_t longest_range = 1'000'000;

Result<Value> count(Arguments arguments) {
  const Value& all = arguments[0];
  std::size_t size = all.is_fields() ? all.entries().size() : all.items().size();
  // Members of a set that are unknown may turn out equal.
  if (all.kind() == ValueKind::set && all.contains_unknown()) return Value::unknown({"count", {all}});
  return Value::integer(static_cast<std::int64_t>(size));
}

Result<Value> keys(Arguments arguments) {
  std::vector<Value> out;
  for (const Entry& entry : arguments[0].entries()) out.push_back(entry.key);
  return Value::list(std::move(out));
}

Result<Value> values(Arguments arguments) {
  std::vector<Value> out;
  for (const Entry& entry : arguments[0].entries()) out.push_back(entry.value);
  return Value::list(std::move(out));
}

Result<Value> get(Arguments arguments) {
  const Value& from = arguments[0];
  const Value& key = arguments[1];
  if (from.is_null()) return Value();
  if (from.is_fields()) {
    auto text = key_text(key);
    if (!text) return wrong_argument(fmt::format("`get` needs a string as key, found {}", describe(key)));
    const Value* found = from.find(*text);
    return found != nullptr ? *found : Value();
  }
  if (from.kind() != ValueKind::list)
    return wrong_argument(fmt::format("`get` looks into maps, records and lists, not {}", describe(from)));
  if (key.kind() != ValueKind::integer)
    return wrong_argument(fmt::format("`get` needs an int for a list, found {}", describe(key)));
  bool inside = key.as_int() >= 0 && static_cast<std::size_t>(key.as_int()) < from.items().size();
  return inside ? from.items()[static_cast<std::size_t>(key.as_int())] : Value();
}

Result<Value> range(Arguments arguments) {
  std::int64_t from = arguments.size() > 1 ? arguments[0].as_int() : 0;
  std::int64_t to = arguments.back().as_int();
  std::int64_t size = 0;
  bool large = __builtin_sub_overflow(to, from, &size) || size > longest_range;
  if (large) {
    return fail(DiagnosticCode::fuel_exhausted,
                fmt::format("`range` makes at most {} numbers", longest_range));
  }
  std::vector<Value> out;
  for (std::int64_t i = from; i < to; ++i) out.push_back(Value::integer(i));
  return Value::list(std::move(out));
}

Result<Value> flatten(Arguments arguments) {
  std::vector<Value> out;
  for (const Value& part : arguments[0].items()) {
    if (part.is_unknown()) return Value::unknown({"flatten", {arguments[0]}});
    if (!part.is_sequence())
      return wrong_argument(fmt::format("`flatten` needs a list of lists, found {} in it", describe(part)));
    out.insert(out.end(), part.items().begin(), part.items().end());
  }
  return Value::list(std::move(out));
}

Result<Value> zip(Arguments arguments) {
  auto left = arguments[0].items();
  auto right = arguments[1].items();
  if (left.size() != right.size())
    return wrong_argument(
        fmt::format("`zip` needs lists of one length, found {} and {}", left.size(), right.size()));
  std::vector<Value> out;
  for (std::size_t i = 0; i < left.size(); ++i) out.push_back(Value::list({left[i], right[i]}));
  return Value::list(std::move(out));
}

Result<Value> merge(Arguments arguments) {
  std::vector<Entry> all;
  for (const Value& part : arguments) all.insert(all.end(), part.entries().begin(), part.entries().end());
  bool map = std::any_of(arguments.begin(), arguments.end(),
                         [](const Value& part) { return part.kind() == ValueKind::map; });
  return map ? Value::map(std::move(all)) : Value::record(std::move(all));
}

Result<Value> first(Arguments arguments) {
  auto items = arguments[0].items();
  return items.empty() ? Value() : items.front();
}
Result<Value> last(Arguments arguments) {
  auto items = arguments[0].items();
  return items.empty() ? Value() : items.back();
}

Result<Value> listed(Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_sequence()) return value;
  return value.is_null() ? Value::list({}) : Value::list({value});
}

Result<Value> index_by(Arguments arguments) {
  std::vector<Entry> out;
  std::set<std::string, std::less<>> seen;
  std::string_view field = arguments[1].text();
  for (const Value& item : arguments[0].items()) {
    if (item.is_unknown()) return Value::unknown({"index_by", {arguments.begin(), arguments.end()}});
    const Value* key = item.find(field);
    if (key != nullptr && key->is_unknown())
      return Value::unknown({"index_by", {arguments.begin(), arguments.end()}});
    if (key != nullptr && key->is_secret()) return fail(decided_by_secret("a key", *key, {}));
    auto text = key == nullptr ? std::nullopt : key_text(*key);
    if (!text) return wrong_argument(fmt::format("`index_by` needs a string `{}` in every item", field));
    if (!seen.insert(*text).second)
      return fail(DiagnosticCode::duplicate_key, fmt::format("two items have the {} `{}`", field, *text));
    out.push_back({Value::string(*text).with_origin(key->origin()), item});
  }
  return Value::map(std::move(out));
}

/// Adds a function that works on the shape of its arguments.
void add(FunctionTable& table, Function function, Function::Body body, Infer infer = nullptr) {
  function.body = body;
  function.infer = infer;
  function.on_secret = OnSecret::shape;
  function.on_unknown = OnUnknown::shape;
  table.add(std::move(function));
}

void add_look_ups(FunctionTable& table) {
  const Parameter map{"from", "map<T>"};
  add(table,
      {"count",
       {{"collection", "collection"}},
       "int",
       "Number of items, entries or fields. For text there is `len`.",
       "count([\"a\", \"b\"])  # 2"},
      count);
  add(table,
      {"keys",
       {map},
       "list<string>",
       "Keys: of a map sorted, of a record as written.",
       "keys({ b = 1, a = 2 })  # [\"b\", \"a\"]"},
      keys);
  add(table,
      {"values", {map}, "list<T>", "Values, in the order of `keys`.", "values({ b = 1, a = 2 })  # [1, 2]"},
      values, result_types::list_of_element);
  add(table,
      {"get",
       {{"from", "T"}, {"key", "T"}},
       "T?",
       "The value of a key (of a list: at a position), or null when it is not there. C0216 for another kind "
       "of key.",
       "get({ a = 1 }, \"b\") ?? 0  # 0"},
      get, result_types::maybe_element);
}

void add_builders(FunctionTable& table) {
  const Parameter list{"items", "list<T>"};
  add(table,
      {"range",
       {{"from_or_end", "int"}, {"end", "int", true}},
       "list<int>",
       "Numbers from 0, or from the first argument, up to but without the end. C0420 above a million.",
       "range(2, 5)  # [2, 3, 4]"},
      range);
  add(table,
      {"flatten",
       {{"lists", "list<list<T>>"}},
       "list<T>",
       "The items of the lists, one level deep.",
       "flatten([[1], [2, 3]])  # [1, 2, 3]"},
      flatten, result_types::inner_list);
  add(table,
      {"zip",
       {{"left", "list<T>"}, {"right", "list<T>"}},
       "list<list<T>>",
       "Pairs of the items at equal positions. C0216 when the lengths differ.",
       "zip([1, 2], [3, 4])  # [[1, 3], [2, 4]]"},
      zip, result_types::pairs);
  add(table,
      {"merge",
       {{"first", "map<T>"}, {"more", "map<T>", false, true}},
       "map<T>",
       "Entries of all; of equal keys the last wins. Not deep.",
       "merge({ a = 1 }, { a = 2, b = 3 })  # { a = 2, b = 3 }"},
      merge, result_types::common);
  add(table,
      {"listed",
       {{"value", "json"}},
       "list<json>",
       "A list as it is, null as a list without items, anything else as its only item: for servers that "
       "write one "
       "and several differently.",
       "listed(\"a\")  # [\"a\"]"},
      listed);
  add(table, {"first", {list}, "T?", "The first item, or null of an empty list.", "first([1, 2])  # 1"},
      first, result_types::maybe_element);
  add(table, {"last", {list}, "T?", "The last item, or null of an empty list.", "last([1, 2])  # 2"}, last,
      result_types::maybe_element);
  add(table,
      {"index_by",
       {list, {"field", "string"}},
       "map<T>",
       "The items as a map, by one of their fields. C0404 when two items have the same, C0216 when one has "
       "none.",
       "index_by([{ name = \"a\" }], \"name\")  # { a = { name = \"a\" } }"},
      index_by, result_types::map_of_element);
}

}  // namespace

void add_collection_functions(FunctionTable& table) {
  add_look_ups(table);
  add_builders(table);
}

}  // namespace carbon
