#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/kubernetes_log.h"
#include "platform/store/lease.h"
#include "platform/store/shared_cluster.h"
#include "platform/store/store.h"

namespace carbon {

/// Inventory and journal of one (platform, environment, world) in Kubernetes, shared by machines. Format:
/// docs/formats/kubernetes-inventory.md. Used by one thread, beside the one that renews the lease. Memory:
/// all that is stored.
class KubernetesStore : public Store {
 public:
  /// Errors: C0711 for another cluster, C0905 when another holds the lease (says who), C0906 for another
  /// format or a part that is damaged or gone, C0912 when the API server cannot be reached or refuses.
  static Result<std::unique_ptr<KubernetesStore>> open(const SharedCluster& cluster, const StoreName& name,
                                                       Access access, const LockRequest& request = {});

  Result<Inventory> load() override;
  Status update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) override;

  Status append(const std::vector<JournalEvent>& events) override;
  Status append(const std::vector<JournalEvent>& events, const std::vector<InventoryEntry>& put,
                const std::vector<Address>& remove) override;
  Result<std::vector<JournalEvent>> unfinished() override;
  Result<bool> intended(std::string_view token) override;
  Result<bool> use_plan(const std::string& plan_id, const std::string& nonce) override;
  Status keep_plan(const std::string& run, const std::string& plan) override;
  Result<std::string> plan_of(const std::string& run) override;
  Result<std::vector<JournalEvent>> history() override;
  Result<bool> plan_was_used(const std::string& plan_id, const std::string& nonce) override;
  Result<LockState> lock_state() override;
  Status break_lock(const LockState& seen) override;
  Result<StoreContent> content() override;
  Status take_over(const StoreContent& content) override;
  Result<std::string> moved_to() override;
  Status retire(const std::string& moved_to) override;
  [[nodiscard]] std::string place() const override { return cluster_.place(); }
  [[nodiscard]] bool may_send() const override { return lease_ != nullptr && lease_->usable(); }
  Result<std::optional<std::string>> shared_key(const std::string& proposed) override;

 private:
  KubernetesStore(const SharedCluster& cluster, StoreName name)
      : cluster_(cluster), name_(std::move(name)), log_(cluster, name_.text()) {}
  /// Behind a look at the lease.
  Status write(const std::string& record);
  /// Says in the lease which run has begun.
  void describe_run(const std::vector<JournalEvent>& events);

  SharedCluster cluster_;
  StoreName name_;
  KubernetesLog log_;
  std::unique_ptr<Lease> lease_;
};

}  // namespace carbon
