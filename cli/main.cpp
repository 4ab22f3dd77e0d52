#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <system_error>

#include "cli/commands/running.h"
#include "cli/version.h"
#include "platform/log/log_file.h"

namespace {

using carbon::log_file::info;

struct Verb {
  std::string_view name;
  carbon::ExitCode (*run)(const carbon::Options& options);
};

constexpr std::array<Verb, 29> verbs{{
    {"check", carbon::run_check},
    {"plan", carbon::run_plan},
    {"show", carbon::run_show},
    {"comment", carbon::run_comment},
    {"apply", carbon::run_apply},
    {"destroy", carbon::run_destroy},
    {"resume", carbon::run_resume},
    {"undo", carbon::run_undo},
    {"test", carbon::run_test_command},
    {"list", carbon::run_list},
    {"runs", carbon::run_runs},
    {"why", carbon::run_why},
    {"get", carbon::run_get},
    {"graph", carbon::run_graph},
    {"render", carbon::run_render},
    {"eval", carbon::run_eval},
    {"console", carbon::run_console},
    {"fmt", carbon::run_fmt},
    {"explain", carbon::run_explain},
    {"lsp", carbon::run_lsp},
    {"sandbox", carbon::run_sandbox_serve},
    {"convert", carbon::run_convert},
    {"version", carbon::run_version},
    {"completion", carbon::run_completion},
    {"manual", carbon::run_manual},
    {"adopt", carbon::run_adopt},
    {"inventory", carbon::run_inventory},
    {"lock", carbon::run_lock},
    {"support-bundle", carbon::run_support_bundle},
}};

/// Secrets are in memory for a moment: no core dump may keep them, and no other process of this user may
/// look.
void keep_memory_private() {
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

/// Printing throws when it fails. A reader that leaves early (`carbon list | head`) is told nothing more.
int run(const Verb& verb, const carbon::Options& options) {
  auto began = std::chrono::steady_clock::now();
  try {
    info(fmt::format("carbon {} {} in {}", carbon::tool_version, options.command, options.directory));
    int code = static_cast<int>(verb.run(options));
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    info(fmt::format("exit {} after {:.3f} s", code, took.count()));
    return code;
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::broken_pipe) std::fprintf(stderr, "carbon: %s\n", error.what());
    return static_cast<int>(carbon::ExitCode::error);
  }
}

}  // namespace

int main(int count, char** arguments) {
  keep_memory_private();
  std::signal(SIGPIPE, SIG_IGN);
  carbon::Options options;
  if (auto code = carbon::read_command_line(count, arguments, options)) return *code;
  if (!options.log_file.empty()) {
    using carbon::log_file::Level;
    auto opened = carbon::log_file::open(options.log_file, options.trace ? Level::trace : Level::normal);
    if (!opened) return static_cast<int>(carbon::report(opened.error(), carbon::SourceMap(), options));
  }
  for (const Verb& verb : verbs) {
    if (verb.name == options.command) return run(verb, options);
  }
  // read_command_line accepts the commands of the table alone.
  return static_cast<int>(carbon::ExitCode::error);
}
