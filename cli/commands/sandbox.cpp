#include <fmt/core.h>

#include "cli/commands/commands.h"

namespace carbon {

ExitCode run_sandbox_serve(const Options&) {
  fmt::print(stderr, "carbon: the sandbox is not part of this build\n");
  return ExitCode::error;
}

}  // namespace carbon
