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

namespace carbon {

/// A Kubernetes object that a field names, as the table of the standard library says
/// (stdlib/k8s/references.h).
struct ImpliedReference {
  std::string group;  ///< empty for the core group
  std::string kind;
  std::string object_namespace;  ///< empty for cluster-scoped kinds
  std::string name;
};

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

class PlanPolicies;

/// Everything outside the files that decides what they mean.
struct ExpandOptions {
  std::optional<std::string> environment;  ///< `-e`, else CARBON_ENV
  std::map<std::string, std::string> set;  ///< `--set`: root inputs as carbon expressions
  std::optional<World> world;              ///< `--world`; else the environment's, else the platform's
  /// What an object names without an expression that says so; without it only the namespace is looked at.
  std::function<std::vector<ImpliedReference>(const ResourceType& type, const Value& desired)> implied;
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

/// What a platform means in one environment.
struct Expansion {
  std::string platform;     ///< name, empty when there is none
  std::string environment;  ///< `default` when none is declared
  std::optional<World> world;
  std::optional<InventoryChoice> inventory;
  ResourceGraph graph;  ///< empty when there were errors
  PolicyReport report;
  std::shared_ptr<const PlanPolicies> plan_policies;  ///< nullptr when no policy reads `plan`
};

/// Unfolds components and repetition, evaluates every field, chooses providers, fills in identities and finds
/// edges. Then checks and policies are evaluated, but for those that read the plan. Errors: C0204, C0303,
/// C0304, C0306, C0307, C0401 to C0404, C0406, C0408 to C0410, C0418, C0420, C0421, C0503, C0601 to C0604 and
/// what evaluation raises. The same input gives the same graph. O(n log n).
[[nodiscard]] Expansion expand(const Program& program, const ExpandOptions& options, DiagnosticSink& sink);

}  // namespace carbon
