#include "platform/sandbox/kubernetes/resources.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "stdlib/k8s/kinds.h"

namespace carbon::sandbox {

namespace {

// Storages whose strategy counts generations (each kind's PrepareForCreate sets 1).
constexpr std::array<std::string_view, 21> with_generation{
    "cronjobs.batch",
    "customresourcedefinitions.apiextensions.k8s.io",
    "daemonsets.apps",
    "deployments.apps",
    "endpointslices.discovery.k8s.io",
    "ingressclasses.networking.k8s.io",
    "ingresses.networking.k8s.io",
    "jobs.batch",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "networkpolicies.networking.k8s.io",
    "poddisruptionbudgets.policy",
    "pods",
    "podtemplates",
    "priorityclasses.scheduling.k8s.io",
    "replicasets.apps",
    "replicationcontrollers",
    "servicecidrs.networking.k8s.io",
    "statefulsets.apps",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
};

constexpr std::array<std::pair<std::string_view, NameRule>, 6> name_rules{{
    {"namespaces", NameRule::label},
    {"services", NameRule::service_label},
    {"roles.rbac.authorization.k8s.io", NameRule::path_segment},
    {"rolebindings.rbac.authorization.k8s.io", NameRule::path_segment},
    {"clusterroles.rbac.authorization.k8s.io", NameRule::path_segment},
    {"clusterrolebindings.rbac.authorization.k8s.io", NameRule::path_segment},
}};

// The same objects in a version that would have to be converted.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> elsewhere{{
    {"autoscaling/v1 HorizontalPodAutoscaler", "autoscaling/v1 HorizontalPodAutoscalers (autoscaling/v2 is)"},
    {"events.k8s.io/v1 Event", "events.k8s.io/v1 Events (those of v1 are)"},
}};

constexpr std::array<std::string_view, 8> all_verbs{"create", "delete", "deletecollection", "get",
                                                    "list",   "patch",  "update",           "watch"};

