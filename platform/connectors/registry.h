#pragma once

#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/kubernetes/kubeconfig.h"
#include "platform/connectors/postgres/scratch_server.h"

namespace carbon {

/// What the command line says of clusters.
struct KubernetesChoice {
  std::string context;  ///< `--context`: where neither the provider nor else the kubeconfig's current one
  std::string as;       ///< `--as`
  std::vector<std::string> as_groups;
};

/// Makes the connector of a provider, over one Io: Kubernetes for `k8s.Cluster`; HTTP for a connection type
/// that says `base`; SQL for `postgres.Server` and any other that has a `host`. The config is resolved: no
/// secret handle is left in it. References and `scratch`, where
/// schemas are tried, outlive the factory and what it makes. Errors: C0701 for a
/// kubeconfig, C0110 for a kind of connection that this version cannot reach.
[[nodiscard]] ConnectorFactory connector_factory(Io& io, const FunctionTable& functions,
                                                 const KubernetesChoice& choice = {},
                                                 ScratchServer* scratch = nullptr);

/// The endpoint that a SQL provider's config means (`host`, `port`, `user`, `password`, `sslmode`).
[[nodiscard]] SqlEndpoint sql_endpoint(const Value& config);

/// The way to the cluster that a `k8s.Cluster`'s config means: its own `server`, else the kubeconfig. Errors:
/// C0701, also for a context that is not the one of the command line.
[[nodiscard]] Result<KubernetesAccess> kubernetes_access(const Value& config, const KubernetesChoice& choice);

}  // namespace carbon
