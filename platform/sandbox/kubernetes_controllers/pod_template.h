#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

/// Pods of one workload by what they are good for.
struct PodCounts {
  std::int64_t total = 0;  ///< those that are neither ended nor going
  std::int64_t ready = 0;
  std::int64_t available = 0;  ///< ready for at least minReadySeconds
};

/// A new pod as a workload's controller makes it.
struct NewPod {
  std::string_view owner_storage;
  const Value& owner;
  const Value& pod_template;
  std::string name;  ///< one that ends with `-` gets five random characters
  std::vector<std::pair<std::string_view, std::string>> labels = {};  ///< besides the template's
};

/// The pod object; not yet created.
[[nodiscard]] Value pod_of(const NewPod& pod);

/// Creates it as the ServiceAccount admission would let it: refused while its account does not exist. On a
/// refusal the owner gets an event FailedCreate, waits for what is in the way, and the reason comes back.
[[nodiscard]] ApiResult<Value> create_pod(Work& work, std::string_view owner_storage, Value pod);

[[nodiscard]] bool pod_ended(const Value& pod);   ///< Succeeded or Failed
[[nodiscard]] bool pod_counts(const Value& pod);  ///< neither ended nor going
[[nodiscard]] bool pod_ready(const Value& pod);
/// Ready for that long. When only time is missing, `work` is called again then.
[[nodiscard]] bool pod_available(Work& work, const Value& pod, std::int64_t min_ready_seconds);
[[nodiscard]] PodCounts count_pods(Work& work, const std::vector<Value>& pods,
                                   std::int64_t min_ready_seconds);

/// A template's name hash; the label pod-template-hash in it does not count.
[[nodiscard]] std::string template_hash(const Value& pod_template);
/// `25%` of a number, or a number; the fallback when there is none.
enum class Rounding : std::uint8_t { up, down };
[[nodiscard]] std::int64_t share_of(const Value* amount, std::int64_t whole, Rounding rounding,
                                    std::string_view fallback);

/// status.observedGeneration and other counts: `with`, or left away when zero, as Go's omitempty does.
[[nodiscard]] Value with_count(const Value& status, std::string_view field, std::int64_t count);

/// The ControllerRevision of a workload's present template (made if need be), by name: `NAME-HASH`.
[[nodiscard]] std::string current_revision(Work& work, std::string_view owner_storage);

}  // namespace carbon::sandbox
