#include "platform/connectors/registry.h"

#include <fmt/core.h>

#include "platform/connectors/http/http_connector.h"
#include "platform/connectors/kubernetes/kubeconfig.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/postgres/postgres_connector.h"

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
  endpoint.ca_pem = text_of(config, "sslrootcert");
  endpoint.client_certificate_pem = text_of(config, "sslcert");
  endpoint.client_key_pem = text_of(config, "sslkey");
  endpoint.application_name = text_of(config, "application_name", endpoint.application_name);
  const Value* most = config.find("connection_limit");
  if (most != nullptr && most->kind() == ValueKind::integer)
    endpoint.most_connections = static_cast<int>(most->as_int());
  endpoint.name = fmt::format("postgres://{}@{}:{}", endpoint.user, endpoint.host, endpoint.port);
  return endpoint;
}

Result<KubernetesAccess> kubernetes_access(const Value& config, const KubernetesChoice& choice) {
  std::string context = text_of(config, "context");
  auto query = KubeconfigQuery::from_environment(text_of(config, "kubeconfig"),
                                                 context.empty() ? choice.context : context);
  query.as = choice.as;
  query.as_groups = choice.as_groups;
  if (std::string server = text_of(config, "server"); !server.empty()) {
    KubernetesAccess access;
    while (server.ends_with('/')) server.pop_back();
    access.endpoint.name = access.endpoint.base = server;
    access.endpoint.ca_pem = text_of(config, "certificate_authority");
    access.endpoint.bearer_token = text_of(config, "token");
    CARBON_CHECK(impersonate(query, access.login));
    return access;
  }
  if (!context.empty() && !choice.context.empty() && context != choice.context)
    return fail(Error(DiagnosticCode::bad_kubeconfig,
                      fmt::format("the provider says `context = \"{}\"`, the command line `--context {}`",
                                  context, choice.context))
                    .help("leave `--context` away, or take `context` out of the provider"));
  KubernetesAccess access = CARBON_TRY(load_kubeconfig(query));
  // What the provider writes wins over the file.
  if (std::string token = text_of(config, "token"); !token.empty()) {
    access.endpoint.bearer_token = token;
    access.login.exec.reset();
    access.login.token_file.clear();
  }
  if (std::string ca = text_of(config, "certificate_authority"); !ca.empty()) access.endpoint.ca_pem = ca;
  return access;
}

ConnectorFactory connector_factory(Io& io, const FunctionTable& functions, const KubernetesChoice& choice,
                                   ScratchServer* scratch) {
  return [&io, &functions, choice, scratch](const ResourceType& type,
                                            const Value& config) -> Result<std::unique_ptr<Connector>> {
    if (type.name == "k8s.Cluster") {
      KubernetesAccess access = CARBON_TRY(kubernetes_access(config, choice));
      return std::make_unique<KubernetesConnector>(io, std::move(access.endpoint), std::move(access.login));
    }
    if (type.http.base != nullptr) {
      HttpAccess access = CARBON_TRY(http_access(type, config, functions));
      return std::make_unique<HttpConnector>(io, std::move(access), config, functions);
    }
    if (type.schema != nullptr && type.schema->field("host") != nullptr) {
      std::string database = text_of(config, "database", "postgres");
      return std::make_unique<PostgresConnector>(io, sql_endpoint(config), database, functions, scratch);
    }
    return fail(
        Error(DiagnosticCode::not_yet_supported, fmt::format("this version cannot reach a `{}`", type.name))
            .help(
                "it reaches `k8s.Cluster`, connections with a `base` (HTTP) and those with a `host` (SQL)"));
  };
}

}  // namespace carbon
