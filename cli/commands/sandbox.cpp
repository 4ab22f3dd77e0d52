#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

#include "cli/commands/running.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/serve/serve.h"

namespace carbon {

ExitCode run_sandbox_serve(const Options& options) {
  std::string folder =
      (std::filesystem::absolute(options.directory) / ".carbon/sandbox").lexically_normal().string();
  auto world = open_sandbox(folder);
  if (!world) return report(world.error(), SourceMap(), options);
  if ((*world)->served()) {
    return report(Error(DiagnosticCode::sandbox_failed,
                        fmt::format("this sandbox is served already, at {}", (*world)->served()->name))
                      .note("the sandbox is " + folder)
                      .help("use the kubeconfig that it has printed, or end it first"),
                  SourceMap(), options);
  }
  sandbox::ServeOptions serving;
  serving.port = options.port;
  serving.kubeconfig = options.kubeconfig_out;
  sandbox::ServeEvents events;
  events.ready = [](const sandbox::ServedPlace& place) {
    fmt::print("serving {}\nkubectl --kubeconfig {} get all --all-namespaces\n", place.server,
               place.kubeconfig);
    fmt::print("Ctrl-C ends it. PostgreSQL servers follow as they start:\n");
    std::fflush(stdout);
  };
  events.database = [](const sandbox::ServedDatabase& database) {
    fmt::print("{}  # {}\n", database.psql, database.endpoint);
    std::fflush(stdout);
  };
  events.trouble = [&](const Error& error) { (void)report(error, SourceMap(), options); };
  Status served = sandbox::serve(**world, serving, events);
  if (!served) return report(served.error(), SourceMap(), options);
  return ExitCode::success;
}

}  // namespace carbon
