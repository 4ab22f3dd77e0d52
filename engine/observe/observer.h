#pragma once

#include <functional>
#include <map>
#include <memory>
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
  /// By provider address. One that is in neither map is not known before apply: everything behind it is
  /// `later`.
  const std::map<Address, std::unique_ptr<Connector>>& connectors;
  /// Providers that are known and could not be made into a connector, with the reason.
  const std::map<Address, Error>& broken;
  /// Called for a provider that is in neither map once live objects tell its config, with secrets revealed
  /// where they can be had: fills one of the maps. Without it such a provider stays `later`.
  std::function<void(const Provider& provider, const Value& config)> connect = {};
};

/// Reads every declared object, every lookup and every owned object whose block is gone: all providers at the
/// same time, each connector with as few requests as it can; then, in rounds, what only the objects read so
/// far could tell how to reach. A provider that does not answer makes its own objects unknown and nothing
/// else (invariant I12). Last, digests the secrets that are wanted and those that are there.
Task<LiveState> observe(const ObserveInput* input);

}  // namespace carbon
