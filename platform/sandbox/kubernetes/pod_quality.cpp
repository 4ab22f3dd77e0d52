#include "platform/sandbox/kubernetes/pod_quality.h"

#include <array>
#include <map>

#include "base/quantity.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

constexpr std::array<std::string_view, 2> counted{"cpu", "memory"};

/// The amount of a resource, nothing when it is zero or not said.
std::optional<Quantity> amount_of(const Value& container, std::string_view field, std::string_view resource) {
  const Value* spelled = at(container, {"resources", field, resource});
  if (spelled == nullptr) return std::nullopt;
  std::optional<Quantity> amount = spelled->is_string() ? Quantity::parse(spelled->text())
                                   : spelled->kind() == ValueKind::integer
                                       ? std::optional(Quantity::whole(spelled->as_int()))
                                       : std::nullopt;
  return amount && amount->nanos() > 0 ? amount : std::nullopt;
}

}  // namespace

std::string_view quality_of_service(const Value& pod) {
  bool asks = false;
  bool guaranteed = true;
  for (std::string_view kind : {"containers", "initContainers"}) {
    for (const Value& container : items_at(pod, {"spec", kind})) {
      for (std::string_view resource : counted) {
        auto request = amount_of(container, "requests", resource);
        auto limit = amount_of(container, "limits", resource);
        asks = asks || request || limit;
        // What is limited and not asked for was asked for by default already.
        guaranteed = guaranteed && limit && request && *limit == *request;
      }
    }
  }
  if (!asks) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

}  // namespace carbon::sandbox
