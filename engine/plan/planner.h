#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "engine/expr/function.h"
#include "engine/graph/resource_graph.h"
#include "engine/inventory/inventory.h"
#include "engine/observe/live_state.h"
#include "engine/plan/plan.h"
#include "engine/ports/secrets.h"

namespace carbon {

/// What a plan is made with besides its three inputs. The references outlive the call.
struct PlanOptions {
  ResourceTypes& types;  ///< for objects whose block is gone
  const FunctionTable& functions;
  const Digester& digester;
  std::string source_digest = {};
  std::string tool_version = {};
  std::map<std::string, std::string> set_inputs = {};
  /// Everything owned is to go; the graph only says how providers are reached.
  bool destroy = false;
  /// Most deletes; without it 5, or 5 % of what is owned if that is more.
  std::optional<std::uint32_t> max_delete = {};
  /// Data-bearing types that may be deleted or replaced: `postgres.Database`, or `Database`; or one address.
  std::vector<std::string> allow_delete = {};
  /// Where an origin or span stands, as text; may be empty.
  std::function<Written(std::uint32_t offset)> locate = {};
  /// The clusters that objects may be on, by uid, and where that is written. Empty: any.
  std::vector<std::string> cluster_uids = {};
  Written clusters_written = {};
  /// Under the inventory's key: tells drift from a changed platform file where no server does; may be empty.
  KeyedDigest digest = {};
  /// Whether an operation token was written by this inventory; may be empty.
  std::function<bool(std::string_view token)> owns_token = {};
};

/// Decides what is to be done; the inventory is as relocate gives it. Pure: no I/O, no clock; the same inputs
/// give an equal plan, whatever their order. Errors go to the sink with the resource's address, and what they
/// concern, with all that needs it, is left out of the changes and named in Plan::blocked: C0405 protected,
/// C0412 lookup missing, C0415 orphaned provider, C0416 not owned, C0417 not readable, C0419 nothing to
/// adopt, C0711 another target, and what the server said to a preview. C0413 (delete budget) and C0414
/// (data-bearing delete) leave the changes in the plan, so that they can be seen. A plan with errors must not
/// be applied. O(n log n).
[[nodiscard]] Plan plan(const ResourceGraph& graph, const LiveState& live, const Inventory& inventory,
                        const PlanOptions& options, DiagnosticSink& sink);

/// A write whose outcome the server should be asked for before the plan is final. `request.desired` holds
/// secrets as handles and nothing unknown.
struct PreviewCandidate {
  Address address;
  Address provider;
  WriteRequest request;
};

/// The existing objects that a plan made without previews would write, sorted by address. Where there are
/// none, that plan is final.
[[nodiscard]] std::vector<PreviewCandidate> candidates(const Plan& local, ResourceTypes& types);
/// The same from the plan's inputs.
[[nodiscard]] std::vector<PreviewCandidate> candidates(const ResourceGraph& graph, const LiveState& live,
                                                       const Inventory& inventory,
                                                       const PlanOptions& options);

}  // namespace carbon
