// Lost requests and replies, and an API server that dies, between the connector and a real cluster.
#include <doctest/doctest.h>

#include <thread>

#include "platform/io/fault_driver.h"
#include "tests/real/cluster_fixture.h"

using namespace carbon;
using namespace carbon::test;
using Kind = WriteOutcome::Kind;

TEST_CASE("a lost reply leaves the outcome unknown, and the token tells that it was ours") {
  Client client;
  client.make_namespace("lost");
  FaultDriver faulty(client.io, 1, {{Fault::lose_reply, 1, "PATCH", "", 1, {}}});
  KubernetesConnector connector(faulty, client.endpoint);
  WriteRequest request = write_of("k8s.ConfigMap", "lost", "map", R"("data":{"a":"1"})");
  CHECK(client.run(connector.create(request)).kind == Kind::unknown);
  CHECK(client.look(request.key).token == request.token);
  // The same create again is no second object.
  CHECK(client.run(connector.create(request)).kind == Kind::conflict);
}

TEST_CASE("a lost request had no effect and may be repeated") {
  Client client;
  client.make_namespace("lost");
  FaultDriver faulty(client.io, 1, {{Fault::lose_request, 1, "PATCH", "", 1, {}}});
  KubernetesConnector connector(faulty, client.endpoint);
  WriteRequest request = write_of("k8s.ConfigMap", "lost", "other", R"("data":{"a":"1"})");
  CHECK(client.run(connector.create(request)).kind == Kind::not_admitted);
  CHECK(client.look(request.key).presence == Presence::absent);
  CHECK(client.run(connector.create(request)).kind == Kind::done);
}

TEST_CASE("while the server is down reads are unknown and writes are not admitted; then it goes on") {
  Client client;
  client.make_namespace("down");
  WriteRequest request = write_of("k8s.ConfigMap", "down", "map", R"("data":{"a":"1"})");
  REQUIRE(client.run(client.connector.create(request)).kind == Kind::done);
  cluster().kill("apiserver");
  LiveObject live = client.look(request.key);
  REQUIRE(live.presence == Presence::unknown);
  CHECK(live.why->code() == DiagnosticCode::unreachable);
  WriteRequest other = write_of("k8s.ConfigMap", "down", "other", "");
  CHECK(client.run(client.connector.create(other)).kind == Kind::not_admitted);
  CHECK(client
            .run(client.connector.remove(
                after(request, LiveObject{Presence::present, {}, "u", "1", {}, {}, {}, {}})))
            .kind == Kind::not_admitted);
  cluster().restart("apiserver");
  CHECK(client.look(request.key).presence == Presence::present);
  CHECK(client.run(client.connector.create(other)).kind == Kind::done);
}
