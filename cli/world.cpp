#include "cli/world.h"

#include "platform/connectors/registry.h"
#include "platform/io/network_driver.h"

namespace carbon {

namespace {

class LiveWorld : public OpenedWorld {
 public:
  explicit LiveWorld(const FunctionTable& functions) : functions_(functions) {}
  Io& io() override { return network_; }
  ConnectorFactory connectors() override { return connector_factory(network_, functions_); }

 private:
  const FunctionTable& functions_;
  NetworkDriver network_;
};

}  // namespace

std::string_view world_name(World world) { return world == World::live ? "live" : "sandbox"; }

Result<std::unique_ptr<OpenedWorld>> open_world(World world, const std::string& folder,
                                                const FunctionTable& functions) {
  if (world == World::live) return std::make_unique<LiveWorld>(functions);
  (void)folder;
  return fail(DiagnosticCode::sandbox_failed, "no sandbox yet");
}

}  // namespace carbon
