#include "dsl/expand/objects.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/check/policy.h"
#include "engine/expr/access.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

/// The type below a path, as far as the schema says.
TypePtr type_at(TypePtr type, const FieldStep& step) {
  while (type != nullptr && type->kind == TypeKind::optional) type = type->element;
  if (type == nullptr) return nullptr;
  if (type->kind == TypeKind::map) return type->element;
  if (type->kind != TypeKind::record) return nullptr;
  const FieldType* field = type->field(step.name);
  return field != nullptr ? field->type : type->open;
}

/// Generated content is known by key before it is made.
Value generated_data(const Resource& resource) {
  const Value* keys = resource.desired.find("keys");
  if (keys == nullptr || !keys->is_fields()) return Value::unknown_attribute(resource.address, "data");
  std::vector<Entry> entries;
  for (const Entry& key : keys->entries()) {
    FieldPath path{{FieldStep::field("data"), FieldStep::field(std::string(key.key.text()))}};
    Value secret =
        Value::secret({"attribute", {Value::string(resource.address), Value::string(path.text())}});
    entries.push_back({key.key, std::move(secret)});
  }
  return Value::map(std::move(entries));
}

/// What is not written: known only to the server, and a secret where the type says so.
Value unwritten(const Resource& resource, std::string_view path, TypePtr type) {
  while (type != nullptr && type->kind == TypeKind::optional) type = type->element;
  if (type != nullptr && type->kind == TypeKind::secret)
    return Value::secret({"attribute", {Value::string(resource.address), Value::string(path)}});
  return Value::unknown_attribute(resource.address, path);
}

