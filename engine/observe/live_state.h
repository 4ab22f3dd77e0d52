#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/ports/connector.h"

namespace carbon {

/// What was read before planning. Keys are addresses of declared resources and lookups, and of inventory
/// entries whose block is gone.
struct LiveState {
  std::map<Address, LiveObject> objects;
  /// Owned objects whose declaration now names another object: the one that the inventory knows, by address.
  std::map<Address, LiveObject> former;
  /// Desired values with their derived fields, by address, or why they cannot be had; of all others the graph
  /// has them.
  std::map<Address, Result<Value>> derived;
  /// What the server said a write would give, for objects whose local difference is not empty.
  std::map<Address, Result<Value>> previews;
  /// By provider address. A provider that could not be asked has no entry.
  std::map<Address, TargetIdentity> targets;
  /// Digests of the wanted secret contents, computed at plan time: address to field path to digest.
  std::map<Address, std::map<std::string, std::string>> digests;
  /// The same of what the live objects hold in their secret-bearing fields, where that can be read.
  std::map<Address, std::map<std::string, std::string>> live_digests;
};

}  // namespace carbon
