// Functions that compare or add the items of a list: they need to know them.

#include <fmt/format.h>
#include <algorithm>

#include "engine/expr/arithmetic.h"
#include "engine/expr/operators.h"
#include "engine/expr/wording.h"
#include "stdlib/native/families.h"
#include "stdlib/native/result_types.h"

namespace carbon {

namespace {

bool is_ordered(const Value& value) {
  return value.kind() == ValueKind::integer || value.kind() == ValueKind::floating || value.is_string() ||
         value.kind() == ValueKind::quantity || value.kind() == ValueKind::duration;
}

/// All of one kind that has an order.
Status check_ordered(std::string_view function, std::span<const Value> items) {
  for (const Value& item : items) {
    if (!is_ordered(item) || item.kind() != items.front().kind()) {
      return wrong_argument(fmt::format("`{}` needs numbers, units or strings of one kind, found {}",
                                        function, describe(item)));
    }
  }
  return {};
}

Result<Value> sort(Arguments arguments) {
  auto items = arguments[0].items();
  CARBON_CHECK(check_ordered("sort", items));
  std::vector<Value> out(items.begin(), items.end());
  std::stable_sort(out.begin(), out.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  return Value::list(std::move(out));
}

Result<Value> unique(Arguments arguments) {
  auto items = arguments[0].items();
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return compare(items[a], items[b]) < 0; });
  // Stable: the first of equals comes first.
  auto same = [&](std::size_t a, std::size_t b) { return items[a] == items[b]; };
  order.erase(std::unique(order.begin(), order.end(), same), order.end());
  std::sort(order.begin(), order.end());
  std::vector<Value> out;
  for (std::size_t at : order) out.push_back(items[at]);
  return Value::list(std::move(out));
}

Result<Value> sum(Arguments arguments) {
  auto items = arguments[0].items();
  if (items.empty()) return Value::integer(0);
  if (items.front().is_string() || items.front().is_sequence())
    return wrong_argument(fmt::format("`sum` adds numbers and units, found {}", describe(items.front())));
  Value total = items.front();
  for (const Value& item : items.subspan(1)) total = CARBON_TRY(arithmetic(Operator::add, total, item));
  return total;
}

enum class Extreme : std::uint8_t { least, greatest };

template <Extreme which>
Result<Value> extreme(Arguments arguments) {
  std::string_view name = which == Extreme::least ? "min" : "max";
  bool of_list = arguments.size() == 1 && arguments[0].is_sequence();
  std::span<const Value> items = of_list ? arguments[0].items() : arguments;
  if (items.empty()) return wrong_argument(fmt::format("`{}` of an empty list", name));
  CARBON_CHECK(check_ordered(name, items));
  auto less = [](const Value& a, const Value& b) { return compare(a, b) < 0; };
  return which == Extreme::least ? *std::min_element(items.begin(), items.end(), less)
                                 : *std::max_element(items.begin(), items.end(), less);
}

template <bool wanted>
Result<Value> some(Arguments arguments) {
  for (const Value& item : arguments[0].items()) {
    if (CARBON_TRY(known_bool("an item", item, {})) == wanted) return Value::boolean(wanted);
  }
  return Value::boolean(!wanted);
}

}  // namespace

void add_reduction_functions(FunctionTable& table) {
  auto add = [&](Function function, Function::Body body, Infer infer = nullptr) {
    function.body = body;
    function.infer = infer;
    table.add(std::move(function));
  };
  const Parameter list{"items", "list<T>"};
  const Parameter bools{"items", "list<bool>"};
  const Parameter any_number{"values", "T", false, true};
  add({"sort",
       {list},
       "list<T>",
       "In rising order; strings by their bytes. C0216 for items without an order.",
       "sort([\"b\", \"a\"])  # [\"a\", \"b\"]"},
      sort, result_types::list_of_element);
  add({"unique",
       {list},
       "list<T>",
       "Without repetitions; the first of equal items stays where it is.",
       "unique([2, 1, 2])  # [2, 1]"},
      unique, result_types::list_of_element);
  add({"sum",
       {list},
       "T",
       "The sum of numbers or units; 0 of an empty list. C0210 on overflow.",
       "sum([1Gi, 512Mi])  # 1536Mi"},
      sum, result_types::element);
  add({"min",
       {{"first", "T"}, any_number},
       "T",
       "The least of the arguments, or of the items of one list. C0216 of an empty list.",
       "min(3, 1)  # 1"},
      extreme<Extreme::least>, result_types::element_or_itself);
  add({"max",
       {{"first", "T"}, any_number},
       "T",
       "The greatest of the arguments, or of the items of one list. C0216 of an empty list.",
       "max([3, 1])  # 3"},
      extreme<Extreme::greatest>, result_types::element_or_itself);
  add({"any",
       {bools},
       "bool",
       "Whether one item is true; false of an empty list.",
       "any([false, true])  # true"},
      some<true>);
  add({"all", {bools}, "bool", "Whether every item is true; true of an empty list.", "all([])  # true"},
      some<false>);
}

}  // namespace carbon
