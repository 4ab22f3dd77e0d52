#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ports/io.h"

namespace carbon {

/// Where to look for the way to an API server. Paths as the user wrote them.
struct KubeconfigQuery {
  std::string path;        ///< one file, written by the user; it must exist
  std::string list;        ///< $KUBECONFIG: several files with `:` between them; missing ones are left out
  std::string home;        ///< $HOME, for `.kube/config` where neither is given
  std::string context;     ///< empty: the current one
  std::string in_cluster;  ///< $KUBERNETES_SERVICE_HOST:PORT, used where there is no file at all
  std::string account_dir = "/var/run/secrets/kubernetes.io/serviceaccount";

  /// The query that kubectl would make in this process.
  [[nodiscard]] static KubeconfigQuery from_environment(std::string path, std::string context);
};

/// How a context reaches its cluster.
struct KubernetesAccess {
  HttpEndpoint endpoint;
  std::string context;
  std::string default_namespace;  ///< of the context; empty where it says none
};

/// Merges the files as client-go does (clientcmd, "Loading rules": of entries of one name the first file's
/// wins) and resolves the context. Relative paths in a file start at that file's folder. TLS is always
/// verified: `insecure-skip-tls-verify` is refused. So are logins that would run programs (`exec`,
/// `auth-provider`; C0110), impersonation and per-cluster proxies. Errors: C0701 with the file, what is wrong
/// and what to do.
[[nodiscard]] Result<KubernetesAccess> load_kubeconfig(const KubeconfigQuery& query);

}  // namespace carbon
