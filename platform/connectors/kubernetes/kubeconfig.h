#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ports/io.h"
#include "platform/connectors/kubernetes/login.h"

namespace carbon {

/// Where to look for the way to an API server. Paths as the user wrote them.
struct KubeconfigQuery {
  std::string path;        ///< one file, written by the user; it must exist
  std::string list;        ///< $KUBECONFIG: several files with `:` between them; missing ones are left out
  std::string home;        ///< $HOME, for `.kube/config` where neither is given
  std::string context;     ///< empty: the current one
  std::string in_cluster;  ///< $KUBERNETES_SERVICE_HOST:PORT, used where there is no file at all
  std::string as;          ///< `--as`: instead of the file's
  std::vector<std::string> as_groups;  ///< `--as-group`
  std::string exec_plugins;            ///< the file that says which programs may be run for a login
  std::string account_dir = "/var/run/secrets/kubernetes.io/serviceaccount";

  /// The query that kubectl would make in this process.
  [[nodiscard]] static KubeconfigQuery from_environment(std::string path, std::string context);
};

/// How a context reaches its cluster.
struct KubernetesAccess {
  HttpEndpoint endpoint;
  KubernetesLogin login;  ///< what keeps the endpoint's credentials fresh
  std::string context;
  std::string default_namespace;  ///< of the context; empty where it says none
};

/// What the query says of whom to act as, into the login. Errors: C0701.
[[nodiscard]] Status impersonate(const KubeconfigQuery& query, KubernetesLogin& login);

/// Merges the files as client-go does (clientcmd, "Loading rules": of entries of one name the first file's
/// wins) and resolves the context. Relative paths in a file start at that file's folder. TLS is always
/// verified: `insecure-skip-tls-verify` is refused. So are `auth-provider`, passwords, programs that the user
/// has not allowed (exec_plugin.h) and per-cluster proxies (C0110). No program is run here. Errors: C0701
/// with the file, what is wrong and what to do.
[[nodiscard]] Result<KubernetesAccess> load_kubeconfig(const KubeconfigQuery& query);

}  // namespace carbon
