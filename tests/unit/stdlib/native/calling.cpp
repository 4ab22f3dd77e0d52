#include "tests/unit/stdlib/native/calling.h"

#include "base/value_json.h"
#include "engine/expr/call.h"
#include "stdlib/native/builtins.h"

namespace carbon {

const FunctionTable& builtins() {
  static const FunctionTable table = [] {
    FunctionTable made;
    add_builtins(made);
    return made;
  }();
  return table;
}

Result<Value> called(std::string_view name, std::vector<Value> arguments) {
  const Function* function = builtins().find(name);
  if (function == nullptr) return fail(DiagnosticCode::unknown_function, "no such function");
  CARBON_CHECK(check_arguments(*function, arguments, {}, {}));
  return call(*function, std::move(arguments));
}

std::string shown(std::string_view name, std::vector<Value> arguments) {
  Result<Value> value = called(name, std::move(arguments));
  return value ? to_json(*value) : to_string(value.error().code());
}

Value operator""_v(const char* text, std::size_t size) { return Value::string({text, size}); }

Value fields(std::vector<std::pair<std::string_view, Value>> all) {
  std::vector<Entry> entries;
  for (auto& [name, value] : all) entries.push_back({Value::string(name), value});
  return Value::record(std::move(entries));
}

Value unknown() { return Value::unknown_attribute("a", "b"); }
Value secret() { return Value::secret({"secret.env", {Value::string("TOKEN")}}); }

}  // namespace carbon
