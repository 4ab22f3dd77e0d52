// Which provider a resource goes through: the nearest level that has one of its type decides.

#include <fmt/format.h>

#include "dsl/expand/expander.h"

namespace carbon {

namespace {

/// The empty record with the fields' constant defaults left to the connector: a sandbox needs no address.
Value empty_config() { return Value::record({}); }

}  // namespace

void Expander::collect_providers(const Value& value, std::string_view type,
                                 std::vector<std::uint32_t>& found) const {
  if (value.kind() == ValueKind::reference) {
    std::uint32_t index = objects_.find_provider(value.text());
    if (index == ResourceGraph::npos) return;
    const auto& providers = const_cast<Objects&>(objects_).providers();
    if (providers[index].type != nullptr && providers[index].type->name == type) found.push_back(index);
  } else if (value.is_fields()) {
    for (const Entry& entry : value.entries()) collect_providers(entry.value, type, found);
  }
}

std::optional<std::uint32_t> Expander::provider_of(Member& member) {
  const Instance& instance = *member.declaration.instance;
  if (instance.settings.provider != nullptr) {
    std::optional<Value> chosen = evaluate_in(*instance.settings.provider, member.frame);
    if (!chosen) return std::nullopt;
    std::vector<std::uint32_t> found;
    collect_providers(*chosen, instance.type->provider_type, found);
    if (found.size() == 1) return found.front();
    sink_.error(DiagnosticCode::no_provider,
                fmt::format("`using` needs one provider of type `{}`", instance.type->provider_type),
                instance.settings.provider->span);
    return std::nullopt;
  }
  const ResourceType* type = program_.types->find(instance.type->provider_type);
  if (type == nullptr) {
    sink_.error(DiagnosticCode::no_provider,
                fmt::format("there is no provider type `{}`", instance.type->provider_type),
                member.declaration.span);
    return std::nullopt;
  }
  return find_provider(member.scope, *type, member.declaration.span);
}

std::optional<std::uint32_t> Expander::find_provider(ScopeInstance& scope, const ResourceType& type,
                                                     SourceSpan span, std::string_view choose) {
  auto known = scope.providers.find(type.name);
  if (known != scope.providers.end()) return known->second;
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < scope.scope->declarations.size(); ++i) {
    const Declaration& declared = scope.scope->declarations[i];
    bool provides = declared.kind == DeclarationKind::provider ||
                    (declared.kind == DeclarationKind::input && scope.around != nullptr);
    if (provides) collect_providers(scope.frame.slots[i], type.name, found);
  }
  std::optional<std::uint32_t> chosen;
  if (found.size() == 1) {
    chosen = found.front();
  } else if (found.size() > 1) {
    std::string names;
    for (std::uint32_t index : found)
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", objects_.providers()[index].address);
    Diagnostic& error =
        sink_.error(DiagnosticCode::several_providers,
                    fmt::format("several providers of type `{}` would do: {}", type.name, names), span);
    error.helps.push_back(
        {fmt::format("write `{}{}`", choose, objects_.providers()[found.front()].address), {}});
  } else {
    chosen = scope.around != nullptr ? find_provider(*scope.around, type, span, choose)
                                     : default_provider(type, span);
  }
  scope.providers.emplace(type.name, chosen);
  return chosen;
}

std::optional<std::uint32_t> Expander::default_provider(const ResourceType& type, SourceSpan span) {
  if (world_ != World::live) return objects_.add(Provider{type.name, &type, empty_config(), {}}, {});
  Diagnostic& error =
      sink_.error(DiagnosticCode::no_provider, fmt::format("no provider of type `{}` is declared", type.name),
                  span, "in world `live` nothing is assumed");
  error.helps.push_back({fmt::format("declare `provider NAME : {} {{ … }}`", type.name), {}});
  return std::nullopt;
}

}  // namespace carbon
