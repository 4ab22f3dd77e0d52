#pragma once

#include <functional>
#include <string>

#include <vector>

#include "base/result.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/serve/authenticator.h"
#include "platform/sandbox/serve/fault_spec.h"
#include "platform/sandbox/serve/served_databases.h"

namespace carbon::sandbox {

struct ServeOptions {
  int port = 0;                   ///< 0: any free one
  std::string kubeconfig;         ///< written with mode 0600; empty: `kubeconfig` in the sandbox's folder
  std::vector<ServedUser> users;  ///< each gets a token, and a context of its name
  FaultSpec faults;               ///< of requests; those of pods are the world's (Sandbox::Options)
};

/// Where a served world is to be found.
struct ServedPlace {
  std::string server;      ///< https://127.0.0.1:PORT
  std::string kubeconfig;  ///< with the token and the certificate
};

/// What happens while a world is served; all must be set. Called from the thread that serves.
struct ServeEvents {
  std::function<void(const ServedPlace&)> ready;  ///< once, when it answers
  ServedDatabases::Ready database;                ///< for each database server that runs
  ServedDatabases::Trouble trouble;               ///< a database server that does not start
};

/// Serves the world's Kubernetes API on loopback over TLS with random tokens, for kubectl and other clients,
/// and keeps its database servers running. Time is real: the controllers work in a thread of their own. Ends
/// by SIGINT or SIGTERM, which are taken for that while it runs. Call it from the main thread, without other
/// threads around. Errors: sandbox_failed.
[[nodiscard]] Status serve(Sandbox& world, const ServeOptions& options, const ServeEvents& events);

}  // namespace carbon::sandbox
