#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// A field that selects pods by their labels, and must select some to do anything: of a Service, a
/// PodDisruptionBudget, a NetworkPolicy. Views into the object that it was found in.
struct PodSelector {
  std::string_view object_namespace;
  const Value* labels = nullptr;       ///< `matchLabels`, or the whole selector of a Service; may be nullptr
  const Value* expressions = nullptr;  ///< `matchExpressions`; may be nullptr
  std::string_view path;               ///< of the selector
  std::uint32_t origin = 0;
};

/// The selector of an object, unless it has none, selects every pod, or is not known yet.
[[nodiscard]] std::optional<PodSelector> pod_selector(const ResourceType& type, const Value& desired);

/// The labels of the pods that an object of a built-in kind makes: an empty map when it gives them none,
/// nothing when it makes no pods or the labels are not known yet.
[[nodiscard]] std::optional<Value> pod_labels(const ResourceType& type, const Value& desired);

/// True if objects of the type make pods: a built-in kind with a pod's spec.
[[nodiscard]] bool makes_pods(const ResourceType& type);

/// True if pods made with these labels are selected, or may be: some are labelled once they run (the leader
/// of a database, the index of a replica), so a label that is missing counts as there when another one fits.
[[nodiscard]] bool may_select(const PodSelector& selector, const Value& labels);

}  // namespace carbon
