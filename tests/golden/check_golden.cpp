// tests/golden/check: a platform to the static types of its names in order of evaluation, or to errors.

#include <fmt/format.h>

#include "tests/support/golden_platform.h"

using namespace carbon;

namespace {

std::string describe(const Scope& scope, const std::string& indent) {
  std::string out;
  for (std::uint32_t index : scope.order) {
    const Declaration& each = scope.declarations[index];
    std::string type = each.type != nullptr ? to_string(*each.type) : "(known by evaluation)";
    out += fmt::format("{}{} : {}\n", indent, each.name, type);
  }
  return out;
}

std::string describe(const Program& program) {
  std::string out;
  for (std::uint32_t index : program.package_order) {
    const Package& package = program.packages[index];
    if (package.path.starts_with("std/")) continue;
    out += fmt::format("package {}\n{}", package.path.empty() ? "(root)" : package.path,
                       describe(package.scope, "  "));
  }
  for (const Component& component : program.components)
    out += fmt::format("component {}\n{}", component.name, describe(component.scope, "  "));
  return out;
}

}  // namespace

int main(int, char** arguments) {
  return testing::run_golden(arguments[1], [](const testing::GoldenCase& golden) {
    testing::GoldenPlatform platform(golden);
    platform.check();
    return platform.output("expected.types", describe(platform.program()));
  });
}
