#include "platform/sandbox/kubernetes_controllers/conditions.h"

#include "base/utc_time.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

const Value* find_condition(const Value& status, std::string_view type) {
  const Value* conditions = status.find("conditions");
  if (conditions == nullptr || !conditions->is_sequence()) return nullptr;
  for (const Value& condition : conditions->items()) {
    if (text_at(condition, {"type"}) == type) return &condition;
  }
  return nullptr;
}

bool condition_is(const Value& status, std::string_view type, std::string_view wanted) {
  const Value* found = find_condition(status, type);
  return found != nullptr && text_at(*found, {"status"}) == wanted;
}

Value without_condition(const Value& status, std::string_view type) {
  std::vector<Value> conditions = items_at(status, {"conditions"});
  std::erase_if(conditions, [&](const Value& one) { return text_at(one, {"type"}) == type; });
  return conditions.empty() ? without(status, {"conditions"})
                            : with(status, {"conditions"}, Value::list(std::move(conditions)));
}

Value with_condition(const Value& status, const Condition& condition, std::int64_t now,
                     ConditionTimes times) {
  const Value* old = find_condition(status, condition.type);
  bool same_status = old != nullptr && text_at(*old, {"status"}) == condition.status;
  if (same_status && text_at(*old, {"reason"}) == condition.reason &&
      text_at(*old, {"message"}) == condition.message) {
    return status;
  }
  Value changed = fields({{"type", text(condition.type)}, {"status", text(condition.status)}});
  const Value* since = same_status ? old->find("lastTransitionTime") : nullptr;
  changed = with(changed, {"lastTransitionTime"}, since != nullptr ? *since : text(utc_time(now)));
  if (times == ConditionTimes::transition_and_update) {
    changed = with(changed, {"lastUpdateTime"}, text(utc_time(now)));
  }
  if (!condition.reason.empty()) changed = with(changed, {"reason"}, text(condition.reason));
  if (!condition.message.empty()) changed = with(changed, {"message"}, text(condition.message));
  std::vector<Value> conditions = items_at(status, {"conditions"});
  bool placed = false;
  for (Value& one : conditions) {
    if (text_at(one, {"type"}) != condition.type) continue;
    one = changed;
    placed = true;
  }
  if (!placed) conditions.push_back(changed);
  return with(status, {"conditions"}, Value::list(std::move(conditions)));
}

}  // namespace carbon::sandbox