std::vector<std::string> strings(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

std::string version_path(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

void finish(ResourceInfo& resource) {
  resource.api_version = version_path(resource.group, resource.version);
  resource.storage =
      resource.group.empty() ? resource.plural : fmt::format("{}.{}", resource.plural, resource.group);
  resource.has_generation =
      resource.custom || std::ranges::find(with_generation, resource.storage) != with_generation.end();
  for (const auto& [storage, rule] : name_rules) {
    if (storage == resource.storage) resource.names = rule;
  }
  std::string full = fmt::format("{} {}", resource.api_version, resource.kind);
  for (const auto& [name, why] : elsewhere) {
    if (name == full) resource.stored_elsewhere = why;
  }
}

std::unique_ptr<ResourceInfo> built_in(const KubernetesKind& kind) {
  auto resource = std::make_unique<ResourceInfo>();
  resource->group = kind.group;
  resource->version = kind.version;
  resource->kind = kind.kind;
  resource->plural = kind.plural;
  resource->singular = kind.singular;
  resource->namespaced = kind.namespaced;
  resource->short_names = strings(kind.short_names);
  resource->categories = strings(kind.categories);
  resource->verbs = strings(kind.verbs);
  resource->schema_name = kind.schema;
  for (const KubernetesSubresource& sub : kind.subresources) {
    resource->subresources.push_back({std::string(sub.name), std::string(sub.group), std::string(sub.version),
                                      std::string(sub.kind), strings(sub.verbs)});
  }
  finish(*resource);
  return resource;
}

std::vector<std::string> texts_at(const Value& object, Names path) {
  std::vector<std::string> found;
  for (const Value& item : items_at(object, path)) found.emplace_back(item.text());
  return found;
}

std::unique_ptr<ResourceInfo> defined(const Value& definition, const Value& version) {
  auto resource = std::make_unique<ResourceInfo>();
  resource->custom = true;
  resource->group = text_at(definition, {"spec", "group"});
  resource->version = text_at(version, {"name"});
  resource->kind = text_at(definition, {"spec", "names", "kind"});
  resource->plural = text_at(definition, {"spec", "names", "plural"});
  resource->singular = text_at(definition, {"spec", "names", "singular"});
  resource->namespaced = text_at(definition, {"spec", "scope"}) == "Namespaced";
  resource->short_names = texts_at(definition, {"spec", "names", "shortNames"});
  resource->categories = texts_at(definition, {"spec", "names", "categories"});
  resource->verbs = strings(all_verbs);
  if (const Value* schema = at(version, {"schema", "openAPIV3Schema"})) resource->custom_schema = *schema;
  if (at(version, {"subresources", "status"}) != nullptr) {
    resource->subresources.push_back(
        {"status", resource->group, resource->version, resource->kind, {"get", "patch", "update"}});
  }
  if (const Value* scale = at(version, {"subresources", "scale"})) {
    resource->subresources.push_back({"scale", "autoscaling", "v1", "Scale", {"get", "patch", "update"}});
    resource->scale = {std::string(text_at(*scale, {"specReplicasPath"})),
                       std::string(text_at(*scale, {"statusReplicasPath"})),
                       std::string(text_at(*scale, {"labelSelectorPath"}))};
  }
  finish(*resource);
  return resource;
}

}  // namespace

const SubresourceInfo* ResourceInfo::subresource(std::string_view name) const {
  auto found = std::ranges::find(subresources, name, &SubresourceInfo::name);
  return found == subresources.end() ? nullptr : &*found;
}

bool ResourceInfo::can(std::string_view verb) const { return std::ranges::find(verbs, verb) != verbs.end(); }

Resources::Resources() {
  for (const KubernetesKind& kind : kubernetes_kinds()) add(built_in(kind));
}

void Resources::add(std::unique_ptr<ResourceInfo> resource) {
  ResourceInfo* added = all_.emplace_back(std::move(resource)).get();
  by_path_[fmt::format("{}/{}", added->api_version, added->plural)] = added;
  by_kind_[fmt::format("{} {}", added->api_version, added->kind)] = added;
  ResourceInfo*& stored = by_storage_[added->storage];
  if (stored == nullptr || !stored->stored_elsewhere.empty()) stored = added;
}

ResourceInfo* Resources::by_path(std::string_view group, std::string_view version, std::string_view plural) {
  auto found = by_path_.find(fmt::format("{}/{}", version_path(group, version), plural));
  return found == by_path_.end() ? nullptr : found->second;
}

ResourceInfo* Resources::by_kind(std::string_view api_version, std::string_view kind) {
  auto found = by_kind_.find(fmt::format("{} {}", api_version, kind));
  return found == by_kind_.end() ? nullptr : found->second;
}

ResourceInfo* Resources::by_storage(std::string_view storage) {
  auto found = by_storage_.find(storage);
  return found == by_storage_.end() ? nullptr : found->second;
}

bool Resources::has_group(std::string_view group) const {
  return std::ranges::any_of(all_, [&](const auto& resource) { return resource->group == group; });
}

const SchemaNode& Resources::schema(ResourceInfo& resource) {
  if (resource.schema == nullptr) {
    resource.schema =
        resource.custom ? &schemas_.custom(resource.custom_schema) : &schemas_.record(resource.schema_name);
  }
  return *resource.schema;
}

const SchemaNode* Resources::schema_of(std::string_view api_version, std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> others{{
      {"DeleteOptions", "meta.v1.DeleteOptions"},  // in the version of whatever is deleted
      {"Eviction", "policy.v1.Eviction"},
      {"Scale", "autoscaling.v1.Scale"},
      {"TokenRequest", "authentication.v1.TokenRequest"},
  }};
  if (ResourceInfo* resource = by_kind(api_version, kind)) return &schema(*resource);
  for (const auto& [name, schema] : others) {
    if (name == kind) return &schemas_.record(schema);
  }
  return nullptr;
}

void Resources::add_definition(const Value& definition) {
  remove_definition(text_at(definition, {"metadata", "name"}));
  for (const Value& version : items_at(definition, {"spec", "versions"})) {
    if (bool_at(version, {"served"})) add(defined(definition, version));
  }
}

void Resources::remove_definition(std::string_view name) {
  auto mine = [&](const ResourceInfo& resource) { return resource.custom && resource.storage == name; };
  std::erase_if(by_path_, [&](const auto& entry) { return mine(*entry.second); });
  std::erase_if(by_kind_, [&](const auto& entry) { return mine(*entry.second); });
  std::erase_if(by_storage_, [&](const auto& entry) { return mine(*entry.second); });
  std::erase_if(all_, [&](const auto& resource) { return mine(*resource); });
}

}  // namespace carbon::sandbox
