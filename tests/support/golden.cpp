#include "tests/support/golden.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

namespace carbon::testing {

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// The first line in which two texts differ, for a person to start from.
void print_difference(const std::string& file, std::string_view wanted, std::string_view found) {
  std::size_t line = 1;
  while (true) {
    std::string_view a = wanted.substr(0, wanted.find('\n'));
    std::string_view b = found.substr(0, found.find('\n'));
    if (a != b || a.size() == wanted.size() || b.size() == found.size()) {
      fmt::print("    {}:{}\n      - {}\n      + {}\n", file, line, a, b);
      return;
    }
    wanted.remove_prefix(a.size() + 1);
    found.remove_prefix(b.size() + 1);
    ++line;
  }
}

std::vector<GoldenCase> cases_of(const std::filesystem::path& stage) {
  std::vector<GoldenCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(stage)) {
    if (!entry.is_directory()) continue;
    std::string name = entry.path().filename().string();
    cases.push_back({entry.path(), name, name.starts_with("fail-")});
  }
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

/// Number of files that differ.
int compare(const GoldenCase& golden, const std::map<std::string, std::string>& files, bool only_existing) {
  int failures = 0;
  for (const auto& [file, found] : files) {
    if (only_existing && !std::filesystem::exists(golden.folder / file)) continue;
    std::string wanted = golden.read(file);
    if (wanted == found) continue;
    fmt::print("FAIL {}\n", golden.name);
    print_difference(file, wanted, found);
    ++failures;
  }
  return failures;
}

void accept(const GoldenCase& golden, const GoldenOutput& output) {
  for (const auto& [file, text] : output.required) write_file(golden.folder / file, text);
  for (const auto& [file, text] : output.optional) {
    if (std::filesystem::exists(golden.folder / file)) write_file(golden.folder / file, text);
  }
}

}  // namespace

std::string GoldenCase::read(const std::string& file) const { return read_file(folder / file); }

int run_golden(const std::filesystem::path& stage,
               const std::function<GoldenOutput(const GoldenCase&)>& run) {
  const char* accepting = std::getenv("CARBON_ACCEPT");
  bool accepts = accepting != nullptr && std::string_view(accepting) == "1";
  int failures = 0;
  std::vector<GoldenCase> cases = cases_of(stage);
  for (const GoldenCase& golden : cases) {
    GoldenOutput output = run(golden);
    if (!output.fault.empty()) {
      fmt::print("FAIL {}\n    {}\n", golden.name, output.fault);
      ++failures;
    } else if (accepts) {
      accept(golden, output);
    } else {
      failures += compare(golden, output.required, false) + compare(golden, output.optional, true);
    }
  }
  fmt::print("{} cases, {} failures{}\n", cases.size(), failures, accepts ? "; files written" : "");
  if (failures != 0 || cases.empty()) return 1;
  return accepts ? 77 : 0;
}

}  // namespace carbon::testing
