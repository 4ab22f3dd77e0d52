#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/task.h"
#include "engine/apply/journal.h"
#include "engine/apply/run.h"
#include "engine/expr/function.h"
#include "engine/inventory/inventory.h"
#include "engine/plan/plan.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "engine/ports/secrets.h"

namespace carbon {

enum class WaitFor : std::uint8_t {
  ready,     ///< dependants start when the object is ready
  accepted,  ///< dependants start when the server took the request
};

/// What becomes of the rest when a step fails. What needs the failed one is never begun.
enum class OnError : std::uint8_t {
  finish,  ///< independent branches are carried out
  stop,    ///< nothing new is begun; what is in flight ends
};

struct ApplyOptions {
  WaitFor wait = WaitFor::ready;
  Duration ready_timeout{300'000'000'000};  ///< of one object, unless its resource says `timeout`
  std::uint32_t parallel = 24;              ///< requests in flight
  Duration poll{250'000'000};               ///< between two looks at readiness
  std::string about = {};                   ///< what BEGIN says: who runs what, as JSON
  OnError on_error = OnError::finish;
};

/// Everything that an apply works with. The caller owns it and keeps it until the task is done.
struct ApplyWorld {
  Io& io;
  InventoryStore& inventory;
  Journal& journal;
  SecretSource& secrets;
  const FunctionTable& functions;
  ResourceTypes& types;
  ConnectorFactory make_connector;
  /// By provider address; the executor adds those whose config becomes known only now.
  std::map<Address, std::unique_ptr<Connector>>& connectors;
  /// True if the fields that the change's plan was made from are still the same in the object.
  std::function<bool(const Change&, const LiveObject&)> fingerprint_holds;
  /// True if the object already is what the change wants (used where a system keeps no operation token).
  std::function<bool(const Change&, const LiveObject&)> is_as_desired;
  ApplyListener listener;
  /// True once the user asked to stop: nothing new is sent.
  std::function<bool()> stopped = [] { return false; };
  ApplyOptions options;
};

/// Carries out a plan: every intent durable before its request, every result in the inventory and the
/// journal, independent branches go on after a failure. Never throws away an outcome: what is not known is
/// read back. The plan must stay alive until the task is done.
Task<Run> apply(const Plan& plan, ApplyWorld& world);

}  // namespace carbon
