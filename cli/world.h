#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dsl/check/program.h"
#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/registry.h"
#include "platform/io/counting_driver.h"
#include "platform/io/tracing_driver.h"
#include "platform/sandbox/kubernetes_controllers/pod_fault.h"

namespace carbon {

namespace sandbox {
class Sandbox;
}

/// What requests go to in one run: the providers' own endpoints, or the embedded sandbox.
class OpenedWorld {
 public:
  virtual ~OpenedWorld() = default;
  [[nodiscard]] virtual Io& io() = 0;
  [[nodiscard]] virtual ConnectorFactory connectors() = 0;
  /// What has gone out so far.
  [[nodiscard]] virtual const IoCounts& counts() const = 0;
  /// From now on each request asks first whether it may be sent. A world that is this process needs none.
  virtual void set_gate(std::function<bool()>) {}
  /// From now on every request is told when it has its reply. A world that is simulated has a history of its
  /// own.
  virtual void trace(TracingDriver::Listener) {}
};

/// How a pipeline opens its world: `open_world`, unless something else stands in for the servers.
using WorldOpener = std::function<Result<std::unique_ptr<OpenedWorld>>(World world, const std::string& folder,
                                                                       const FunctionTable& functions)>;

/// Opens a world. The sandbox lives in `folder`; its servers start with the first request that needs them and
/// end with this object. Errors: C0710 with what is missing.
[[nodiscard]] Result<std::unique_ptr<OpenedWorld>> open_world(World world, const std::string& folder,
                                                              const FunctionTable& functions);

/// Opens worlds with what the command line says of clusters.
[[nodiscard]] WorldOpener world_opener(const KubernetesChoice& choice);

/// Opens the sandbox of a folder by itself, to serve it.
[[nodiscard]] Result<std::unique_ptr<sandbox::Sandbox>> open_sandbox(
    const std::string& folder, const std::vector<sandbox::PodFault>& faults = {});

[[nodiscard]] std::string_view world_name(World world);

}  // namespace carbon
