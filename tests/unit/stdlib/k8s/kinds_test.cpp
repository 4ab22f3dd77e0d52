#include "stdlib/k8s/kinds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "stdlib/k8s/schema_text.h"

using namespace carbon;

TEST_CASE("every resource has its schema and is served under one path only") {
  for (const KubernetesKind& kind : kubernetes_kinds()) {
    CHECK_MESSAGE(find_schema(kind.schema).has_value(), std::string(kind.schema));
    CHECK_FALSE(kind.verbs.empty());
    auto same = [&](const KubernetesKind& other) {
      return other.group == kind.group && other.version == kind.version && other.plural == kind.plural;
    };
    CHECK(std::ranges::count_if(kubernetes_kinds(), same) == 1);
  }
}

TEST_CASE("discovery has short names, categories and subresources") {
  const KubernetesKind* deployment = find_kubernetes_kind("Deployment");
  REQUIRE(deployment != nullptr);
  CHECK(deployment->singular == "deployment");
  REQUIRE(deployment->short_names.size() == 1);
  CHECK(deployment->short_names[0] == "deploy");
  CHECK(deployment->categories[0] == "all");
  CHECK(deployment->verbs.size() == 8);
  REQUIRE(deployment->subresources.size() == 2);
  const KubernetesSubresource& scale = deployment->subresources[0];
  CHECK(scale.name == "scale");
  CHECK(scale.group == "autoscaling");
  CHECK(scale.kind == "Scale");
  CHECK(std::ranges::equal(scale.verbs, std::array<std::string_view, 3>{"get", "patch", "update"}));
}

TEST_CASE("of several versions one is declared and the others are still served") {
  std::vector<std::string_view> versions;
  for (const KubernetesKind& kind : kubernetes_kinds()) {
    if (kind.kind == "HorizontalPodAutoscaler") versions.push_back(kind.version);
  }
  CHECK(versions == std::vector<std::string_view>{"v2", "v1"});
  CHECK(find_kubernetes_kind("HorizontalPodAutoscaler")->version == "v2");
  CHECK(find_kubernetes_kind("ComponentStatus") == nullptr);
  CHECK(find_kubernetes_kind("Nothing") == nullptr);
}
