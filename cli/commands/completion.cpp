#include <fmt/core.h>

#include "cli/commands/commands.h"
#include "cli/views/completion_view.h"

namespace carbon {

ExitCode run_completion(const Options& options) {
  fmt::print("{}", completion_script(options.words, options.shell));
  return ExitCode::success;
}

ExitCode run_manual(const Options& options) {
  fmt::print("{}", manual_page(options.words));
  return ExitCode::success;
}

}  // namespace carbon
