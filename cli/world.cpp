#include "cli/world.h"

#include <fmt/core.h>
#include <filesystem>

#include "cli/scratch_postgres.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/registry.h"
#include "platform/io/gated_driver.h"
#include "platform/io/network_driver.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/sandbox_driver.h"

namespace carbon {

namespace {

/// Beside the sandbox's, which may be thrown away at any time.
std::string scratch_folder(const std::string& sandbox_folder) {
  return (std::filesystem::path(sandbox_folder).parent_path() / "scratch").string();
}

class LiveWorld : public OpenedWorld {
 public:
  LiveWorld(const FunctionTable& functions, KubernetesChoice choice, const std::string& folder)
      : functions_(functions), choice_(std::move(choice)), scratch_(network_, scratch_folder(folder)) {}
  Io& io() override { return counted_; }
  ConnectorFactory connectors() override {
    return connector_factory(counted_, functions_, choice_, &scratch_);
  }
  [[nodiscard]] const IoCounts& counts() const override { return counted_.counts(); }
  void set_gate(std::function<bool()> may_send) override { gated_.set_gate(std::move(may_send)); }
  void trace(TracingDriver::Listener listener) override { traced_.listen(std::move(listener)); }

 private:
  const FunctionTable& functions_;
  KubernetesChoice choice_;
  NetworkDriver network_;
  GatedDriver gated_{network_};
  TracingDriver traced_{gated_};
  CountingDriver counted_{traced_};
  ScratchPostgres scratch_;
};

/// A store that takes everything would say that a platform works which does not.
Error no_server(const ResourceType& connection) {
  return Error(DiagnosticCode::not_yet_supported,
               fmt::format("the sandbox has no server for `{}`, and reaches none outside", connection.name))
      .help("run it in a live world: `--world live`, or `world live` in an environment");
}

/// Every provider's requests are answered in this process, whatever server it names.
class SandboxWorld : public OpenedWorld {
 public:
  SandboxWorld(std::unique_ptr<sandbox::Sandbox> world, const FunctionTable& functions,
               KubernetesChoice choice, const std::string& folder)
      : functions_(functions),
        choice_(std::move(choice)),
        world_(std::move(world)),
        driver_(network_, *world_),
        scratch_(network_, scratch_folder(folder)) {}
  Io& io() override { return counted_; }
  [[nodiscard]] const IoCounts& counts() const override { return counted_.counts(); }
  void trace(TracingDriver::Listener listener) override { traced_.listen(std::move(listener)); }

  ConnectorFactory connectors() override {
    return [this, real = connector_factory(counted_, functions_, {}, &scratch_)](
               const ResourceType& type, const Value& config) -> Result<std::unique_ptr<Connector>> {
      if (type.http.base != nullptr) return fail(no_server(type));
      if (type.name != "k8s.Cluster") return real(type, config);
      HttpEndpoint endpoint;
      endpoint.name = "sandbox";
      endpoint.base = sandbox::kubernetes_base;
      KubernetesLogin login;
      KubeconfigQuery query;
      query.as = choice_.as;
      query.as_groups = choice_.as_groups;
      CARBON_CHECK(impersonate(query, login));
      return std::make_unique<KubernetesConnector>(counted_, std::move(endpoint), std::move(login));
    };
  }

 private:
  const FunctionTable& functions_;
  KubernetesChoice choice_;
  NetworkDriver network_;
  std::unique_ptr<sandbox::Sandbox> world_;
  sandbox::SandboxDriver driver_;
  TracingDriver traced_{driver_};
  CountingDriver counted_{traced_};
  ScratchPostgres scratch_;
};

}  // namespace

std::string_view world_name(World world) { return world == World::live ? "live" : "sandbox"; }

Result<std::unique_ptr<sandbox::Sandbox>> open_sandbox(const std::string& folder,
                                                       const std::vector<sandbox::PodFault>& faults) {
  NetworkDriver clock;
  sandbox::Sandbox::Options options;
  options.folder = folder;
  options.controllers.pod_faults = faults;
  options.wall_clock = clock.wall_clock();
  std::string bytes = clock.random(sizeof options.seed);
  for (char byte : bytes) options.seed = options.seed << 8 | static_cast<unsigned char>(byte);
  return sandbox::Sandbox::open(options);
}

Result<std::unique_ptr<OpenedWorld>> open_world(World world, const std::string& folder,
                                                const FunctionTable& functions) {
  return world_opener({})(world, folder, functions);
}

WorldOpener world_opener(const KubernetesChoice& choice) {
  return [choice](World world, const std::string& folder,
                  const FunctionTable& functions) -> Result<std::unique_ptr<OpenedWorld>> {
    if (world == World::live) return std::make_unique<LiveWorld>(functions, choice, folder);
    auto opened = open_sandbox(folder);
    if (!opened) return fail(opened.error());
    return std::make_unique<SandboxWorld>(std::move(*opened), functions, choice, folder);
  };
}

}  // namespace carbon
