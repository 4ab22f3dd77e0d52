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
    return report(Error(DiagnosticCode::sandbox_failed, fmt::format("{} is served already", folder))
                      .help("its kubeconfig is " + folder + "/kubeconfig"),
                  SourceMap(), options);
  }
  sandbox::ServeOptions serving;
  serving.port = options.port;
  serving.kubeconfig = options.kubeconfig_out;
  Status served = sandbox::serve(**world, serving, [](const sandbox::ServedPlace& place) {
    fmt::print("serving {}\nkubectl --kubeconfig {} get all --all-namespaces\nCtrl-C ends it.\n",
               place.server, place.kubeconfig);
    std::fflush(stdout);
  });
  if (!served) return report(served.error(), SourceMap(), options);
  return ExitCode::success;
}

}  // namespace carbon
