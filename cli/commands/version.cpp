#include <fmt/core.h>

#include "cli/commands/commands.h"
#include "cli/version.h"

namespace carbon {

ExitCode run_version(const Options&) {
  fmt::print("carbon {}\n", tool_version);
  return ExitCode::success;
}

}  // namespace carbon
