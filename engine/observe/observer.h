#pragma once

#include <map>
#include <string>

#include "base/task.h"
#include "engine/expr/function.h"
#include "engine/graph/resource_graph.h"
#include "engine/inventory/inventory.h"
#include "engine/observe/live_state.h"
#include "engine/ports/connector.h"
#include "engine/ports/secrets.h"

namespace carbon {

/// What is to be observed, and through what. Everything outlives the task.
struct ObserveInput {
  const ResourceGraph& graph;
  const Inventory& inventory;
  ResourceTypes& types;
  const FunctionTable& functions;
  SecretSource& secrets;
  /// By provider address. One that is missing is not known before apply: everything behind it is `later`.
  const std::map<Address, std::unique_ptr<Connector>>& connectors;
  /// Providers that are known and could not be made into a connector, with the reason.
  const std::map<Address, Error>& broken;
};

/// Reads every declared object, every lookup and every owned object whose block is gone: all providers at the
/// same time, each connector with as few requests as it can. A provider that does not answer makes its own
/// objects unknown and nothing else (invariant I12). Then digests the secrets that are wanted and those that
/// are there.
Task<LiveState> observe(const ObserveInput* input);

}  // namespace carbon
