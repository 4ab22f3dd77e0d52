#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/store/lease.h"
#include "platform/store/shared_cluster.h"

namespace carbon {

/// The lease of a store in Kubernetes: a Lease of coordination.k8s.io, whose `leaseTransitions` are the
/// epoch. docs/formats/kubernetes-inventory.md says when it has expired.
class KubernetesLease : public LeaseServer {
 public:
  KubernetesLease(SharedCluster cluster, const std::string& store)
      : session_(std::move(cluster), Duration{Lease::length().nanoseconds / 3}),
        key_(inventory_key(store)),
        store_(store) {}

  Result<std::optional<std::string>> take(const LockHolder& holder, const std::string& dead) override;
  Result<LockState> state() override;
  Result<bool> renew(const std::string& epoch) override;
  void let_go(const std::string& epoch) override;

  /// Says what the holder of that epoch runs, for people. Best effort.
  void describe(const LockHolder& holder, const std::string& epoch);
  /// Takes it from the holder of that epoch. False: another one has it by now, or nobody.
  Result<bool> take_away(const std::string& epoch);

 private:
  /// What the server says of it.
  struct Seen {
    std::string version;  ///< resourceVersion
    std::string epoch;
    std::string identity;  ///< holderIdentity
    std::string holder;    ///< of the annotation
    std::int64_t seconds = 0;
    std::optional<std::int64_t> age;  ///< nanoseconds since it was written, by the server's clock
  };
  /// Nothing: it was never there.
  Result<std::optional<Seen>> look();
  [[nodiscard]] bool expired(const Seen& seen);
  [[nodiscard]] std::string path() const { return session_.leases() + "/carbon-" + key_; }
  /// A merge patch on that version: its reply's code.
  Result<bool> patch(const std::string& version, const std::string& fields);

  ClusterSession session_;
  std::string key_;
  std::string store_;
  std::string version_;  ///< as this process wrote it last
  /// A version and when it was seen first, by the clock of this machine.
  std::string watched_;
  std::int64_t watched_since_ = 0;
};

}  // namespace carbon
