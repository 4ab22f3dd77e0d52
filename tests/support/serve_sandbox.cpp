// Serves a sandbox world in a folder until SIGTERM, for tests/e2e: serve_sandbox FOLDER [FAULTS [USER...]].
// Prints the kubeconfig's path once it answers.
#include <sys/random.h>
#include <time.h>

#include <cstdio>
#include <cstring>

#include "platform/sandbox/serve/serve.h"

using namespace carbon;

namespace {

int complain(const Error& error) {
  std::fprintf(stderr, "serve_sandbox: %s\n", error.message().c_str());
  for (const std::string& note : error.diagnostic().notes) std::fprintf(stderr, "  %s\n", note.c_str());
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  sandbox::ServeOptions serving;
  if (count > 2 && *arguments[2] != '\0') {
    auto faults = sandbox::FaultSpec::parse(arguments[2]);
    if (!faults) return complain(faults.error());
    serving.faults = *std::move(faults);
  }
  for (int i = 3; i < count; ++i) serving.users.push_back({arguments[i], {}, {}});
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  sandbox::Sandbox::Options options;
  options.folder = arguments[1];
  options.controllers.pod_faults = serving.faults.pods;
  options.wall_clock = std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  if (getrandom(&options.seed, sizeof options.seed, 0) != sizeof options.seed) return 1;
  auto world = sandbox::Sandbox::open(options);
  if (!world) return complain(world.error());
  sandbox::ServeEvents events;
  events.ready = [](const sandbox::ServedPlace& place) {
    std::printf("%s\n", place.kubeconfig.c_str());
    std::fflush(stdout);
  };
  events.database = [](const sandbox::ServedDatabase&) {};
  events.trouble = [](const Error& error) { (void)complain(error); };
  auto served = sandbox::serve(**world, serving, events);
  return served ? 0 : complain(served.error());
}
