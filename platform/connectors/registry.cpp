#include "platform/connectors/registry.h"

#include <fmt/core.h>

#include "platform/connectors/kubernetes/kubeconfig.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/sql/sql_connector.h"

namespace carbon {

namespace {

std::string text_of(const Value& config, std::string_view name, std::string otherwise = {}) {
  const Value* value = config.find(name);
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::move(otherwise);
}

}  // namespace

SqlEndpoint sql_endpoint(const Value& config) {
  SqlEndpoint endpoint;
  endpoint.host = text_of(config, "host");
  const Value* port = config.find("port");
  if (port != nullptr && port->kind() == ValueKind::integer) endpoint.port = static_cast<int>(port->as_int());
  endpoint.user = text_of(config, "user", "postgres");
  endpoint.password = text_of(config, "password");
  endpoint.sslmode = text_of(config, "sslmode", "prefer");
  endpoint.name = fmt::format("postgres://{}@{}:{}", endpoint.user, endpoint.host, endpoint.port);
  return endpoint;
}

Result<HttpEndpoint> kubernetes_endpoint(const Value& config) {
  if (std::string server = text_of(config, "server"); !server.empty()) {
    HttpEndpoint endpoint;
    while (server.ends_with('/')) server.pop_back();
    endpoint.name = endpoint.base = server;
    endpoint.ca_pem = text_of(config, "certificate_authority");
    endpoint.bearer_token = text_of(config, "token");
    return endpoint;
  }
  auto query = KubeconfigQuery::from_environment(text_of(config, "kubeconfig"), text_of(config, "context"));
  KubernetesAccess access = CARBON_TRY(load_kubeconfig(query));
  // What the provider writes wins over the file.
  if (std::string token = text_of(config, "token"); !token.empty()) access.endpoint.bearer_token = token;
  if (std::string ca = text_of(config, "certificate_authority"); !ca.empty()) access.endpoint.ca_pem = ca;
  return std::move(access.endpoint);
}

ConnectorFactory connector_factory(Io& io, const FunctionTable& functions) {
  return
      [&io, &functions](const ResourceType& type, const Value& config) -> Result<std::unique_ptr<Connector>> {
        if (type.name == "k8s.Cluster") {
          HttpEndpoint endpoint = CARBON_TRY(kubernetes_endpoint(config));
          return std::make_unique<KubernetesConnector>(io, std::move(endpoint));
        }
        if (type.schema != nullptr && type.schema->field("host") != nullptr) {
          std::string database = text_of(config, "database", "postgres");
          return std::make_unique<SqlConnector>(io, sql_endpoint(config), std::move(database), functions);
        }
        return fail(Error(DiagnosticCode::not_yet_supported,
                          fmt::format("this version cannot reach a `{}`", type.name))
                        .help("it reaches `k8s.Cluster` and connections with a `host` (SQL)"));
      };
}

}  // namespace carbon
