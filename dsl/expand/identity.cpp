// What an object is called: defaults from the address, and that no two resources mean the same object.

#include <fmt/format.h>
#include <algorithm>

#include "base/spelling.h"
#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"
#include "engine/model/identity.h"

namespace carbon {

namespace {

constexpr std::string_view default_namespace = "default";

const Value* metadata_field(const Value& desired, std::string_view name) {
  const Value* metadata = desired.find("metadata");
  return metadata == nullptr ? nullptr : metadata->find(name);
}

/// The record with some fields of `metadata` added, name and namespace first as people write them.
Value with_metadata(const Value& desired, std::vector<Entry> added) {
  const Value* metadata = desired.find("metadata");
  std::vector<Entry> fields = std::move(added);
  if (metadata != nullptr && metadata->is_fields()) {
    for (const Entry& entry : metadata->entries()) {
      auto same = [&](const Entry& each) { return each.key.text() == entry.key.text(); };
      if (std::none_of(fields.begin(), fields.end(), same)) fields.push_back(entry);
    }
  }
  std::vector<Entry> all{{Value::string("metadata"), Value::record(std::move(fields))}};
  for (const Entry& entry : desired.entries()) {
    if (entry.key.text() != "metadata") all.push_back(entry);
  }
  return Value::record(std::move(all));
}

/// True if two providers differ in nothing but the namespace of objects that write none.
bool reach_the_same(const Provider& one, const Provider& other) {
  if (one.type != other.type || one.type->name != "k8s.Cluster") return false;
  auto without_namespace = [](const Value& config) {
    std::vector<Entry> kept;
    for (const Entry& entry : config.entries()) {
      if (entry.key.text() != "namespace" && !entry.value.is_null()) kept.push_back(entry);
    }
    return Value::record(std::move(kept));
  };
  return without_namespace(one.config) == without_namespace(other.config);
}

/// Identity fields are named by fields alone, never by items of lists.
const Value* identity_value(const Resource& resource, const FieldPath& path) {
  const Value* value = &resource.desired;
  for (const FieldStep& step : path.steps) {
    if (value != nullptr) value = value->find(step.name);
  }
  return value;
}

/// Names and keys of an address, in order: `apps["grafana"].pw` is apps, grafana, pw.
std::vector<std::string> address_parts(std::string_view address, bool& keys_are_labels) {
  std::vector<std::string> parts;
  keys_are_labels = true;
  auto path = FieldPath::parse(address);
  if (!path) return parts;
  for (const FieldStep& step : path->steps) {
    if (step.kind == FieldStep::Kind::key || step.name.empty()) {
      std::string key = step.kind == FieldStep::Kind::key ? step.key.front() : step.name;
      keys_are_labels = keys_are_labels && is_dns_label(key);
      parts.push_back(std::move(key));
    } else {
      parts.push_back(kebab(step.name));
    }
  }
  return parts;
}

}  // namespace

std::string name_from_address(std::string_view address) {
  bool labels = true;
  return fmt::format("{}", fmt::join(address_parts(address, labels), "-"));
}

std::optional<std::string> Expander::default_name(const Member& member) {
  bool labels = true;
  std::vector<std::string> parts = address_parts(member.address, labels);
  std::string name = fmt::format("{}", fmt::join(parts, "-"));
  if (labels && is_dns_label(name)) return name;
  Diagnostic& error =
      sink_.error(DiagnosticCode::bad_default_name,
                  fmt::format("`{}` does not give a valid name", member.address), member.declaration.span,
                  name.size() > 63 ? fmt::format("`{}` is longer than 63 characters", name)
                                   : fmt::format("`{}` is not a DNS label", name));
  error.helps.push_back({"write `metadata = { name = … }`", {}});
  error.address = member.address;
  return std::nullopt;
}

Expander::Unnamed Expander::unnamed(const Member& member, const Resource& made) const {
  const Value* metadata = made.desired.find("metadata");
  const Expr& body = *member.declaration.instance->body;
  bool root = member.scope.around == nullptr;
  return {root && !member.key, body.span.begin + 1,
          metadata == nullptr || metadata->origin() == 0 ? 0 : metadata->origin() + 1};
}

bool Expander::identify(Member& member, Resource& made) {
  if (made.type->transport == Transport::kubernetes) {
    std::vector<Entry> added;
    const Value* name = metadata_field(made.desired, "name");
    if (name == nullptr || name->is_null()) {
      std::optional<std::string> from_address = default_name(member);
      if (!from_address) return false;
      if (any_moves_) unnamed_[made.address] = unnamed(member, made);
      added.push_back({Value::string("name"), Value::string(*from_address)});
    }
    const Value* space = metadata_field(made.desired, "namespace");
    if (made.type->kubernetes.namespaced && (space == nullptr || space->is_null())) {
      const Value* configured = objects_.providers()[made.provider].config.find("namespace");
      bool written = configured != nullptr && !configured->is_null();
      added.push_back({Value::string("namespace"), written ? *configured : Value::string(default_namespace)});
    }
    if (!added.empty()) made.desired = with_metadata(made.desired, std::move(added));
  }
  for (const FieldPath& path : made.type->identity) {
    const Value* value = identity_value(made, path);
    if (value == nullptr || value->is_null()) {
      sink_.error(DiagnosticCode::missing_field,
                  fmt::format("`{}` needs the field `{}`", made.type->name, path.text()),
                  member.declaration.span, "it says which object is meant");
      return false;
    }
    bool open = value->contains_unknown() || value->contains_secret();
    if (!open) continue;
    // A lookup may wait for its name; a resource that carbon makes may not.
    if (made.mode != ResourceMode::managed && !value->contains_secret()) return true;
    report(*open_problem(fmt::format("`{}`, which says which object is meant,", path.text()), *value,
                         member.declaration.span));
    return false;
  }
  return true;
}

std::uint32_t Expander::cluster_of(std::uint32_t provider) {
  const std::vector<Provider>& providers = objects_.providers();
  while (clusters_.size() <= provider) {
    auto next = static_cast<std::uint32_t>(clusters_.size());
    std::uint32_t same = 0;
    while (same < next && !reach_the_same(providers[same], providers[next])) ++same;
    clusters_.push_back(same);
  }
  return clusters_[provider];
}

void Expander::name_targets() {
  // An identity may refer to one that refers to another; each round names one level.
  constexpr int deepest = 8;
  bool again = true;
  for (int round = 0; again && round < deepest; ++round) {
    again = false;
    for (Resource& resource : objects_.resources()) {
      if (resource.type->transport == Transport::kubernetes) continue;
      std::vector<Entry> entries(resource.desired.entries().begin(), resource.desired.entries().end());
      bool named = false;
      for (Entry& entry : entries) {
        bool identifies =
            std::any_of(resource.type->identity.begin(), resource.type->identity.end(),
                        [&](const FieldPath& path) { return path.steps.front().name == entry.key.text(); });
        const Resource* target = identifies && entry.value.kind() == ValueKind::reference
                                     ? objects_.resource(entry.value.text())
                                     : nullptr;
        if (target == nullptr) continue;
        entry.value =
            carbon::identity_value(*target->type, target->desired).with_origin(entry.value.origin());
        named = true;
      }
      if (named) resource.desired = Value::record(std::move(entries));
      again = again || named;
    }
  }
}

bool Expander::register_identity(const Resource& made) {
  std::string type = made.type->name;
  if (made.type->transport == Transport::kubernetes)
    type = made.type->kubernetes.group + "/" + made.type->kubernetes.kind;
  std::string key = fmt::format("{}\n{}", type, cluster_of(made.provider));
  for (const FieldPath& path : made.type->identity) {
    const Value* value = identity_value(made, path);
    key += "\n" + (value->is_string() ? std::string(value->text()) : encode_value(*value));
  }
  auto [at, fresh] = identities_.emplace(std::move(key), objects_.resources().size());
  if (fresh) return true;
  const Resource& other = objects_.resources()[at->second];
  // Two lookups may read one object.
  if (made.mode != ResourceMode::managed && other.mode != ResourceMode::managed) return true;
  Diagnostic& error =
      sink_.error(DiagnosticCode::duplicate_identity,
                  fmt::format("`{}` and `{}` describe the same object", other.address, made.address),
                  made.span, "again here");
  error.labels.push_back({other.span, "first here"});
  error.address = made.address;
  return false;
}

}  // namespace carbon
