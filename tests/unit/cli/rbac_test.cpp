#include "cli/rbac.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/value_json.h"
#include "stdlib/k8s/schema.h"

using namespace carbon;

namespace {

class Platform {
 public:
  Platform() {
    add_kubernetes_types(types);
    Provider provider;
    provider.address = "cluster";
    provider.type = types.find("k8s.Cluster");
    builder.add_provider(std::move(provider));
  }

  void declare(std::string address, std::string_view kind, std::string_view json) {
    Resource resource;
    resource.address = std::move(address);
    resource.type = types.find("k8s." + std::string(kind));
    resource.desired = *parse_json(json);
    builder.add_resource(std::move(resource));
  }

  /// `shop: configmaps get list` a line, `cluster:` first.
  std::vector<std::string> needs() {
    DiagnosticSink sink;
    ResourceGraph graph = std::move(builder).build(sink);
    std::vector<RbacNeeds> all = rbac_needs(graph, inventory, types, kept);
    REQUIRE(all.size() == 1);
    std::vector<std::string> lines;
    auto add = [&](std::string_view where, const std::vector<RbacRule>& rules) {
      for (const RbacRule& rule : rules)
        lines.push_back(fmt::format("{}: {}{} {}", where, fmt::join(rule.resources, "+"),
                                    rule.names.empty() ? "" : fmt::format("({})", fmt::join(rule.names, " ")),
                                    fmt::join(rule.verbs, " ")));
    };
    add("cluster", all.front().cluster);
    for (const auto& [space, rules] : all.front().namespaces) {
      if (space != "kube-system") add(space, rules);
    }
    return lines;
  }

  ResourceTypes types;
  ResourceGraph::Builder builder;
  Inventory inventory;
  std::optional<KeptInCluster> kept;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("kinds by verb, Secrets by name, lists only where there are several") {
  Platform platform;
  platform.declare("a", "ConfigMap", R"({"metadata": {"name": "a", "namespace": "shop"}})");
  platform.declare("b", "ConfigMap", R"({"metadata": {"name": "b", "namespace": "shop"}})");
  platform.declare("c", "Service", R"({"metadata": {"name": "c", "namespace": "shop"}})");
  platform.declare("d", "Secret", R"({"metadata": {"name": "d", "namespace": "shop"}})");
  CHECK(platform.needs() == Lines{"shop: secrets create", "shop: configmaps create delete get list patch",
                                  "shop: services create delete get patch",
                                  "shop: secrets(d) delete get patch", "shop: namespaces(shop) get"});
}

TEST_CASE("an inventory in the cluster is read and written, its one Secret alone") {
  Platform platform;
  platform.declare("a", "ConfigMap", R"({"metadata": {"name": "a", "namespace": "shop"}})");
  platform.kept = KeptInCluster{"cluster", "state", "shop.prod.live"};
  CHECK(platform.needs() == Lines{"shop: configmaps create delete get patch", "shop: namespaces(shop) get",
                                  "state: secrets create", "state: configmaps create delete get list patch",
                                  "state: secrets(carbon-shop.prod.live-digest) get", "state: leases create",
                                  "state: leases(carbon-shop.prod.live) get patch"});
}

TEST_CASE("what is named and not declared is read, by name") {
  Platform platform;
  platform.declare("web", "Deployment", R"({"metadata": {"name": "web", "namespace": "default"},
    "spec": {"template": {"spec": {"priorityClassName": "high", "serviceAccountName": "default",
    "imagePullSecrets": [{"name": "registry"}]}}}})");
  CHECK(platform.needs() == Lines{"cluster: priorityclasses(high) get", "default: secrets(registry) get",
                                  "default: pods list", "default: deployments create delete get patch"});
}

TEST_CASE("in a namespace that the platform makes, rights are on the cluster") {
  Platform platform;
  platform.declare("space", "Namespace", R"({"metadata": {"name": "garden"}})");
  platform.declare("a", "ConfigMap", R"({"metadata": {"name": "a", "namespace": "garden"}})");
  CHECK(platform.needs() == Lines{"cluster: namespaces create", "cluster: configmaps create delete get patch",
                                  "cluster: namespaces(garden) delete get patch"});
}

TEST_CASE("giving rights needs the right to give them") {
  Platform platform;
  platform.declare("r", "ClusterRole", R"({"metadata": {"name": "r"}})");
  platform.declare("b", "RoleBinding", R"({"metadata": {"name": "b", "namespace": "default"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "r"}})");
  CHECK(platform.needs() ==
        Lines{"cluster: clusterroles create", "cluster: clusterroles(r) delete escalate get patch",
              "default: clusterroles(r) bind", "default: rolebindings create delete get patch"});
}

TEST_CASE("what is owned and no longer declared is read and deleted") {
  Platform platform;
  InventoryEntry entry;
  entry.address = "old";
  entry.type = "k8s.Job";
  entry.provider = "cluster";
  entry.identity = *parse_json(R"({"metadata": {"name": "old", "namespace": "shop"}})");
  platform.inventory.entries.emplace("old", entry);
  CHECK(platform.needs() == Lines{"shop: jobs(old) delete get"});
}

TEST_CASE("manifests quote every name") {
  std::string text = rbac_yaml({{"cluster", {}, {{"shop", {{"", {"secrets"}, {"get"}, {"a:b"}}}}}}},
                               "carbon-shop", "ci/robot");
  CHECK(text ==
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: carbon-shop\n"
        "  namespace: shop\nrules:\n- apiGroups: [\"\"]\n  resources: [\"secrets\"]\n  resourceNames: "
        "[\"a:b\"]\n"
        "  verbs: [\"get\"]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n"
        "  name: carbon-shop\n  namespace: shop\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: "
        "Role\n"
        "  name: carbon-shop\nsubjects:\n- kind: ServiceAccount\n  namespace: ci\n  name: robot\n");
}
