// Lost requests and replies, and an API server that dies, between the connector and a real cluster.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/task_group.h"
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

namespace {

Task<void> create_into(Connector* connector, WriteRequest request, std::atomic<int>* ended,
                       WriteOutcome* into) {
  auto creating = connector->create(std::move(request));
  WriteOutcome outcome = co_await creating;
  *into = std::move(outcome);
  ++*ended;
}

Task<std::size_t> create_all(Connector* connector, const std::vector<WriteRequest>* requests,
                             std::atomic<int>* ended, std::vector<WriteOutcome>* outcomes) {
  TaskGroup group;
  for (std::size_t i = 0; i < requests->size(); ++i)
    group.spawn(create_into(connector, (*requests)[i], ended, &(*outcomes)[i]));
  auto all = group.all();
  co_await all;
  co_return requests->size();
}

}  // namespace

TEST_CASE("a server killed in the middle of many creates: every outcome is true") {
  Client client;
  client.make_namespace("killed");
  std::vector<WriteRequest> requests;
  std::vector<ObjectKey> keys;
  for (int i = 0; i < 1000; ++i) {
    requests.push_back(
        write_of("k8s.ConfigMap", "killed", "map-" + std::to_string(i), R"("data":{"a":"1"})"));
    keys.push_back(requests.back().key);
  }
  std::vector<WriteOutcome> outcomes(requests.size());
  std::atomic<int> ended = 0;
  std::thread killer([&] {
    while (ended < 100) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    cluster().kill("apiserver");
  });
  client.run(create_all(&client.connector, &requests, &ended, &outcomes));
  killer.join();
  cluster().restart("apiserver");
  auto objects = client.run(client.connector.observe(keys));
  int done = 0, unknown = 0, unknown_made = 0, not_admitted = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    REQUIRE(objects[i].presence != Presence::unknown);
    bool there = objects[i].presence == Presence::present;
    Kind kind = outcomes[i].kind;
    done += kind == Kind::done ? 1 : 0;
    not_admitted += kind == Kind::not_admitted ? 1 : 0;
    unknown += kind == Kind::unknown ? 1 : 0;
    unknown_made += kind == Kind::unknown && there ? 1 : 0;
    bool possible = kind == Kind::done || kind == Kind::not_admitted || kind == Kind::unknown;
    CHECK_MESSAGE(possible, outcomes[i].error->message());
    if (kind == Kind::done) CHECK(there);
    if (kind == Kind::not_admitted) CHECK_FALSE(there);
  }
  CHECK(done >= 100);
  CHECK(not_admitted > 0);
  MESSAGE("done " << done << ", not admitted " << not_admitted << ", unknown " << unknown << " of which made "
                  << unknown_made);
}
