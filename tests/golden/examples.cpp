// Every platform under examples/ checks and expands in each of its environments.

#include <fmt/format.h>
#include <algorithm>

#include "tests/support/golden_platform.h"

using namespace carbon;

namespace {

/// Number of resources; 0 after printing what is wrong.
std::size_t expand_in(const testing::GoldenCase& example, const std::optional<std::string>& environment) {
  testing::GoldenPlatform platform(example);
  platform.check();
  Expansion expansion = platform.expand(environment);
  if (platform.sink().has_errors()) {
    fmt::print("FAIL {} in {}\n{}", example.name, environment.value_or("no environment"), platform.text());
    return 0;
  }
  return expansion.graph.resources().size();
}

}  // namespace

int main(int, char** arguments) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    bool platform = std::any_of(std::filesystem::directory_iterator(entry.path()), {},
                                [](const auto& file) { return file.path().extension() == ".carbon"; });
    if (platform) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  bool good = !folders.empty();
  for (const std::filesystem::path& folder : folders) {
    testing::GoldenCase example{folder, folder.filename().string(), false};
    testing::GoldenPlatform declared(example);
    declared.check();
    std::vector<std::optional<std::string>> environments;
    for (const Environment& each : declared.program().environments) environments.emplace_back(each.name);
    if (environments.empty()) environments.emplace_back(std::nullopt);
    for (const auto& environment : environments) {
      std::size_t resources = expand_in(example, environment);
      fmt::print("{} {}: {} resources\n", example.name, environment.value_or("default"), resources);
      good = good && resources != 0;
    }
  }
  return good ? 0 : 1;
}
