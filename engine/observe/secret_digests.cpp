#include "engine/observe/secret_digests.h"

#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"

namespace carbon {

namespace {

using Digests = std::map<std::string, std::string>;

/// The attribute of another object as it is now, for secrets that are made of generated ones.
Result<Value> live_attribute(const ObserveInput& input, const LiveState& live, std::string_view address,
                             std::string_view path) {
  std::uint32_t index = input.graph.find(address);
  auto object = live.objects.find(Address(address));
  bool known = index != ResourceGraph::npos && object != live.objects.end() &&
               object->second.presence == Presence::present;
  if (!known) return Value::unknown_attribute(address, path);
  const Resource& resource = input.graph.resource(index);
  FieldPath parsed = CARBON_TRY(FieldPath::parse(path));
  Value view = live_view(*resource.type, object->second.object, resource.desired);
  const Value* value = find_at(view, *resource.type->schema, parsed);
  return value == nullptr ? Value::unknown_attribute(address, path) : *value;
}

Digests wanted_digests(const ObserveInput& input, const LiveState& live, const Resource& resource) {
  Digests digests;
  CloseContext context{input.functions,
                       [&](std::string_view address, std::string_view path) {
                         return live_attribute(input, live, address, path);
                       },
                       [&](const OpenTerm& leaf) { return input.secrets.resolve(leaf); }};
  for (const auto& [path, secret] : secret_leaves(resource.desired, *resource.type->schema)) {
    Result<Value> content = close(secret, context, Secrets::reveal);
    // A secret that cannot be had now is not an error: the plan says "(secret, not compared)".
    if (!content || !content->is_string()) continue;
    std::string where = path.text();
    digests[where] = input.secrets.digest(resource.address, where, content->text());
  }
  return digests;
}

/// Every text below a field that holds secrets.
void collect(const Value& value, const Type& outer, bool inside, FieldPath& path,
             std::vector<std::pair<std::string, std::string_view>>& found) {
  const Type& type = plain_type(outer);
  bool secret = inside || outer.kind == TypeKind::secret ||
                (outer.kind == TypeKind::optional && outer.element->kind == TypeKind::secret);
  if (value.is_string()) {
    if (secret) found.emplace_back(path.text(), value.text());
    return;
  }
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
  }
}

bool holds_secrets(const Type& outer, int depth) {
  if (depth > 8) return false;
  const Type& type = plain_type(outer);
  if (outer.kind == TypeKind::secret) return true;
  if (type.element != nullptr && holds_secrets(*type.element, depth + 1)) return true;
  for (const FieldType& field : type.fields) {
    if (has(field.flags, FieldFlag::sensitive) || field.type->kind == TypeKind::secret) return true;
  }
  return false;
}

}  // namespace

Digests digest_live_object(SecretSource& secrets, const Address& address, const ResourceType& type,
                           const Value& desired, const LiveObject& object) {
  Digests digests;
  bool readable = object.presence == Presence::present && object.object.is_fields();
  if (!readable || !holds_secrets(*type.schema, 0)) return digests;
  std::vector<std::pair<std::string, std::string_view>> found;
  Value view = live_view(type, object.object, desired);
  FieldPath path;
  collect(view, *type.schema, false, path, found);
  for (const auto& [where, content] : found) digests[where] = secrets.digest(address, where, content);
  return digests;
}

void digest_secrets(const ObserveInput& input, LiveState& live) {
  for (const Resource& resource : input.graph.resources()) {
    if (resource.desired.contains_secret())
      live.digests[resource.address] = wanted_digests(input, live, resource);
    auto object = live.objects.find(resource.address);
    if (object == live.objects.end()) continue;
    Digests digests =
        digest_live_object(input.secrets, resource.address, *resource.type, resource.desired, object->second);
    if (!digests.empty()) live.live_digests[resource.address] = std::move(digests);
  }
}

}  // namespace carbon
