#include "stdlib/k8s/record_walk.h"

#include <algorithm>
#include <iterator>

namespace carbon {

namespace {

struct PodPlace {
  std::string_view kind;
  std::string_view path;  ///< of the pod's spec
};

constexpr PodPlace pod_places[] = {
    {"Pod", "spec"},
    {"PodTemplate", "template.spec"},
    {"ReplicationController", "spec.template.spec"},
    {"ReplicaSet", "spec.template.spec"},
    {"Deployment", "spec.template.spec"},
    {"StatefulSet", "spec.template.spec"},
    {"DaemonSet", "spec.template.spec"},
    {"Job", "spec.template.spec"},
    {"CronJob", "spec.jobTemplate.spec.template.spec"},
};

/// Items of a keyed list are named by their keys, as everywhere; others by position.
FieldStep item_step(TypePtr list, const Value& item, std::size_t position) {
  if (list == nullptr || list->keys.empty()) return FieldStep::at(position);
  std::vector<std::string> key;
  for (const std::string& field : list->keys) key.push_back(key_text(item.find(field)));
  return FieldStep::keyed(std::move(key));
}

class Walk {
 public:
  explicit Walk(std::vector<FoundRecord>& found) : found_(found) {}

  void go(const Value& value, TypePtr type, std::string_view rest, const FieldPath& here) {
    if (value.is_sequence()) {
      std::size_t position = 0;
      for (const Value& item : value.items()) {
        TypePtr item_type = type == nullptr ? nullptr : type->element;
        go(item, item_type, rest, here.then(item_step(type, item, position++)));
      }
      return;
    }
    if (!value.is_fields()) return;
    if (rest.empty()) return void(found_.push_back({value, here}));
    std::size_t dot = rest.find('.');
    std::string_view name = rest.substr(0, dot);
    const Value* next = value.find(name);
    if (next == nullptr) return;
    const FieldType* field = type == nullptr ? nullptr : type->field(name);
    go(*next, field == nullptr ? nullptr : field->type,
       dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1),
       here.then(FieldStep::field(std::string(name))));
  }

 private:
  std::vector<FoundRecord>& found_;
};

}  // namespace

std::vector<FoundRecord> records_at(const Value& object, TypePtr type, std::string_view path) {
  std::vector<FoundRecord> found;
  Walk(found).go(object, type, path, {});
  return found;
}

std::string_view text_of(const Value& record, std::string_view field) {
  const Value* value = record.find(field);
  return value != nullptr && value->is_string() ? value->text() : std::string_view();
}

std::string key_text(const Value* value) {
  if (value == nullptr) return {};
  if (value->kind() == ValueKind::integer) return std::to_string(value->as_int());
  return value->is_string() ? std::string(value->text()) : std::string();
}

std::string_view pod_spec_path(std::string_view kind) {
  const PodPlace* place = std::ranges::find(pod_places, kind, &PodPlace::kind);
  return place == std::end(pod_places) ? std::string_view() : place->path;
}

}  // namespace carbon
