#pragma once

#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"

namespace carbon {

/// Makes the connector of a provider, over one Io: Kubernetes for `k8s.Cluster`; SQL for `postgres.Server`
/// and any other connection type that has a `host`. The config is resolved: no secret handle is left in it.
/// Both arguments outlive the factory and what it makes. Errors: C0701 for a kubeconfig, C0110 for a kind of
/// connection that this version cannot reach.
[[nodiscard]] ConnectorFactory connector_factory(Io& io, const FunctionTable& functions);

/// The endpoint that a SQL provider's config means (`host`, `port`, `user`, `password`, `sslmode`).
[[nodiscard]] SqlEndpoint sql_endpoint(const Value& config);

/// The endpoint that a `k8s.Cluster`'s config means: its own `server`, else the kubeconfig.
[[nodiscard]] Result<HttpEndpoint> kubernetes_endpoint(const Value& config);

}  // namespace carbon
