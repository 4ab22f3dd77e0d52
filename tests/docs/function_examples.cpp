// The example of every built-in function, `EXPRESSION  # RESULT` in its registration, gives that result; one
// without a result is an expression that the checker takes.
//   function-examples-test

#include <fmt/format.h>
#include <stdlib.h>
#include <fstream>
#include <string>
#include <vector>

#include "platform/yaml/yaml.h"
#include "stdlib/native/builtins.h"
#include "tests/support/golden_platform.h"

using namespace carbon;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view platform = R"(import "std/k8s"
resource main : k8s.ConfigMap { protect, data = { greeting = "hello" } }
)";

/// Those that only statements of a resource type may call: here they are called with the value of the
/// argument.
bool is_for_statements(std::string_view name) {
  return name == "ident" || name == "literal" || name == "literal_or_default";
}

struct Example {
  std::string expression;
  std::string result;  ///< empty when none is shown
};

Example example_of(const Function& function) {
  std::size_t at = function.example.rfind("  # ");
  if (at == std::string::npos) return {function.example, ""};
  return {function.example.substr(0, at), function.example.substr(at + 4)};
}

/// What the platform with this text more says: errors of the checker, or its tests.
std::string judged(const std::string& text) {
  std::string name = (fs::temp_directory_path() / "carbon-examples-XXXXXX").string();
  fs::path folder = ::mkdtemp(name.data());
  std::ofstream(folder / "input.carbon") << platform << text;
  testing::GoldenPlatform golden({folder, "example", false});
  golden.check();
  std::string said = golden.sink().has_errors() ? golden.text() : golden.run_tests();
  fs::remove_all(folder);
  return said;
}

bool holds(const std::string& expression, const std::string& result, std::string& said) {
  said = judged(fmt::format("test \"example\" {{ expect ({}) == {} }}\n", expression, result));
  return said.starts_with("ok ");
}

/// `ident("a")`: the function's body with the value of what stands in brackets.
bool body_holds(const Function& function, const Example& example, std::string& said) {
  std::size_t begin = example.expression.find('(');
  std::string argument = example.expression.substr(begin + 2, example.expression.rfind(')') - begin - 3);
  std::vector<Value> arguments{Value::string(argument)};
  Result<Value> value = function.body(arguments);
  if (!value) return false;
  std::string quoted;
  for (char c : value->text()) quoted += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  said = fmt::format("\"{}\"", quoted);
  return said == example.result;
}

bool is_good(const Function& function, std::string& said) {
  Example example = example_of(function);
  if (is_for_statements(function.name)) return body_holds(function, example, said);
  if (!example.result.empty()) return holds(example.expression, example.result, said);
  bool of_type = example.expression.find("self.") != std::string::npos;
  if (of_type) return true;
  said = judged(fmt::format("let example = {}\n", example.expression));
  return said.empty();
}

}  // namespace

int main() {
  FunctionTable functions;
  add_builtins(functions);
  add_yaml_decode(functions, [](std::span<const Value> given) { return parse_yaml(given[0].text()); });
  std::size_t read = 0;
  std::size_t bad = 0;
  for (std::string_view name : functions.names()) {
    ++read;
    std::string said;
    if (is_good(*functions.find(name), said)) continue;
    ++bad;
    fmt::print("{}: {}\n{}\n", name, functions.find(name)->example, said);
  }
  std::string said;
  bool strict = !holds("1 + 1", "3", said) && !holds("nothing", "1", said);
  fmt::print("{} examples, {} bad\n", read, bad);
  return read > 0 && bad == 0 && strict ? 0 : 1;
}
