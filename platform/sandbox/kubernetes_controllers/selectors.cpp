#include "platform/sandbox/kubernetes_controllers/selectors.h"

#include <algorithm>

#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

const Value* label_of(const Value& object, std::string_view name) {
  return at(object, {"metadata", "labels", name});
}

bool has_all(const Value& labels, const Value& object) {
  return std::ranges::all_of(labels.entries(), [&](const Entry& entry) {
    const Value* label = label_of(object, entry.key.text());
    return label != nullptr && *label == entry.value;
  });
}

bool expression_holds(const Value& expression, const Value& object) {
  const Value* label = label_of(object, text_at(expression, {"key"}));
  std::vector<Value> values = items_at(expression, {"values"});
  bool among = label != nullptr && std::ranges::find(values, *label) != values.end();
  std::string_view operation = text_at(expression, {"operator"});
  if (operation == "In") return among;
  if (operation == "NotIn") return !among;
  if (operation == "Exists") return label != nullptr;
  return label == nullptr;  // DoesNotExist, the last one that validation lets pass
}

}  // namespace

bool selects(const Value* selector, const Value& object) {
  if (selector == nullptr || !selector->is_fields()) return false;
  const Value* labels = at(*selector, {"matchLabels"});
  if (labels != nullptr && labels->is_fields() && !has_all(*labels, object)) return false;
  return std::ranges::all_of(items_at(*selector, {"matchExpressions"}),
                             [&](const Value& one) { return expression_holds(one, object); });
}

bool labels_select(const Value* labels, const Value& object) {
  return labels != nullptr && labels->is_fields() && !labels->entries().empty() && has_all(*labels, object);
}

}  // namespace carbon::sandbox
