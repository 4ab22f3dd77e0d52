// `secret.k8s(namespace, name, key, from = cluster, after = resource)`: a lookup that nobody declared, and a
// handle on what it finds.

#include <fmt/format.h>

#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

void collect_addresses(const Value& value, std::vector<std::string>& found) {
  if (value.kind() == ValueKind::reference) found.emplace_back(value.text());
  if (!value.is_fields()) return;
  for (const Entry& entry : value.entries()) collect_addresses(entry.value, found);
}

}  // namespace

std::optional<std::uint32_t> Expander::cluster_of_secret(const Value& from, SourceSpan span) {
  const ResourceType* cluster = program_.types->find(cluster_type);
  if (cluster == nullptr || scope_ == nullptr) return std::nullopt;
  if (from.is_null()) return find_provider(*scope_, *cluster, span, "from = ");
  std::uint32_t index =
      from.kind() == ValueKind::reference ? objects_.find_provider(from.text()) : ResourceGraph::npos;
  if (index != ResourceGraph::npos) return index;
  sink_.error(DiagnosticCode::no_provider, fmt::format("`from` needs a provider of type `{}`", cluster_type),
              span);
  return std::nullopt;
}

/// The lookup of one Secret, made once, and its place in objects_.resources().
std::optional<std::uint32_t> Expander::secret_lookup(const Value& space, const Value& name,
                                                     std::uint32_t provider, SourceSpan span) {
  const ResourceType* type = program_.types->find("k8s.Secret");
  if (type == nullptr || !spend(span)) return std::nullopt;
  std::string identity = fmt::format("{}/{}", key_text(space).value_or("?"), key_text(name).value_or("?"));
  bool open = space.is_unknown() || name.is_unknown();
  std::string key = fmt::format("{}\n{}\n{}", provider, identity, open ? objects_.resources().size() : 0);
  auto known = stored_secrets_.find(key);
  if (known != stored_secrets_.end()) return known->second;
  Resource made;
  made.address = fmt::format("secret.k8s[{}]", json_quote(identity));
  for (std::size_t i = 2; objects_.find_resource(made.address) != ResourceGraph::npos; ++i)
    made.address = fmt::format("secret.k8s[{}]", json_quote(fmt::format("{} ({})", identity, i)));
  made.type = type;
  made.mode = ResourceMode::lookup;
  made.provider = provider;
  made.span = span;
  made.desired =
      Value::record({{Value::string("metadata"),
                      Value::record({{Value::string("namespace"), space}, {Value::string("name"), name}})}});
  auto index = static_cast<std::uint32_t>(objects_.resources().size());
  for (const auto& [address, path] : open_attributes(made.desired)) {
    std::uint32_t needed = objects_.find_resource(address);
    if (needed != ResourceGraph::npos) edges_.push_back({index, needed, EdgeReason::reference, span});
  }
  for (const Dependency& each : objects_.provider_depends(provider))
    edges_.push_back({index, each.resource, EdgeReason::provider, each.span});
  made.missing_remedy = "make it, or say which resource makes it: `after = RESOURCE`";
  objects_.add(std::move(made));
  stored_secrets_.emplace(std::move(key), index);
  return index;
}

Result<Value> Expander::stored_secret(const std::vector<Value>& arguments, SourceSpan span) {
  const Value& key = arguments[2];
  for (std::size_t i = 0; i < 3; ++i) {
    std::string_view what = i == 2 ? "the key of a stored secret" : "the name of a stored secret";
    bool decided = arguments[i].is_string() || (i < 2 && arguments[i].is_unknown());
    if (decided) continue;
    if (auto problem = open_problem(what, arguments[i], span)) return fail(std::move(*problem));
    return fail(DiagnosticCode::type_mismatch, fmt::format("{} is a string", what));
  }
  std::optional<std::uint32_t> provider = cluster_of_secret(arguments[3], span);
  std::optional<std::uint32_t> lookup;
  if (provider) lookup = secret_lookup(arguments[0], arguments[1], *provider, span);
  // Without one the reason has been reported.
  if (!lookup) return Value::unknown_attribute("secret.k8s", "stringData");
  const Address& address = objects_.resources()[*lookup].address;
  std::vector<std::string> waited_for;
  collect_addresses(arguments[4], waited_for);
  for (const std::string& target : waited_for) afters_.push_back({address, target, span});
  met_.push_back({*lookup, span});
  FieldPath path{{FieldStep::field("stringData"), FieldStep::field(std::string(key.text()))}};
  return Value::secret({"attribute", {Value::string(address), Value::string(path.text())}});
}

/// One that the platform declares is read when it is there.
void Expander::order_declared_secrets() {
  for (const auto& [key, index] : stored_secrets_) {
    const Resource& lookup = objects_.resources()[index];
    const Value* metadata = lookup.desired.find("metadata");
    const Value* space = metadata->find("namespace");
    const Value* name = metadata->find("name");
    if (!space->is_string() || !name->is_string()) continue;
    auto declared =
        identities_.find(fmt::format("/Secret\n{}\n{}\n{}", lookup.provider, space->text(), name->text()));
    if (declared == identities_.end()) continue;
    edges_.push_back({index, static_cast<std::uint32_t>(declared->second), EdgeReason::implied, lookup.span});
  }
}

}  // namespace carbon
