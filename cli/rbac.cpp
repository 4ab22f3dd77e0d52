#include "cli/rbac.h"

#include <algorithm>
#include <optional>

#include "engine/model/identity.h"
#include "platform/connectors/kubernetes/readiness.h"
#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/references.h"

namespace carbon {

namespace {

constexpr std::string_view rbac_group = "rbac.authorization.k8s.io";
constexpr std::string_view system_namespace = "kube-system";

/// Names that a verb is allowed for.
struct Names {
  bool all = false;
  std::set<std::string> some;
};

struct ApiResource {
  std::string group;
  std::string plural;
  friend auto operator<=>(const ApiResource&, const ApiResource&) = default;
};

/// Verbs by resource, in one namespace or in all of them.
class Rights {
 public:
  void allow(const KubernetesApi& api, std::string_view verb, std::string_view name = {}) {
    allow(ApiResource{api.group, api.plural}, verb, name);
  }
  void allow(ApiResource resource, std::string_view verb, std::string_view name = {}) {
    Names& names = rights_[std::move(resource)][std::string(verb)];
    if (name.empty()) {
      names.all = true;
    } else {
      names.some.emplace(name);
    }
  }

  /// Verbs of equal names together, then resources of equal verbs.
  [[nodiscard]] std::vector<RbacRule> rules() const {
    std::map<std::pair<ApiResource, std::set<std::string>>, std::vector<std::string>> verbs;
    for (const auto& [resource, by_verb] : rights_) {
      for (const auto& [verb, names] : by_verb)
        verbs[{resource, names.all ? std::set<std::string>() : names.some}].push_back(verb);
    }
    using Key = std::tuple<std::string, std::vector<std::string>, std::set<std::string>>;
    std::map<Key, std::vector<std::string>> resources;
    for (const auto& [key, allowed] : verbs)
      resources[{key.first.group, allowed, key.second}].push_back(key.first.plural);
    std::vector<RbacRule> rules;
    for (const auto& [key, plurals] : resources) {
      const auto& [group, allowed, names] = key;
      rules.push_back({group, plurals, allowed, {names.begin(), names.end()}});
    }
    return rules;
  }

 private:
  std::map<ApiResource, std::map<std::string, Names>> rights_;
};

std::string text_of(const Value& object, std::string_view field) {
  const Value* metadata = object.find("metadata");
  const Value* text = metadata == nullptr ? nullptr : metadata->find(field);
  return text != nullptr && text->is_string() ? std::string(text->text()) : std::string();
}

std::string_view field_text(const Value* record, std::string_view field) {
  const Value* text = record == nullptr ? nullptr : record->find(field);
  return text != nullptr && text->is_string() ? text->text() : std::string_view();
}

class Collector {
 public:
  Collector(const ResourceGraph& graph, const Inventory& inventory, ResourceTypes& types)
      : graph_(graph), inventory_(inventory), types_(types) {}

  RbacNeeds collect(std::uint32_t provider, const std::optional<KeptInCluster>& kept) {
    RbacNeeds needs;
    needs.provider = graph_.providers()[provider].address;
    count_declared(provider);
    KubernetesApi namespaces = *namespace_api();
    in(system_namespace).allow(namespaces, "get", system_namespace);
    for (const Resource& resource : graph_.resources()) {
      if (resource.provider == provider && resource.type->transport == Transport::kubernetes)
        declared(resource);
    }
    for (const auto& [address, entry] : inventory_.entries) {
      if (entry.provider == needs.provider && graph_.find(address) == ResourceGraph::npos) owned(entry);
    }
    if (kept && kept->provider == needs.provider) keeps_inventory(*kept);
    for (const auto& [space, rights] : rights_) {
      if (space.empty()) {
        needs.cluster = rights.rules();
      } else {
        needs.namespaces.emplace(space, rights.rules());
      }
    }
    return needs;
  }

 private:
  static const KubernetesApi* namespace_api() {
    static const KubernetesApi api{"", "v1", "Namespace", "namespaces", false};
    return &api;
  }

  void count_declared(std::uint32_t provider) {
    for (const Resource& resource : graph_.resources()) {
      if (resource.provider != provider || resource.type->transport != Transport::kubernetes) continue;
      const KubernetesApi& api = resource.type->kubernetes;
      std::string space = text_of(resource.desired, "namespace");
      std::string name = text_of(resource.desired, "name");
      declared_.insert({api.group + "/" + api.kind, space, name});
      ++counts_[{resource.type->name, space}];
      bool own = api.group.empty() && api.kind == "Namespace" && resource.mode == ResourceMode::managed;
      if (own) own_namespaces_.insert(name);
    }
  }

