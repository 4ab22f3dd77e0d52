#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "platform/sandbox/kubernetes/server.h"
#include "platform/sandbox/kubernetes_controllers/cluster.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

/// Stand-ins for kube-controller-manager, scheduler and kubelet, without containers: objects reach the states
/// that they would reach, after the times of `Options`, and workloads whose references are missing do not.
/// Faults on request: annotation `sandbox.carbon.dev/fault` on a pod template, one of `crash-loop`,
/// `image-pull`, `unschedulable`, `oom` or `slow=30s`.
///
/// Nothing runs by itself: tick() does all that is due at a time. A new instance first looks at all objects,
/// since it cannot know what an earlier process left undone. Same thread as the server.
class Controllers {
 public:
  using Options = ControllerTimes;

  Controllers(KubernetesSandbox& server, Options options) : cluster_(server), options_(options) {}

  /// Works until nothing is left to do at that time.
  void tick(const Occasion& occasion);
  /// When the next work is due without anybody writing; nothing when there is none.
  [[nodiscard]] std::optional<std::int64_t> next_due() const;
  /// What has been done since the beginning: objects looked at and selectors compared with labels.
  [[nodiscard]] std::size_t work_done() { return cluster_.looks() + cluster_.selection().comparisons(); }

 private:
  /// Ordered by rank, so that services see the pods of a whole wave at once.
  struct Item {
    std::size_t rank = 0;  ///< row of the table of reconcilers
    StoreKey key;
    friend auto operator<=>(const Item&, const Item&) = default;
  };

  void look_at_everything();
  void take_changes();
  void take_change(const ObjectChange& change);
  void queue(const StoreKey& key);
  void queue_owner(const Value& object);
  void follow_selection(const StoreKey& key, const Value* present);
  void queue_waiting(const StoreKey& key);
  void look_again(const Item& item, std::optional<std::int64_t> time);
  void wait_for(const Item& item, const std::optional<StoreKey>& key);
  void take_due();
  void work_on(const Item& item);

  Cluster cluster_;
  Options options_;
  bool started_ = false;
  std::int64_t seen_ = 0;  ///< revision up to which changes are taken
  std::set<Item> queue_;
  std::map<Item, std::int64_t> due_;               ///< when to look again
  std::set<std::pair<std::int64_t, Item>> times_;  ///< the same in order of time
  std::map<Item, StoreKey> lacks_;                 ///< what an object waits for
  std::map<StoreKey, std::set<Item>> waiting_;     ///< the same the other way round
};

}  // namespace carbon::sandbox
