#include "platform/sandbox/kubernetes_controllers/selectors.h"

#include <algorithm>

#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

const Value* label_of(const Value* labels, std::string_view name) {
  return labels == nullptr ? nullptr : labels->find(name);
}

bool has_all(const Value& wanted, const Value* labels) {
  return std::ranges::all_of(wanted.entries(), [&](const Entry& entry) {
    const Value* label = label_of(labels, entry.key.text());
    return label != nullptr && *label == entry.value;
  });
}

bool expression_holds(const Value& expression, const Value* labels) {
  const Value* label = label_of(labels, text_at(expression, {"key"}));
  std::vector<Value> values = items_at(expression, {"values"});
  bool among = label != nullptr && std::ranges::find(values, *label) != values.end();
  std::string_view operation = text_at(expression, {"operator"});
  if (operation == "In") return among;
  if (operation == "NotIn") return !among;
  if (operation == "Exists") return label != nullptr;
  return label == nullptr;  // DoesNotExist, the last one that validation lets pass
}

}  // namespace

bool selects(const Value* selector, const Value* labels) {
  if (selector == nullptr || !selector->is_fields()) return false;
  const Value* wanted = at(*selector, {"matchLabels"});
  if (wanted != nullptr && wanted->is_fields() && !has_all(*wanted, labels)) return false;
  return std::ranges::all_of(items_at(*selector, {"matchExpressions"}),
                             [&](const Value& one) { return expression_holds(one, labels); });
}

bool labels_select(const Value* wanted, const Value* labels) {
  return wanted != nullptr && wanted->is_fields() && !wanted->entries().empty() && has_all(*wanted, labels);
}

}  // namespace carbon::sandbox
