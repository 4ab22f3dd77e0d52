#include "convert/linking.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "convert/naming.h"
#include "stdlib/k8s/references.h"

namespace carbon {

namespace {

constexpr std::size_t often = 3;  ///< from here on a thing gets a name of its own

std::string object_key(std::string_view group, std::string_view kind, std::string_view space,
                       std::string_view name) {
  return fmt::format("{}\n{}\n{}\n{}", group, kind, space, name);
}

TypePtr without_optional(TypePtr type) {
  while (type != nullptr && (type->kind == TypeKind::optional || type->kind == TypeKind::secret))
    type = type->element;
  return type;
}

std::string key_text(const Value* value) {
  if (value == nullptr) return {};
  if (value->kind() == ValueKind::integer) return std::to_string(value->as_int());
  return value->is_string() ? std::string(value->text()) : std::string();
}

bool is_item(const FieldStep& step, const Type* list, const Value& item, std::size_t index) {
  if (step.kind == FieldStep::Kind::index) return step.index == index;
  if (step.kind != FieldStep::Kind::key || list == nullptr || list->keys.size() != step.key.size())
    return false;
  for (std::size_t i = 0; i < step.key.size(); ++i) {
    if (key_text(item.find(list->keys[i])) != step.key[i]) return false;
  }
  return true;
}

TypePtr step_into(TypePtr type, std::string_view name) {
  type = without_optional(type);
  if (type == nullptr) return nullptr;
  if (type->kind == TypeKind::map) return type->element;
  const FieldType* field = type->kind == TypeKind::record ? type->field(name) : nullptr;
  return field == nullptr ? nullptr : field->type;
}

/// The value with another leaf at the path; unchanged where the path leads nowhere.
Value replaced(const Value& value, TypePtr type, std::span<const FieldStep> path, const Value& leaf) {
  if (path.empty()) return leaf;
  const FieldStep& step = path.front();
  if (value.is_fields() && step.kind == FieldStep::Kind::name) {
    std::vector<Entry> entries(value.entries().begin(), value.entries().end());
    for (Entry& entry : entries) {
      if (entry.key.text() == step.name)
        entry.value = replaced(entry.value, step_into(type, step.name), path.subspan(1), leaf);
    }
    return Value::record(std::move(entries)).with_origin(value.origin());
  }
  if (!value.is_sequence()) return value;
  TypePtr list = without_optional(type);
  std::vector<Value> items(value.items().begin(), value.items().end());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_item(step, list, items[i], i)) continue;
    items[i] = replaced(items[i], list == nullptr ? nullptr : list->element, path.subspan(1), leaf);
    break;
  }
  return Value::list(std::move(items)).with_origin(value.origin());
}

/// The text at a path, or empty.
std::string_view text_at(const Value& root, TypePtr type, std::span<const FieldStep> path) {
  const Value* value = &root;
  for (const FieldStep& step : path) {
    const Value* next = nullptr;
    if (step.kind == FieldStep::Kind::name) {
      next = value->find(step.name);
      type = step_into(type, step.name);
    } else if (value->is_sequence()) {
      TypePtr list = without_optional(type);
      for (std::size_t i = 0; i < value->items().size() && next == nullptr; ++i) {
        if (is_item(step, list, value->items()[i], i)) next = &value->items()[i];
      }
      type = list == nullptr ? nullptr : list->element;
    }
    if (next == nullptr) return {};
    value = next;
  }
  return value->is_string() ? value->text() : std::string_view();
}

/// The desired value without a name that the address gives, and a namespace that the provider gives.
Value without_defaults(const Manifest& manifest, std::string_view default_namespace) {
  bool named = names_itself(manifest);
  bool placed = !default_namespace.empty() && manifest.object_namespace == default_namespace;
  std::vector<Entry> fields;
  for (const Entry& field : manifest.desired.entries()) {
    if (field.key.text() != "metadata") {
      fields.push_back(field);
      continue;
    }
    std::vector<Entry> metadata;
    for (const Entry& entry : field.value.entries()) {
      std::string_view key = entry.key.text();
      if ((key != "name" || !named) && (key != "namespace" || !placed)) metadata.push_back(entry);
    }
    if (!metadata.empty()) fields.push_back({field.key, Value::record(std::move(metadata))});
  }
  return Value::record(std::move(fields));
}

class Linker {
 public:
  Linker(std::vector<Manifest>& manifests, std::string_view default_namespace,
         std::vector<SharedValue>& shared, Names& names)
      : manifests_(manifests), default_namespace_(default_namespace), shared_(shared), names_(names) {
    for (const Manifest& each : manifests_)
      objects_[object_key(each.group(), each.kind, each.object_namespace, each.name)] = &each;
  }

  void run() {
    for (Manifest& each : manifests_) {
      each.written = without_defaults(each, default_namespace_);
      for (const ObjectReference& reference : object_references(*each.type, each.desired))
        object(each, reference);
    }
    for (auto& [name, places] : namespaces_) {
      if (places.size() >= often) share(name, places);
    }
  }

 private:
  struct NamespacePlace {
    Manifest* manifest;
    FieldPath path;
  };

  const Manifest* find(std::string_view group, std::string_view kind, std::string_view space,
                       std::string_view name) const {
    auto found = objects_.find(object_key(group, kind, space, name));
    return found == objects_.end() ? nullptr : found->second;
  }

  static void put(Manifest& manifest, const FieldPath& path, std::string text) {
    manifest.written =
        replaced(manifest.written, manifest.type->schema, path.steps, expression(std::move(text)));
  }

