#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace carbon::testing {

/// One folder of tests/golden/<stage>. Its name starts with `okay-` or `fail-`.
struct GoldenCase {
  std::filesystem::path folder;
  std::string name;
  bool must_fail = false;

  /// Text of a file of the case; empty when it is not there.
  [[nodiscard]] std::string read(const std::string& file) const;
};

/// What a stage makes of a case: by file name the text that the file must hold. A file of `optional` is
/// compared only where the case has it. `fault`, if set, fails the case whatever the files say.
struct GoldenOutput {
  std::map<std::string, std::string> required;
  std::map<std::string, std::string> optional;
  std::string fault;
};

/// Runs every case of a stage's folder and prints what differs. The exit code: 0, 1 when something differs,
/// or 77 (skipped) when CARBON_ACCEPT=1 made it write the files instead.
[[nodiscard]] int run_golden(const std::filesystem::path& stage,
                             const std::function<GoldenOutput(const GoldenCase&)>& run);

}  // namespace carbon::testing
