#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/kubernetes_controllers/cluster.h"

namespace carbon::sandbox {

/// Something that a pod names and that is not there, in the kubelet's words.
struct MissingReference {
  std::string container;  ///< whose environment needs it; empty for a volume
  std::string message;    ///< `secret "db" not found`, `couldn't find key url in Secret shop/db`
  StoreKey object;        ///< the absent one, or the one that lacks something
};

/// What keeps the kubelet from starting the pod: volumes first, since they are mounted first; then
/// environments. Optional references do not count.
[[nodiscard]] std::vector<MissingReference> missing_volumes(Cluster& cluster, const Value& pod);
[[nodiscard]] std::vector<MissingReference> missing_environment(Cluster& cluster, const Value& pod);

/// What keeps the scheduler from placing it: claims that are absent or not bound. Claims of a class that
/// waits for a consumer are told that this pod has come, and there is no message then.
[[nodiscard]] std::optional<MissingReference> missing_claim(Cluster& cluster, const Value& pod);

}  // namespace carbon::sandbox