  void keeps_inventory(const KeptInCluster& kept) {
    Rights& rights = in(kept.name_space);
    // Parts are found by their label, and a list cannot be allowed by names.
    for (std::string_view verb : {"create", "delete", "get", "list", "patch"})
      rights.allow(ApiResource{"", "configmaps"}, verb);
    rights.allow(ApiResource{"coordination.k8s.io", "leases"}, "create");
    for (std::string_view verb : {"get", "patch"})
      rights.allow(ApiResource{"coordination.k8s.io", "leases"}, verb, "carbon-" + kept.key);
    rights.allow(ApiResource{"", "secrets"}, "create");
    rights.allow(ApiResource{"", "secrets"}, "get", "carbon-" + kept.key + "-digest");
  }

  /// Where the rights for objects of a namespace stand.
  Rights& in(std::string_view name_space) {
    bool own = own_namespaces_.contains(std::string(name_space));
    return rights_[own ? std::string() : std::string(name_space)];
  }

  void declared(const Resource& resource) {
    const KubernetesApi& api = resource.type->kubernetes;
    std::string space = text_of(resource.desired, "namespace");
    std::string name = text_of(resource.desired, "name");
    Rights& rights = in(space);
    if (resource.mode != ResourceMode::managed) return rights.allow(api, "get", name);
    // Whoever may read all Secrets of a namespace has them all; objects of no namespace are everybody's.
    bool by_name = !api.namespaced || (api.group.empty() && api.kind == "Secret");
    rights.allow(api, "create");
    for (std::string_view verb : {"get", "patch", "delete"}) rights.allow(api, verb, by_name ? name : "");
    if (!by_name && counts_[{resource.type->name, space}] > 1) rights.allow(api, "list");
    if (has_pods(api)) rights.allow(ApiResource{"", "pods"}, "list");
    if (api.group == rbac_group) roles(resource, rights, name);
    claims(resource);
    references(resource);
  }

  /// Nobody may give rights that he has not himself, unless these verbs say so ("RBAC", privilege
  /// escalation).
  static void roles(const Resource& resource, Rights& rights, const std::string& name) {
    const KubernetesApi& api = resource.type->kubernetes;
    if (api.kind == "Role" || api.kind == "ClusterRole") return rights.allow(api, "escalate", name);
    const Value* role = resource.desired.find("roleRef");
    bool of_cluster = field_text(role, "kind") == "ClusterRole";
    std::string_view bound = field_text(role, "name");
    if (!bound.empty())
      rights.allow(ApiResource{std::string(rbac_group), of_cluster ? "clusterroles" : "roles"}, "bind",
                   bound);
  }

  /// A claim that waits for its first consumer is told by its class.
  void claims(const Resource& resource) {
    if (resource.type->kubernetes.kind != "PersistentVolumeClaim") return;
    std::string_view name = field_text(resource.desired.find("spec"), "storageClassName");
    if (!name.empty()) rights_[""].allow(ApiResource{"storage.k8s.io", "storageclasses"}, "get", name);
  }

  void references(const Resource& resource) {
    for (const ObjectReference& each : object_references(*resource.type, resource.desired)) {
      if (each.optional || each.need == ReferenceNeed::order || is_in_every_cluster(each)) continue;
      if (declared_.contains({each.group + "/" + each.kind, each.object_namespace, each.name})) continue;
      const ResourceType* type = types_.find("k8s." + each.kind);
      if (type == nullptr || type->kubernetes.group != each.group) continue;
      // A namespace is asked for inside itself: a Role there is enough.
      bool is_space = each.group.empty() && each.kind == "Namespace";
      in(is_space ? each.name : each.object_namespace).allow(type->kubernetes, "get", each.name);
    }
  }

  void owned(const InventoryEntry& entry) {
    const ResourceType* type = types_.find(entry.type);
    if (type == nullptr || type->transport != Transport::kubernetes) return;
    Rights& rights = in(text_of(entry.identity, "namespace"));
    for (std::string_view verb : {"get", "delete"})
      rights.allow(type->kubernetes, verb, text_of(entry.identity, "name"));
  }

  const ResourceGraph& graph_;
  const Inventory& inventory_;
  ResourceTypes& types_;
  std::map<std::string, Rights> rights_;  ///< by namespace; empty for the cluster
  std::set<std::string> own_namespaces_;
  std::set<std::tuple<std::string, std::string, std::string>> declared_;
  std::map<std::pair<std::string, std::string>, std::size_t> counts_;  ///< by type and namespace
};

}  // namespace

std::vector<RbacNeeds> rbac_needs(const ResourceGraph& graph, const Inventory& inventory,
                                  ResourceTypes& types, const std::optional<KeptInCluster>& kept) {
  std::vector<RbacNeeds> needs;
  for (std::uint32_t i = 0; i < graph.providers().size(); ++i) {
    if (graph.providers()[i].type->name == "k8s.Cluster")
      needs.push_back(Collector(graph, inventory, types).collect(i, kept));
  }
  std::ranges::sort(needs, {}, &RbacNeeds::provider);
  return needs;
}

}  // namespace carbon
