// What the Kubernetes types cost a process: registering them at every start, and the first use of a kind.

#include <chrono>
#include <cstdio>

#include "stdlib/k8s/schema.h"

using namespace carbon;

namespace {

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

}  // namespace

int main() {
  ResourceTypes types;
  auto start = Clock::now();
  add_kubernetes_types(types);
  std::printf("add_kubernetes_types   %8.1f us\n", microseconds_since(start));

  for (const char* name : {"k8s.Deployment", "k8s.StatefulSet", "k8s.ConfigMap"}) {
    start = Clock::now();
    const ResourceType* type = types.find(name);
    std::printf("%-22s %8.1f us%s\n", name, microseconds_since(start), type == nullptr ? " missing" : "");
  }

  ResourceTypes all;
  add_kubernetes_types(all);
  start = Clock::now();
  for (const std::string& name : all.names("k8s")) static_cast<void>(all.find(name));
  std::printf("all kinds              %8.1f us\n", microseconds_since(start));
}
