#include "stdlib/k8s/pod_selectors.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "stdlib/k8s/record_walk.h"

namespace carbon {

namespace {

struct SelectorPlace {
  std::string_view kind;
  std::string_view path;
  bool plain = false;  ///< a map of labels, not a LabelSelector
};

constexpr SelectorPlace places[] = {
    {"Service", "spec.selector", true},
    {"PodDisruptionBudget", "spec.selector", false},
    {"NetworkPolicy", "spec.podSelector", false},
};

const Value* at(const Value& object, std::string_view path) {
  const Value* value = &object;
  while (value != nullptr && !path.empty()) {
    std::size_t dot = path.find('.');
    value = value->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return value;
}

bool is_empty(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  return value->is_fields() ? value->entries().empty() : value->is_sequence() && value->items().empty();
}

enum class Fit : std::uint8_t { fits, missing, contradicts };

Fit fit(const Value& expression, const Value& labels) {
  std::string_view rule = text_of(expression, "operator");
  const Value* label = labels.find(text_of(expression, "key"));
  if (rule == "DoesNotExist") return label == nullptr ? Fit::fits : Fit::contradicts;
  const Value* values = expression.find("values");
  bool among = label != nullptr && values != nullptr && values->is_sequence() &&
               std::ranges::any_of(values->items(), [&](const Value& each) { return each == *label; });
  if (rule == "NotIn") return among ? Fit::contradicts : Fit::fits;
  if (label == nullptr) return Fit::missing;
  return rule == "Exists" || among ? Fit::fits : Fit::contradicts;
}

}  // namespace

std::optional<PodSelector> pod_selector(const ResourceType& type, const Value& desired) {
  const SelectorPlace* place = std::ranges::find(places, type.kubernetes.kind, &SelectorPlace::kind);
  if (place == std::end(places) || type.name != "k8s." + type.kubernetes.kind) return std::nullopt;
  const Value* selector = at(desired, place->path);
  if (selector == nullptr || !selector->is_fields() || selector->contains_unknown()) return std::nullopt;
  PodSelector found;
  found.labels = place->plain ? selector : selector->find("matchLabels");
  found.expressions = place->plain ? nullptr : selector->find("matchExpressions");
  if (is_empty(found.labels) && is_empty(found.expressions)) return std::nullopt;
  const Value* metadata = desired.find("metadata");
  if (metadata != nullptr) found.object_namespace = text_of(*metadata, "namespace");
  found.path = place->path;
  found.origin = selector->origin();
  return found;
}

bool makes_pods(const ResourceType& type) {
  return !pod_spec_path(type.kubernetes.kind).empty() && type.name == "k8s." + type.kubernetes.kind;
}

std::optional<Value> pod_labels(const ResourceType& type, const Value& desired) {
  if (!makes_pods(type)) return std::nullopt;
  std::string_view spec = pod_spec_path(type.kubernetes.kind);
  // The labels stand beside the pod's spec: `spec` itself in the object, `template.spec` in a template.
  std::size_t dot = spec.rfind('.');
  std::string path(dot == std::string_view::npos ? std::string_view() : spec.substr(0, dot + 1));
  const Value* labels = at(desired, path + "metadata.labels");
  if (labels == nullptr || labels->is_null()) return Value::map({});
  if (!labels->is_fields() || labels->contains_unknown()) return std::nullopt;
  return *labels;
}

bool may_select(const PodSelector& selector, const Value& labels) {
  std::vector<Fit> fits;
  if (!is_empty(selector.labels)) {
    for (const Entry& wanted : selector.labels->entries()) {
      const Value* label = labels.find(wanted.key.text());
      bool same = label != nullptr && *label == wanted.value;
      fits.push_back(same ? Fit::fits : label == nullptr ? Fit::missing : Fit::contradicts);
    }
  }
  if (!is_empty(selector.expressions)) {
    for (const Value& expression : selector.expressions->items()) fits.push_back(fit(expression, labels));
  }
  bool contradicted = std::ranges::find(fits, Fit::contradicts) != fits.end();
  return !contradicted && std::ranges::find(fits, Fit::fits) != fits.end();
}

}  // namespace carbon
