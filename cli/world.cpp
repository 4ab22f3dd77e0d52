#include "cli/world.h"

#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/registry.h"
#include "platform/io/network_driver.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/sandbox_driver.h"

namespace carbon {

namespace {

class LiveWorld : public OpenedWorld {
 public:
  explicit LiveWorld(const FunctionTable& functions) : functions_(functions) {}
  Io& io() override { return counted_; }
  ConnectorFactory connectors() override { return connector_factory(counted_, functions_); }
  [[nodiscard]] const IoCounts& counts() const override { return counted_.counts(); }

 private:
  const FunctionTable& functions_;
  NetworkDriver network_;
  CountingDriver counted_{network_};
};

/// Every provider's requests are answered in this process, whatever server it names.
class SandboxWorld : public OpenedWorld {
 public:
  SandboxWorld(std::unique_ptr<sandbox::Sandbox> world, const FunctionTable& functions)
      : functions_(functions), world_(std::move(world)), driver_(network_, *world_) {}
  Io& io() override { return counted_; }
  [[nodiscard]] const IoCounts& counts() const override { return counted_.counts(); }

  ConnectorFactory connectors() override {
    return [this, real = connector_factory(counted_, functions_)](
               const ResourceType& type, const Value& config) -> Result<std::unique_ptr<Connector>> {
      if (type.name != "k8s.Cluster") return real(type, config);
      HttpEndpoint endpoint;
      endpoint.name = "sandbox";
      endpoint.base = sandbox::kubernetes_base;
      return std::make_unique<KubernetesConnector>(counted_, std::move(endpoint));
    };
  }

 private:
  const FunctionTable& functions_;
  NetworkDriver network_;
  std::unique_ptr<sandbox::Sandbox> world_;
  sandbox::SandboxDriver driver_;
  CountingDriver counted_{driver_};
};

}  // namespace

std::string_view world_name(World world) { return world == World::live ? "live" : "sandbox"; }

Result<std::unique_ptr<sandbox::Sandbox>> open_sandbox(const std::string& folder) {
  NetworkDriver clock;
  sandbox::Sandbox::Options options;
  options.folder = folder;
  options.wall_clock = clock.wall_clock();
  std::string bytes = clock.random(sizeof options.seed);
  for (char byte : bytes) options.seed = options.seed << 8 | static_cast<unsigned char>(byte);
  return sandbox::Sandbox::open(options);
}

Result<std::unique_ptr<OpenedWorld>> open_world(World world, const std::string& folder,
                                                const FunctionTable& functions) {
  if (world == World::live) return std::make_unique<LiveWorld>(functions);
  auto opened = open_sandbox(folder);
  if (!opened) return fail(opened.error());
  return std::make_unique<SandboxWorld>(std::move(*opened), functions);
}

}  // namespace carbon
