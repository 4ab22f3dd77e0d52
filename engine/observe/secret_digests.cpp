#include "engine/observe/secret_digests.h"

#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/observe/live_values.h"
#include "engine/plan/live_view.h"

namespace carbon {

namespace {

using Digests = std::map<std::string, std::string>;

/// What a resource's digests are made with: what those that are remembered of it were made with.
const Address& digest_address(const ObserveInput& input, const Resource& resource) {
  auto entry = input.inventory.entries.find(resource.address);
  return entry == input.inventory.entries.end() ? resource.address : entry->second.digest_address();
}

Digests wanted_digests(const ObserveInput& input, const LiveState& live, const Resource& resource) {
  Digests digests;
  CloseContext context{input.functions,
                       [&](std::string_view address, std::string_view path) {
                         return live_attribute(input.graph, live, address, path);
                       },
                       [&](const OpenTerm& leaf) { return input.secrets.resolve(leaf); }};
  for (const auto& [path, secret] : secret_leaves(resource.desired, *resource.type->schema)) {
    Result<Value> content = close(secret, context, Secrets::reveal);
    // A secret that cannot be had now is not an error: the plan says "(secret, not compared)".
    if (!content || content->contains_unknown() || content->contains_secret()) continue;
    std::string where = path.text();
    digests[where] = input.secrets.digest(digest_address(input, resource), where, digest_content(*content));
  }
  return digests;
}

/// Every scalar below a field that holds secrets.
void collect(const Value& value, const Type& outer, bool inside, FieldPath& path,
             std::vector<std::pair<std::string, Value>>& found) {
  const Type& type = plain_type(outer);
  bool secret = inside || outer.kind == TypeKind::secret ||
                (outer.kind == TypeKind::optional && outer.element->kind == TypeKind::secret);
  auto descend = [&](FieldStep step, const Value& child, bool sensitive) {
    static const Type json{};
    TypePtr below = step_type(type, step);
    path.steps.push_back(std::move(step));
    collect(child, below == nullptr ? json : *below, secret || sensitive, path, found);
    path.steps.pop_back();
  };
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      std::string name(entry.key.text());
      const FieldType* field = type.field(name);
      descend(FieldStep::field(std::move(name)), entry.value,
              field != nullptr && has(field->flags, FieldFlag::sensitive));
    }
  } else if (value.is_sequence()) {
    std::span<const Value> items = value.items();
    for (std::size_t i = 0; i < items.size(); ++i) descend(item_step(type, items[i], i), items[i], false);
  } else if (secret && !value.is_null()) {
    found.emplace_back(path.text(), value);
  }
}

/// Which types have a secret, sensitive or write-only field somewhere inside. Each type is looked at once.
class SecretTypes {
 public:
  bool holds(const Type& type) {
    // While a recursive type is looked at, it does not count for itself.
    auto [at, fresh] = known_.emplace(&type, type.kind == TypeKind::secret);
    if (!fresh || at->second) return at->second;
    bool found = look_inside(type);
    known_[&type] = found;
    return found;
  }

 private:
  bool look_inside(const Type& type) {
    if (type.element != nullptr && holds(*type.element)) return true;
    if (type.open != nullptr && holds(*type.open)) return true;
    for (TypePtr alternative : type.alternatives) {
      if (holds(*alternative)) return true;
    }
    for (const FieldType& field : type.fields) {
      bool marked = has(field.flags, FieldFlag::sensitive) || has(field.flags, FieldFlag::write_only);
      if (marked || holds(*field.type)) return true;
    }
    return false;
  }

  std::map<const Type*, bool> known_;
};

Digests live_digests(SecretSource& secrets, const Address& address, const ResourceType& type,
                     const Value& desired, const LiveObject& object) {
  std::vector<std::pair<std::string, Value>> found;
  Value view = live_view(type, object.object, desired);
  FieldPath path;
  collect(view, *type.schema, false, path, found);
  // A secret may also stand in a field that is not secret by itself, such as a ConfigMap's text.
  for (const auto& [where, secret] : secret_leaves(desired, *type.schema)) {
    const Value* there = find_at(view, *type.schema, where);
    if (there != nullptr && !there->is_null()) found.emplace_back(where.text(), *there);
  }
  Digests digests;
  for (const auto& [where, content] : found)
    digests[where] = secrets.digest(address, where, digest_content(content));
  return digests;
}

/// Of what is kept for a resource elsewhere.
void add_kept(const ObserveInput& input, const LiveState& live, const Resource& resource, Digests& held) {
  for (const Keep& keep : resource.settings.keeps) {
    Result<Value> stored = live_attribute(input.graph, live, keep.sink, path_in_sink(keep.field));
    if (!stored || !stored->is_string()) continue;
    held[keep.field] =
        input.secrets.digest(digest_address(input, resource), keep.field, digest_content(*stored));
  }
}

}  // namespace

Digests digest_live_object(SecretSource& secrets, const Address& address, const ResourceType& type,
                           const Value& desired, const LiveObject& object) {
  bool readable = object.presence == Presence::present && object.object.is_fields();
  bool concerned = desired.contains_secret() || SecretTypes().holds(*type.schema);
  return readable && concerned ? live_digests(secrets, address, type, desired, object) : Digests();
}

void digest_secrets(const ObserveInput& input, LiveState& live) {
  SecretTypes types;
  for (const Resource& resource : input.graph.resources()) {
    if (!resource.desired.contains_secret() && !types.holds(*resource.type->schema)) continue;
    const Address& address = resource.address;
    Digests wanted = wanted_digests(input, live, resource);
    if (!wanted.empty()) live.digests[address] = std::move(wanted);
    auto object = live.objects.find(address);
    bool present = object != live.objects.end() && object->second.presence == Presence::present;
    if (!present) continue;
    const Address& digested_as = digest_address(input, resource);
    Digests held = live_digests(input.secrets, digested_as, *resource.type, resource.desired, object->second);
    add_kept(input, live, resource, held);
    if (!held.empty()) live.live_digests[address] = std::move(held);
  }
}

}  // namespace carbon
