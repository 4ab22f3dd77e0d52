#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/commands/running.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/serve/serve.h"

namespace carbon {

namespace {

/// `NAME` or `NAME=GROUP,GROUP`.
Result<std::vector<sandbox::ServedUser>> served_users(const std::vector<std::string>& written) {
  std::vector<sandbox::ServedUser> users;
  for (const std::string& word : written) {
    std::size_t equals = word.find('=');
    sandbox::ServedUser user{word.substr(0, equals), {}, {}};
    std::string_view groups =
        equals == std::string::npos ? std::string_view() : std::string_view(word).substr(equals + 1);
    while (!groups.empty()) {
      std::size_t end = std::min(groups.find(','), groups.size());
      user.groups.emplace_back(groups.substr(0, end));
      groups.remove_prefix(std::min(end + 1, groups.size()));
    }
    bool taken = user.name == "sandbox" || std::any_of(users.begin(), users.end(), [&](const auto& other) {
                   return other.name == user.name;
                 });
    if (user.name.empty() || taken) {
      return fail(Error(DiagnosticCode::bad_usage, fmt::format("`--user {}` names no other user", word))
                      .help("write `--user NAME` or `--user NAME=GROUP,GROUP`, each name once; `sandbox` is "
                            "the user who may do everything"));
    }
    users.push_back(std::move(user));
  }
  return users;
}

}  // namespace

ExitCode run_sandbox_serve(const Options& options) {
  std::string folder =
      (std::filesystem::absolute(options.directory) / ".carbon/sandbox").lexically_normal().string();
  sandbox::ServeOptions serving;
  auto users = served_users(options.sandbox_users);
  if (!users) return report(users.error(), SourceMap(), options);
  serving.users = *std::move(users);
  if (!options.faults.empty()) {
    auto faults = sandbox::FaultSpec::parse(options.faults);
    if (!faults) return report(faults.error(), SourceMap(), options);
    serving.faults = *std::move(faults);
  }
  auto world = open_sandbox(folder, serving.faults.pods);
  if (!world) return report(world.error(), SourceMap(), options);
  if ((*world)->served()) {
    return report(Error(DiagnosticCode::sandbox_failed,
                        fmt::format("this sandbox is served already, at {}", (*world)->served()->name))
                      .note("the sandbox is " + folder)
                      .help("use the kubeconfig that it has printed, or end it first"),
                  SourceMap(), options);
  }
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
