#include "platform/connectors/registry.h"

#include <doctest/doctest.h>

#include "stdlib/k8s/schema.h"
#include "tests/support/simulated_io.h"

using namespace carbon;

namespace {

Value record(std::vector<std::pair<std::string, Value>> fields) {
  std::vector<Entry> entries;
  for (auto& [name, value] : fields) entries.push_back({Value::string(name), std::move(value)});
  return Value::record(std::move(entries));
}

}  // namespace

TEST_CASE("each kind of provider gets its connector, others are refused with what there is") {
  ResourceTypes types;
  add_kubernetes_types(types);
  test::SimulatedIo io;
  FunctionTable functions;
  ConnectorFactory factory = connector_factory(io, functions);
  Value cluster =
      record({{"server", Value::string("https://10.0.0.1:6443/")}, {"token", Value::string("t")}});
  CHECK(factory(*types.find("k8s.Cluster"), cluster).has_value());
  Value missing = record({{"kubeconfig", Value::string("/no/such/file")}});
  auto refused = factory(*types.find("k8s.Cluster"), missing);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == DiagnosticCode::bad_kubeconfig);

  Type& schema = types.types().make(TypeKind::record);
  ResourceType server;
  server.name = "mine.Server";
  server.transport = Transport::connection;
  server.schema = &schema;
  auto unknown = factory(server, record({}));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code() == DiagnosticCode::not_yet_supported);
  schema.fields.push_back({"host", types.types().basic(TypeKind::string), FieldFlag::none, ""});
  CHECK(factory(server, record({{"host", Value::string("db")}})).has_value());
}

TEST_CASE("endpoints are what the config says") {
  SqlEndpoint endpoint =
      sql_endpoint(record({{"host", Value::string("db")}, {"port", Value::integer(6432)}}));
  CHECK(endpoint.name == "postgres://postgres@db:6432");
  CHECK(endpoint.sslmode == "prefer");
  Value config =
      record({{"server", Value::string("https://x/")}, {"certificate_authority", Value::string("PEM")}});
  auto cluster = kubernetes_access(config, {"", "kim", {"ops"}});
  REQUIRE(cluster);
  CHECK(cluster->endpoint.base == "https://x");
  CHECK(cluster->endpoint.ca_pem == "PEM");
  REQUIRE(cluster->login.impersonation.size() == 2);
  CHECK(cluster->login.impersonation[0].name == "Impersonate-User");
  CHECK(cluster->login.impersonation[1].value == "ops");
}

TEST_CASE("a context of the command line does not overrule what is written and reviewed") {
  Value config = record({{"context", Value::string("dev")}, {"kubeconfig", Value::string("/no/such/file")}});
  auto other = kubernetes_access(config, {"prod", "", {}});
  REQUIRE_FALSE(other);
  CHECK(other.error().message() ==
        "the provider says `context = \"dev\"`, the command line `--context prod`");
  auto same = kubernetes_access(config, {"dev", "", {}});
  REQUIRE_FALSE(same);
  CHECK(same.error().message() == "/no/such/file: no such file");
}