  void object(Manifest& manifest, const ObjectReference& reference) {
    if (reference.path.steps.empty()) return;  // its kind's definition: no field names it
    if (reference.group.empty() && reference.kind == "Namespace") return space(manifest, reference.path);
    const Manifest* target =
        find(reference.group, reference.kind, reference.object_namespace, reference.name);
    bool linked = target != nullptr && target != &manifest;
    // The namespace beside the name first: in a keyed list the name is what finds the item.
    FieldPath beside = reference.path;
    beside.steps.back() = FieldStep::field("namespace");
    bool written =
        text_at(manifest.written, manifest.type->schema, beside.steps) == reference.object_namespace;
    if (written && !reference.object_namespace.empty()) space(manifest, beside);
    if (linked) put(manifest, reference.path, target->address + ".metadata.name");
  }

  void space(Manifest& manifest, const FieldPath& path) {
    std::string_view name = text_at(manifest.written, manifest.type->schema, path.steps);
    if (name.empty()) return;
    if (const Manifest* target = find("", "Namespace", "", name)) {
      put(manifest, path, target->address + ".metadata.name");
    } else {
      namespaces_[std::string(name)].push_back({&manifest, path});
    }
  }

  void share(const std::string& name, const std::vector<NamespacePlace>& places) {
    std::string longer = identifier(name) + "_namespace";
    SharedValue let{namespaces_.size() == 1 ? names_.take({"namespace", longer}) : names_.take({longer}),
                    Value::string(name)};
    for (const NamespacePlace& place : places) put(*place.manifest, place.path, let.name);
    shared_.push_back(std::move(let));
  }

  std::vector<Manifest>& manifests_;
  std::string_view default_namespace_;
  std::vector<SharedValue>& shared_;
  Names& names_;
  std::map<std::string, const Manifest*> objects_;
  std::map<std::string, std::vector<NamespacePlace>> namespaces_;  ///< not of the input, by name
};

}  // namespace

Value expression(std::string text) { return Value::reference(text); }

void link(std::vector<Manifest>& manifests, std::string_view default_namespace,
          std::vector<SharedValue>& shared, Names& names) {
  Linker(manifests, default_namespace, shared, names).run();
}

namespace {

/// Where labels and selectors by labels stand.
bool is_label_field(std::string_view name) {
  return name == "labels" || name == "matchLabels" || name == "selector" || name == "podSelector";
}

bool is_labels(const Value& value) {
  if (!value.is_fields() || value.entries().size() < 2) return false;
  return std::all_of(value.entries().begin(), value.entries().end(),
                     [](const Entry& entry) { return entry.value.is_string(); });
}

bool holds(const Value& labels, const Value& part) {
  return std::all_of(part.entries().begin(), part.entries().end(), [&](const Entry& entry) {
    const Value* found = labels.find(entry.key.text());
    return found != nullptr && *found == entry.value;
  });
}

using LabelVisitor = std::function<Value(const Value& labels)>;

/// The value with every set of labels in it as the visitor gives it.
Value with_labels(const Value& value, const LabelVisitor& visit) {
  if (value.is_fields()) {
    std::vector<Entry> entries;
    for (const Entry& entry : value.entries()) {
      bool labels = is_label_field(entry.key.text()) && is_labels(entry.value);
      entries.push_back({entry.key, labels ? visit(entry.value) : with_labels(entry.value, visit)});
    }
    return Value::record(std::move(entries)).with_origin(value.origin());
  }
  if (!value.is_sequence()) return value;
  std::vector<Value> items;
  for (const Value& item : value.items()) items.push_back(with_labels(item, visit));
  return Value::list(std::move(items)).with_origin(value.origin());
}

/// A definition's `labels` may be a property of its schema; of other kinds only what carbon types is looked
/// at.
bool has_labels(const Manifest& manifest) {
  return manifest.kind != "CustomResourceDefinition" && manifest.type->name.starts_with("k8s.");
}

std::string labels_name(const Value& labels) {
  for (std::string_view key : {"app.kubernetes.io/name", "app", "k8s-app", "name"}) {
    std::string word = identifier(text_field(labels, key));
    if (!word.empty()) return word + "_labels";
  }
  return "shared_labels";
}

Value part_of(const Value& labels, const SharedValue& part) {
  if (labels.entries().size() == part.value.entries().size()) return expression(part.name);
  std::vector<Entry> entries{{Value::string(spread_key), expression(part.name)}};
  for (const Entry& entry : labels.entries()) {
    if (part.value.find(entry.key.text()) == nullptr) entries.push_back(entry);
  }
  return Value::record(std::move(entries));
}

}  // namespace

void share_labels(std::vector<Manifest>& manifests, std::vector<SharedValue>& shared, Names& names) {
  struct Less {
    bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
  };
  std::map<Value, std::size_t, Less> counts;
  std::vector<Value> in_order;  // of the first time that they are met
  LabelVisitor count = [&](const Value& labels) {
    if (++counts[labels] == often) in_order.push_back(labels);
    return labels;
  };
  for (const Manifest& each : manifests) {
    if (has_labels(each)) (void)with_labels(each.written, count);
  }
  std::vector<SharedValue> made;
  for (const Value& labels : in_order) {
    std::string longer = labels_name(labels);
    made.push_back({in_order.size() == 1 ? names.take({"labels", longer}) : names.take({longer}), labels});
  }
  LabelVisitor use = [&](const Value& labels) {
    const SharedValue* best = nullptr;
    for (const SharedValue& each : made) {
      bool larger = best == nullptr || each.value.entries().size() > best->value.entries().size();
      if (larger && holds(labels, each.value)) best = &each;
    }
    return best == nullptr ? labels : part_of(labels, *best);
  };
  for (Manifest& each : manifests) {
    if (has_labels(each)) each.written = with_labels(each.written, use);
  }
  shared.insert(shared.end(), made.begin(), made.end());
}

}  // namespace carbon
