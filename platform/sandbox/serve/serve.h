#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "platform/sandbox/sandbox.h"

namespace carbon::sandbox {

struct ServeOptions {
  int port = 0;            ///< 0: any free one
  std::string kubeconfig;  ///< written with mode 0600; empty: `kubeconfig` in the sandbox's folder
};

/// Where a served world is to be found.
struct ServedPlace {
  std::string server;      ///< https://127.0.0.1:PORT
  std::string kubeconfig;  ///< with the token and the certificate
};

/// Serves the world's Kubernetes API on loopback over TLS with a random token, for kubectl and other clients;
/// `ready` is called once it answers. Time is real: the controllers work in a thread of their own. Ends by
/// SIGINT or SIGTERM, which are taken for that while it runs. Call it from the main thread, without other
/// threads around. Errors: sandbox_failed.
[[nodiscard]] Status serve(Sandbox& world, const ServeOptions& options,
                           const std::function<void(const ServedPlace&)>& ready);

}  // namespace carbon::sandbox
