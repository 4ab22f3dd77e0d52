#include "convert/authored_fields.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/value_json.h"
#include "convert/manifest.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";
/// A label that every Namespace gets.
constexpr std::string_view namespace_label = "kubernetes.io/metadata.name";

struct ServerDefault {
  std::string_view record;
  std::string_view field;
  std::string_view value;
};

constexpr ServerDefault defaults[] = {
#define DEFAULT(record, field, value) {record, field, value},
#include "convert/server_defaults.def"
#undef DEFAULT
};

/// `nginx`, `nginx:latest`: pulled always. A tag or a digest: if it is not there.
std::string_view default_pull_policy(std::string_view image) {
  std::string_view last = image.substr(image.rfind('/') + 1);
  if (last.find('@') != std::string_view::npos) return "IfNotPresent";
  std::size_t colon = last.find(':');
  bool latest = colon == std::string_view::npos || last.substr(colon + 1) == "latest";
  return latest ? "Always" : "IfNotPresent";
}

bool says(const ServerDefault& row, const Value& holder, const Value& value) {
  if (row.value == "*") {
    const Value& first = value.is_sequence() && !value.items().empty() ? value.items().front() : value;
    return !first.is_string() || first.text() != "None";
  }
  if (row.value.starts_with('=')) {
    const Value* beside = holder.find(row.value.substr(1));
    return beside != nullptr && *beside == value;
  }
  Result<Value> json = parse_json(row.value);
  return json && *json == value;
}

bool is_default(std::string_view record, const Value& holder, std::string_view field, const Value& value) {
  if (record == "core.v1.Container" && field == "imagePullPolicy")
    return value.is_string() && value.text() == default_pull_policy(text_field(holder, "image"));
  return std::any_of(std::begin(defaults), std::end(defaults), [&](const ServerDefault& each) {
    return each.record == record && each.field == field && says(each, holder, value);
  });
}

/// Places of one value in the trees of its writers.
struct Owners {
  std::vector<const FieldSet*> applied;
  std::vector<const FieldSet*> updated;

  [[nodiscard]] bool none() const { return applied.empty() && updated.empty(); }
  void add(const Owners& more) {
    applied.insert(applied.end(), more.applied.begin(), more.applied.end());
    updated.insert(updated.end(), more.updated.begin(), more.updated.end());
  }
  [[nodiscard]] Owners at(const FieldStep& step) const {
    Owners below;
    for (const FieldSet* each : applied) {
      if (const FieldSet* next = each->find(step)) below.applied.push_back(next);
    }
    for (const FieldSet* each : updated) {
      if (const FieldSet* next = each->find(step)) below.updated.push_back(next);
    }
    return below;
  }
};

/// Whether fields of the value have owners of their own.
bool is_granular(const Value& value, const Type* type) {
  if (type == nullptr || type->atomic) return false;
  if (value.is_fields()) return type->kind == TypeKind::record || type->kind == TypeKind::map;
  return value.is_sequence() && type->kind == TypeKind::list && !type->keys.empty();
}

const Type* bare(TypePtr type) { return type == nullptr ? nullptr : &plain_type(*type); }

/// Every leaf of a value, as managedFields would name it.
void insert_leaves(const Value& value, const Type* type, const FieldPath& path, FieldSet& set) {
  set.insert(path);
  if (!is_granular(value, type)) return;
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      FieldStep step = FieldStep::field(std::string(entry.key.text()));
      insert_leaves(entry.value, bare(step_type(*type, step)), path.then(step), set);
    }
    return;
  }
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    const Value& item = value.items()[i];
    insert_leaves(item, bare(type->element), path.then(item_step(*type, item, i)), set);
  }
}

class Author {
 public:
  std::optional<Value> keep(const Value& value, const Type* type, const Owners& owners) {
    if (owners.none()) return std::nullopt;
    if (!is_granular(value, type)) return value;
    if (value.is_fields()) return fields(value, *type, owners);
    std::vector<Value> items;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Value& item = value.items()[i];
      auto kept = keep(item, bare(type->element), owners.at(item_step(*type, item, i)));
      if (kept) items.push_back(with_keys(*kept, item, *type));
    }
    return Value::list(std::move(items));
  }

 private:
  Value fields(const Value& value, const Type& type, const Owners& owners) {
    std::vector<Entry> made;
    for (const Entry& entry : value.entries()) {
      FieldStep step = FieldStep::field(std::string(entry.key.text()));
      Owners below = owners.at(step);
      // What was applied as text stands in `data` (Kubernetes API reference, "Secret").
      if (type.name == "k8s.Secret" && entry.key.text() == "data")
        below.add(owners.at(FieldStep::field("stringData")));
      bool sent_along = below.applied.empty() && is_default(type.name, value, entry.key.text(), entry.value);
      if (sent_along) continue;
      if (auto kept = keep(entry.value, bare(step_type(type, step)), below))
        made.push_back({entry.key, std::move(*kept)});
    }
    return Value::record(std::move(made));
  }

  /// What tells an item from others stays, but for the protocol that every port has.
  static Value with_keys(const Value& kept, const Value& item, const Type& list) {
    if (!kept.is_fields()) return kept;
    std::vector<Entry> fields(kept.entries().begin(), kept.entries().end());
    for (const std::string& key : list.keys) {
      const Value* value = item.find(key);
      bool tcp = value != nullptr && key == "protocol" && value->is_string() && value->text() == "TCP";
      if (value != nullptr && !tcp && kept.find(key) == nullptr)
        fields.insert(fields.begin(), {Value::string(key), *value});
    }
    return Value::record(std::move(fields));
  }
};

