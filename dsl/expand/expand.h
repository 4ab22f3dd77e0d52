#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "dsl/check/program.h"
#include "engine/graph/resource_graph.h"
#include "engine/model/object_reference.h"

namespace carbon {

/// What policies and checks said.
struct PolicyFinding {
  std::string policy;  ///< its name; empty for a `check` of a package or component
  PolicySeverity severity = PolicySeverity::error;
  std::string address;  ///< of the resource concerned, where there is one
  std::string message;
};
struct PolicyReport {
  std::uint32_t passed = 0;  ///< checks that held; one repeated over ten resources counts ten times
  std::vector<PolicyFinding> findings;
};

/// An object of a text of manifests (k8s.Manifests).
struct ManifestObject {
  std::string kind;
  std::string object_namespace;  ///< empty where the text writes none
  std::string name;
  const ResourceType* type = nullptr;
  Value desired;
  std::optional<std::size_t> definition;  ///< the object of the same text that defines its kind
};
/// Where such a text stands: the types of its own definitions are named after the address.
struct ManifestText {
  std::string_view address;
  std::string_view text;
  const std::vector<Value>* documents = nullptr;  ///< instead of the text, where they are read already
  SourceSpan span;                                ///< of what declares it
};

class PlanPolicies;

/// Everything outside the files that decides what they mean.
struct ExpandOptions {
  std::optional<std::string> environment;  ///< `-e`, else CARBON_ENV
  std::map<std::string, std::string> set;  ///< `--set`: root inputs as carbon expressions
  std::optional<World> world;              ///< `--world`; else the environment's, else the platform's
  /// What an object names without an expression that says so, as the table of the standard library has it
  /// (stdlib/k8s/references.h); without it only the namespace is looked at.
  std::function<std::vector<ObjectReference>(const ResourceType& type, const Value& desired)> implied;
  /// Reads the objects of a text of manifests; without it there can be none. Errors go to the sink.
  std::function<std::vector<ManifestObject>(const ManifestText& text, ResourceTypes& types,
                                            const Patterns& patterns, DiagnosticSink& sink)>
      manifests;
  bool judge = true;                   ///< evaluate checks and policies
  const Test* test = nullptr;          ///< of the program: what it gives and mocks holds, and it is evaluated
  const SourceMap* sources = nullptr;  ///< for `meta` and for the words of a failed comparison
  std::int64_t fuel = 50'000'000;      ///< evaluation steps (C0420)
  std::size_t max_resources = 1'000'000;  ///< resources, providers and component instances (C0420)
};

/// Where ownership is recorded, evaluated.
struct InventoryChoice {
  std::string kind;   ///< `sqlite`
  std::string where;  ///< directory; may be empty
  SourceSpan span;
};

/// The clusters that an environment may be applied to, evaluated.
struct ClusterPin {
  std::vector<std::string> uids;  ///< of the namespace `kube-system`
  SourceSpan span;
};

/// What a platform means in one environment.
struct Expansion {
  std::string platform;     ///< name, empty when there is none
  std::string environment;  ///< `default` when none is declared
  std::optional<World> world;
  std::optional<InventoryChoice> inventory;
  std::optional<ClusterPin> cluster;  ///< absent: any
  ResourceGraph graph;                ///< empty when there were errors
  PolicyReport report;
  std::shared_ptr<const PlanPolicies> plan_policies;  ///< nullptr when no policy reads `plan`
};

/// Unfolds components and repetition, evaluates every field, chooses providers, fills in identities and finds
/// edges. Then checks and policies are evaluated, but for those that read the plan. Errors: C0204, C0303,
/// C0304, C0306, C0307, C0401 to C0404, C0406, C0408 to C0410, C0418, C0420, C0421, C0503, C0601 to C0604 and
/// what evaluation raises. The same input gives the same graph. O(n log n).
[[nodiscard]] Expansion expand(const Program& program, const ExpandOptions& options, DiagnosticSink& sink);

}  // namespace carbon
