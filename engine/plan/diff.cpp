#include "engine/plan/diff.h"

#include <algorithm>

#include "engine/model/typed_path.h"
#include "engine/plan/diff_walk.h"
#include "engine/plan/normal_form.h"

namespace carbon {

namespace {

/// Collects the paths that a desired value manages.
class ManagedFields {
 public:
  ManagedFields(const ResourceType& type, const std::vector<FieldPath>& ignore)
      : type_(type), ignore_(ignore) {}

  FieldSet collect(const Value& desired) {
    walk(desired, type_.schema);
    return std::move(set_);
  }

 private:
  [[nodiscard]] bool left_out() const {
    auto here = [&](const FieldPath& path) { return path == path_; };
    return std::any_of(ignore_.begin(), ignore_.end(), here) ||
           std::any_of(type_.identity.begin(), type_.identity.end(), here);
  }

  void walk(const Value& desired, TypePtr declared) {
    static const Type json{};
    if (desired.is_null() || left_out()) return;
    const Type& type = declared == nullptr ? json : type_of(*declared, desired);
    bool whole_map = type.kind == TypeKind::map && type.atomic;
    if (desired.is_fields() && !desired.entries().empty() && !whole_map) {
      for (const Entry& entry : desired.entries()) {
        const FieldType* field = type.kind == TypeKind::record ? type.field(entry.key.text()) : nullptr;
        bool reported = field != nullptr && has(field->flags, FieldFlag::computed) &&
                        !has(field->flags, FieldFlag::derived);
        if (!reported) below(FieldStep::field(std::string(entry.key.text())), entry.value, type);
      }
    } else if (desired.is_sequence() && !desired.items().empty()) {
      items(desired, type);
    } else {
      set_.insert(path_);
    }
  }

  void items(const Value& desired, const Type& type) {
    bool merged_set = type.kind == TypeKind::set && !type.atomic && type_.transport == Transport::kubernetes;
    if (type.keys.empty() && !merged_set) set_.insert(path_);
    std::span<const Value> items = desired.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (merged_set) {
        set_.insert(path_.then(FieldStep::of(normal_form(items[i], element(type)))));
      } else if (type.kind != TypeKind::set && !type.unordered && items[i].is_fields()) {
        below(item_step(type, items[i], i), items[i], type);
      }
    }
  }

  static const Type& element(const Type& type) {
    static const Type json{};
    return type.element == nullptr ? json : *type.element;
  }

  void below(FieldStep step, const Value& value, const Type& type) {
    TypePtr next = step_type(type, step);
    path_.steps.push_back(std::move(step));
    walk(value, next);
    path_.steps.pop_back();
  }

  const ResourceType& type_;
  const std::vector<FieldPath>& ignore_;
  FieldPath path_;
  FieldSet set_;
};

}  // namespace

DiffResult diff(const DiffInput& input) {
  DiffResult result;
  DiffWalk(input, result).run();
  return result;
}

FieldSet managed_fields(const ResourceType& type, const Value& desired,
                        const std::vector<FieldPath>& ignore) {
  return ManagedFields(type, ignore).collect(desired);
}

bool covers(const FieldSet& set, const FieldPath& path) {
  const FieldSet* at = &set;
  for (const FieldStep& step : path.steps) {
    const FieldSet* next = at->find(step);
    // A leaf owns all that is in it: an atomic list, a map written as a whole. So does a list without keys,
    // though those of its items that are records are named.
    if (next == nullptr) return at->here() && (at->children().empty() || step.kind == FieldStep::Kind::index);
    at = next;
  }
  return true;
}

bool is_within(const FieldPath& path, const FieldPath& outer) {
  return outer.steps.size() <= path.steps.size() &&
         std::equal(outer.steps.begin(), outer.steps.end(), path.steps.begin());
}

}  // namespace carbon
