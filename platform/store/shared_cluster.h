#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"
#include "engine/ports/io.h"
#include "platform/connectors/kubernetes/api_client.h"
#include "platform/connectors/kubernetes/kubeconfig.h"

namespace carbon {

/// The namespace of a cluster that a shared inventory is kept in.
struct SharedCluster {
  KubernetesAccess access;
  std::string name_space;
  /// Of which it must have one, where any are named: the uid of its namespace `kube-system`. A kubeconfig's
  /// current context alone must never decide what is written to.
  std::vector<std::string> uids = {};
  /// A way to the network of its own: a store waits for its answers while the loop of a run stands still.
  std::function<std::unique_ptr<Io>()> make_io;

  [[nodiscard]] std::string place() const { return access.endpoint.name + ", namespace " + name_space; }
};

/// Asks the API server of that cluster and waits for the answer. For one thread.
class ClusterSession {
 public:
  /// `timeout`: of each request.
  explicit ClusterSession(SharedCluster cluster, Duration timeout = Duration{30'000'000'000});

  /// Reads are repeated while that can help; writes are sent once.
  [[nodiscard]] HttpReply read(std::string target);
  [[nodiscard]] HttpReply write(std::string method, std::string target, std::string body);
  /// A patch of RFC 7396.
  [[nodiscard]] HttpReply merge(std::string target, std::string body);
  /// Errors: C0711 for a cluster of another uid, C0912.
  [[nodiscard]] Status check_uid();
  /// C0912: what the server said, or that it said nothing.
  [[nodiscard]] Error failure(const HttpReply& reply) const;

  /// `/api/v1/namespaces/N/configmaps`, and its like.
  [[nodiscard]] std::string configmaps() const;
  [[nodiscard]] std::string secrets() const;
  [[nodiscard]] std::string leases() const;
  [[nodiscard]] const SharedCluster& cluster() const { return cluster_; }

 private:
  SharedCluster cluster_;
  std::unique_ptr<Io> io_;
  KubernetesClient client_;
};

/// What stands for a store in the names of its objects and in their label: its name where that can be part of
/// a name of Kubernetes (RFC 1123), else that with what cannot replaced and 8 digits of its SHA-256.
[[nodiscard]] std::string inventory_key(const std::string& store);
inline constexpr std::string_view inventory_label = "carbon.dev/inventory";

}  // namespace carbon
