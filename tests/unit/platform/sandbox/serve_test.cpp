#include "platform/sandbox/serve/serve.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "base/value_json.h"
#include "platform/io/network_driver.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/serve/listener.h"
#include "tests/unit/platform/sandbox/world_folder.h"

using namespace carbon;
using namespace carbon::sandbox;
using carbon::test::open_world;
using carbon::test::WorldFolder;

namespace {

constexpr const char* config_maps = "/api/v1/namespaces/default/configmaps";
constexpr const char* served_deployments = "/apis/apps/v1/namespaces/default/deployments";
constexpr const char* served_deployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
        "spec":{"containers":[{"name":"c","image":"i"}]}}}})";
constexpr int writers = 4;
constexpr int writes = 20;  // of one writer

/// Follows a collection until the listener stops; counts the objects that it was told of.
void watch(Listener& listener, const std::string& collection, const char* accept, std::atomic<int>& added) {
  ApiRequest request = ApiRequest::of("GET", collection + "?watch=1");
  request.accept = accept;
  ApiResponse response = listener.handle(request);
  if (!response.watch) return;
  auto stream = listener.open_watch(request, std::move(response));
  for (bool last = false; !last;) {
    Listener::Part part = listener.next_part(*stream);
    last = part.last;
    for (std::size_t at = 0; (at = part.lines.find(R"("type":"ADDED")", at)) != std::string::npos; ++at)
      ++added;
  }
}

void write_some(Listener& listener, int writer, std::atomic<int>& created) {
  for (int i = 0; i < writes; ++i) {
    std::string name = "w" + std::to_string(writer) + "-" + std::to_string(i);
    ApiRequest request = ApiRequest::of("POST", config_maps);
    request.body = R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"("}})";
    if (listener.handle(request).status == 201) ++created;
  }
}

/// Looks again every few milliseconds, at most twenty seconds.
bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 4000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

bool deployment_is_available(Listener& listener) {
  ApiResponse response = listener.handle(ApiRequest::of("GET", std::string(served_deployments) + "/web"));
  auto object = parse_json(response.body);
  return object && int_at(*object, {"status", "availableReplicas"}) == 2;
}

/// What a client of another program sees, without a token.
Task<void> ask(Io& io, HttpEndpoint endpoint, std::string target, HttpReply* reply) {
  HttpRequest request;
  request.method = "GET";
  request.target = std::move(target);
  *reply = co_await io.http(endpoint, request);
}

int status_of(const HttpEndpoint& endpoint, std::string target) {
  NetworkDriver network;
  HttpReply reply;
  Task<void> task = ask(network, endpoint, std::move(target), &reply);
  network.run(task);
  return reply.status;
}

/// Worlds without database servers.
ServeEvents when_ready(std::function<void(const ServedPlace&)> ready) {
  return {std::move(ready), [](const ServedDatabase&) {}, [](const Error&) {}};
}

}  // namespace

TEST_CASE("requests, watches and the controllers' clock share one world") {
  WorldFolder folder;
  NetworkDriver clock;
  auto world = open_world(folder.path, clock);
  Listener listener(*world);
  std::atomic<int> created = 0;
  std::atomic<int> seen_plain = 0;
  std::atomic<int> seen_rows = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&] { listener.run_controllers(); });
  threads.emplace_back([&] { watch(listener, config_maps, "", seen_plain); });
  threads.emplace_back([&] {
    watch(listener, config_maps, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", seen_rows);
  });
  for (int i = 0; i < writers; ++i)
    threads.emplace_back([&listener, &created, i] { write_some(listener, i, created); });
  ApiRequest creation = ApiRequest::of("POST", served_deployments);
  creation.body = served_deployment;
  CHECK(listener.handle(creation).status == 201);

  bool available = becomes_true([&] { return deployment_is_available(listener); });
  // The namespace's own kube-root-ca.crt is one of them.
  bool seen = becomes_true([&] { return seen_plain == writers * writes + 1 && seen_rows == seen_plain; });
  listener.stop();
  for (std::thread& thread : threads) thread.join();
  CHECK(created == writers * writes);
  CHECK(available);
  CHECK_MESSAGE(seen, seen_plain.load(), " and ", seen_rows.load(), " were seen");
}

TEST_CASE("a served world answers those who have the token, over TLS") {
  WorldFolder folder;
  NetworkDriver clock;
  auto world = open_world(folder.path, clock);
  int open = 0;
  int refused = 0;
  int anonymous = 0;
  int allowed = 0;
  std::thread client;
  ServeEvents events = when_ready([&](const ServedPlace&) {
    client = std::thread([&] {
      // The announcement holds what a second carbon needs to reach this one.
      auto other = open_world(folder.path, clock);
      HttpEndpoint endpoint = other->served().value_or(HttpEndpoint{});
      allowed = status_of(endpoint, config_maps);
      endpoint.bearer_token = "";
      open = status_of(endpoint, "/version");
      anonymous = status_of(endpoint, config_maps);
      endpoint.bearer_token = "wrong";
      refused = status_of(endpoint, config_maps);
      ::kill(::getpid(), SIGTERM);
    });
  });
  Status served = serve(*world, {}, events);
  client.join();
  CHECK(served);
  CHECK(allowed == 200);
  CHECK(open == 200);
  CHECK(refused == 401);
  CHECK(anonymous == 403);
}

TEST_CASE("SIGTERM ends serving, however early it comes") {
  WorldFolder folder;
  NetworkDriver clock;
  for (int i = 0; i < 5; ++i) {
    auto world = open_world(folder.path, clock);
    ServeEvents events = when_ready([](const ServedPlace&) { ::kill(::getpid(), SIGTERM); });
    Status served = serve(*world, {}, events);
    CHECK(served);
  }
}
