#pragma once

#include "platform/sandbox/kubernetes_controllers/cluster.h"

namespace carbon::sandbox {

/// True when the claim's StorageClass binds at the first pod that uses it (WaitForFirstConsumer). A class
/// that does not exist binds at once: the sandbox stands for clusters whose classes it cannot know.
[[nodiscard]] bool waits_for_consumer(Cluster& cluster, const Value& claim);

/// What the scheduler does when a pod wants such a claim: names the node on it.
void announce_consumer(Cluster& cluster, const Value& claim);

}  // namespace carbon::sandbox