/// `metadata.name`: names with dots between them, the common case. Nothing where the path has keys, or meets
/// anything but written fields on its way.
const Value* written_at(const Value& root, std::string_view path) {
  if (path.find_first_of("[\"") != std::string_view::npos) return nullptr;
  const Value* value = &root;
  while (value != nullptr && !path.empty()) {
    std::size_t dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

Error told_once(const Resource& resource, std::string_view field, SourceSpan span) {
  Error error = located(Error(DiagnosticCode::secret_not_kept,
                              fmt::format("`{}` of `{}` is said by its server only once, when it is made",
                                          field, resource.address)),
                        span);
  if (resource.mode != ResourceMode::managed) return std::move(error).help("a lookup cannot read it");
  return std::move(error).help(
      fmt::format("write `keep {} in SECRET` in `{}`, where SECRET is a resource of type `k8s.Secret`", field,
                  resource.address));
}

bool is_simple(std::string_view path) { return path.find_first_of(".[\"") == std::string_view::npos; }

}  // namespace

void deduplicate(Dependencies& depends) {
  std::stable_sort(depends.begin(), depends.end(),
                   [](const Dependency& a, const Dependency& b) { return a.resource < b.resource; });
  auto same = [](const Dependency& a, const Dependency& b) { return a.resource == b.resource; };
  depends.erase(std::unique(depends.begin(), depends.end(), same), depends.end());
}

Resource& Objects::add(Resource resource) {
  places_[resource.address] = {Place::Kind::resource, static_cast<std::uint32_t>(resources_.size())};
  return resources_.emplace_back(std::move(resource));
}

std::uint32_t Objects::add(Provider provider, Dependencies depends) {
  auto index = static_cast<std::uint32_t>(providers_.size());
  places_[provider.address] = {Place::Kind::provider, index};
  providers_.push_back(std::move(provider));
  provider_depends_.push_back(std::move(depends));
  return index;
}

void Objects::add_outputs(std::string address, std::map<std::string, OutputValue> outputs) {
  places_[std::move(address)] = {Place::Kind::outputs, static_cast<std::uint32_t>(outputs_.size())};
  outputs_.push_back(std::move(outputs));
}

std::uint32_t Objects::find_provider(std::string_view address) const {
  auto found = places_.find(address);
  bool provider = found != places_.end() && found->second.kind == Place::Kind::provider;
  return provider ? found->second.index : ResourceGraph::npos;
}

std::uint32_t Objects::find_resource(std::string_view address) const {
  auto found = places_.find(address);
  bool resource = found != places_.end() && found->second.kind == Place::Kind::resource;
  return resource ? found->second.index : ResourceGraph::npos;
}

Result<Value> Objects::attribute(std::string_view address, std::string_view path, SourceSpan span,
                                 Dependencies& met) const {
  auto found = places_.find(address);
  // Whatever failed has been reported where it failed.
  if (found == places_.end()) return Value::unknown_attribute(address, path);
  switch (found->second.kind) {
    case Place::Kind::resource: {
      if (path == meta_attribute) return meta(resources_[found->second.index]);
      met.push_back({found->second.index, span});
      const Resource& resource = resources_[found->second.index];
      auto keep = std::ranges::find(resource.settings.keeps, path, &Keep::field);
      if (keep != resource.settings.keeps.end() && !is_mocked(address)) {
        met.push_back({find_resource(keep->sink), span});
        return Value::secret({"attribute", {Value::string(keep->sink), Value::string(path_in_sink(path))}});
      }
      if (is_told_once(*resource.type, path) && !is_mocked(address))
        return fail(told_once(resource, path, span));
      return resource_attribute(resource, path);
    }
    case Place::Kind::provider: {
      const Dependencies& depends = provider_depends_[found->second.index];
      met.insert(met.end(), depends.begin(), depends.end());
      const Value* written = providers_[found->second.index].config.find(path);
      if (written != nullptr || is_simple(path)) return written != nullptr ? *written : Value();
      Value value = providers_[found->second.index].config;
      for (const FieldStep& step : CARBON_TRY(FieldPath::parse(path)).steps)
        value = CARBON_TRY(member(value, step.name, Missing::null));
      return value;
    }
    case Place::Kind::outputs: {
      const auto& outputs = outputs_[found->second.index];
      auto output = outputs.find(std::string(path));
      if (output == outputs.end()) return Value::unknown_attribute(address, path);
      met.insert(met.end(), output->second.depends.begin(), output->second.depends.end());
      return output->second.value;
    }
  }
  return Value();
}

const Resource* Objects::resource(std::string_view address) const {
  std::uint32_t index = find_resource(address);
  return index == ResourceGraph::npos ? nullptr : &resources_[index];
}

Value Objects::of_type(const ResourceType& type) const {
  std::vector<std::string_view> addresses;
  for (const Resource& each : resources_) {
    if (each.type == &type && each.mode == ResourceMode::managed) addresses.push_back(each.address);
  }
  std::sort(addresses.begin(), addresses.end());
  std::vector<Value> references;
  references.reserve(addresses.size());
  for (std::string_view address : addresses) references.push_back(Value::reference(address));
  return Value::list(std::move(references));
}

Value Objects::meta(const Resource& resource) const {
  SourceLocation at;
  if (sources_ != nullptr && resource.span.known()) at = sources_->locate(resource.span.begin);
  auto text = [](std::string_view name, std::string_view value) {
    return Entry{Value::string(name), Value::string(value)};
  };
  return Value::record({text("address", resource.address), text("type", resource.type->name),
                        text("provider", providers_[resource.provider].address), text("file", at.path),
                        Entry{Value::string("line"), Value::integer(at.line)},
                        Entry{Value::string("protect"), Value::boolean(resource.settings.protect)}});
}

Result<Value> Objects::resource_attribute(const Resource& resource, std::string_view path) const {
  bool generated = resource.type->generated && path == "data";
  if (generated) return generated_data(resource);
  if (const Value* written = written_at(resource.desired, path)) return *written;
  if (auto mock = mocks_.find(resource.address); mock != mocks_.end()) {
    if (const Value* said = written_at(mock->second, path)) return *said;
  }
  if (is_simple(path)) {
    const FieldType* field = resource.type->schema->field(path);
    return unwritten(resource, path, field != nullptr ? field->type : nullptr);
  }
  FieldPath parsed = CARBON_TRY(FieldPath::parse(path));
  Value value = resource.desired;
  TypePtr type = resource.type->schema;
  for (std::size_t i = 0; i < parsed.steps.size(); ++i) {
    const FieldStep& step = parsed.steps[i];
    // `["a"]` and `.a` are the same step of a map.
    FieldStep named = step.kind == FieldStep::Kind::key ? FieldStep::field(step.key.front()) : step;
    type = type_at(type, named);
    bool missing = value.is_fields() && value.find(named.name) == nullptr;
    if (missing) {
      for (std::size_t rest = i + 1; rest < parsed.steps.size(); ++rest) {
        const FieldStep& next = parsed.steps[rest];
        type = type_at(type, next.kind == FieldStep::Kind::key ? FieldStep::field(next.key.front()) : next);
      }
      return unwritten(resource, path, type);
    }
    value = CARBON_TRY(member(value, named.name, Missing::null));
  }
  return value;
}

}  // namespace carbon
