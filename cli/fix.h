#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/compile.h"
#include "cli/options.h"

namespace carbon {

/// One fix that was made. The place is in the text that this fix found.
struct FixNote {
  std::string path;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  DiagnosticCode code{};
  std::string message;  ///< of the diagnostic
  std::string change;   ///< `` `dat` -> `data` ``
};

struct FixedFile {
  std::string path;  ///< beneath the package root
  std::string before;
  std::string after;
};

/// A platform with its safe fixes made, in memory.
struct FixedPlatform {
  std::unique_ptr<Compiled> compiled;  ///< of the texts after the last fix
  std::vector<FixedFile> files;        ///< those that differ, by path
  std::vector<FixNote> fixes;          ///< in the order in which they were made
};

/// Compiles, makes the safe fixes and compiles again, until none is left or `most_fix_rounds` are done. A fix
/// that would make its file parse worse is left out. Writes nothing.
[[nodiscard]] FixedPlatform fix_platform(const Options& options);
constexpr int most_fix_rounds = 16;

/// Writes the texts, each in one step. A file that holds something else than what was fixed is left alone.
/// Errors: C0908 of the first file that could not be written; the files before it are.
[[nodiscard]] Status write_fixed(const FixedPlatform& fixed);

}  // namespace carbon