/// What client-side apply was given: the annotation that it leaves behind.
std::optional<FieldSet> given_to_kubectl(const Value& object, const Type& schema) {
  const Value* metadata = object.find("metadata");
  const Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  std::string_view text =
      annotations == nullptr ? std::string_view() : text_field(*annotations, last_applied);
  if (text.empty()) return std::nullopt;
  Result<Value> given = parse_json(text);
  if (!given || !given->is_fields()) return std::nullopt;
  FieldSet set;
  insert_leaves(*given, &schema, {}, set);
  return set;
}

Value identity_of(const Value& object, const Value& kept) {
  const Value* live = object.find("metadata");
  const Value* owned = kept.find("metadata");
  std::vector<Entry> metadata;
  for (std::string_view name : {"name", "namespace"}) {
    const Value* value = live == nullptr ? nullptr : live->find(name);
    if (value != nullptr) metadata.push_back({Value::string(name), *value});
  }
  for (const Entry& entry : owned == nullptr ? std::span<const Entry>() : owned->entries()) {
    std::string_view name = entry.key.text();
    if (name == "name" || name == "namespace") continue;
    if (entry.value.is_fields() && entry.value.entries().empty()) continue;
    metadata.push_back(entry);
  }
  return Value::record(std::move(metadata));
}

Value without_namespace_label(const Value& object) {
  const Value* metadata = object.find("metadata");
  const Value* labels = metadata == nullptr ? nullptr : metadata->find("labels");
  if (labels == nullptr || labels->find(namespace_label) == nullptr) return object;
  auto rebuilt = [](const Value& record, std::string_view name, std::optional<Value> with) {
    std::vector<Entry> entries;
    for (const Entry& entry : record.entries()) {
      if (entry.key.text() != name) entries.push_back(entry);
    }
    if (with) entries.push_back({Value::string(name), std::move(*with)});
    return Value::record(std::move(entries));
  };
  Value fewer = rebuilt(*labels, namespace_label, std::nullopt);
  return rebuilt(object, "metadata", rebuilt(*metadata, "labels", std::move(fewer)));
}

}  // namespace

bool is_server_manager(std::string_view manager) {
  constexpr std::array<std::string_view, 6> managers{
      "kube-controller-manager", "kube-scheduler",           "kubelet",
      "kube-apiserver",          "cloud-controller-manager", "cluster-autoscaler"};
  return std::find(managers.begin(), managers.end(), manager) != managers.end();
}

Value authored_object(const Value& object, const ResourceType& type, const FieldOwners& owners) {
  Value live = type.kubernetes.kind == "Namespace" ? without_namespace_label(object) : object;
  std::optional<FieldSet> given = given_to_kubectl(live, *type.schema);
  FieldSet everything;
  Owners roots;
  for (const FieldSet& each : owners.applied) roots.applied.push_back(&each);
  for (const FieldSet& each : owners.updated) roots.updated.push_back(&each);
  if (given) roots.applied.push_back(&*given);
  if (roots.none()) {
    insert_leaves(live, type.schema, {}, everything);
    roots.updated.push_back(&everything);
  }
  Value kept = Author().keep(live, type.schema, roots).value_or(Value::record({}));
  std::vector<Entry> fields{{Value::string("apiVersion"), Value::string(type.kubernetes.api_version())},
                            {Value::string("kind"), Value::string(type.kubernetes.kind)},
                            {Value::string("metadata"), identity_of(live, kept)}};
  for (const Entry& entry : kept.entries()) {
    std::string_view name = entry.key.text();
    if (name != "apiVersion" && name != "kind" && name != "metadata") fields.push_back(entry);
  }
  return Value::record(std::move(fields));
}

}  // namespace carbon
