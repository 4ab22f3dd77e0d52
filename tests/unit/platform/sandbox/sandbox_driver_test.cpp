#include "platform/sandbox/sandbox_driver.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <thread>

#include "base/value_json.h"
#include "platform/io/network_driver.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/postgres/postgres_programs.h"
#include "tests/unit/platform/sandbox/world_folder.h"

using namespace carbon;
using namespace carbon::sandbox;
using carbon::test::open_world;
using carbon::test::WorldFolder;

namespace {

HttpRequest request(std::string method, std::string target, std::string body = "") {
  HttpRequest out;
  out.method = std::move(method);
  out.target = std::move(target);
  out.body = std::move(body);
  return out;
}

HttpEndpoint kubernetes() {
  HttpEndpoint endpoint;
  endpoint.base = kubernetes_base;
  return endpoint;
}

Task<HttpReply> send(Io& io, HttpRequest one) {
  HttpReply reply = co_await io.http(kubernetes(), one);
  co_return reply;
}

constexpr const char* deployments = "/apis/apps/v1/namespaces/default/deployments";
constexpr const char* deployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
        "spec":{"containers":[{"name":"c","image":"i"}]}}}})";

Task<void> create_and_wait(Io& io, int& polls) {
  HttpRequest creation = request("POST", deployments, deployment);
  HttpReply created = co_await send(io, creation);
  CHECK(created.status == 201);
  for (polls = 0; polls < 100; ++polls) {
    HttpRequest look = request("GET", std::string(deployments) + "/web");
    HttpReply reply = co_await send(io, look);
    auto object = parse_json(reply.body);
    if (object && int_at(*object, {"status", "availableReplicas"}) == 2) co_return;
    Duration pause{10'000'000'000};
    co_await io.sleep(pause);
  }
}

Task<void> sleep_for(Io& io, std::int64_t seconds, std::int64_t& passed) {
  std::int64_t before = io.now();
  Duration pause{seconds * 1'000'000'000};
  co_await io.sleep(pause);
  passed = io.now() - before;
}

Task<void> ask(Io& io, HttpEndpoint endpoint, HttpReply& reply) {
  HttpRequest one = request("GET", "/");
  reply = co_await io.http(endpoint, one);
}

SqlEndpoint sql_server(std::string host, int port = 5432) {
  SqlEndpoint endpoint;
  endpoint.name = "postgres://app@" + host + ":" + std::to_string(port);
  endpoint.host = std::move(host);
  endpoint.port = port;
  endpoint.user = "app";
  return endpoint;
}

Task<void> query(Io& io, SqlEndpoint endpoint, std::string text, SqlReply& reply) {
  SqlRequest request;
  request.database = "postgres";
  request.mode = SqlRequest::Mode::plain;
  request.statements.push_back({std::move(text), {}});
  reply = co_await io.sql(endpoint, request);
}

/// The first cell of the answer, or the error.
std::string answer(Io& io, const SqlEndpoint& endpoint, std::string text) {
  SqlReply reply;
  Task<void> task = query(io, endpoint, std::move(text), reply);
  io.run(task);
  if (!reply.ok) return "error: " + reply.message;
  bool none = reply.results.empty() || reply.results[0].rows.empty();
  return none ? "" : reply.results[0].rows[0][0].value_or("NULL");
}

double real_seconds(const std::function<void()>& work) {
  auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

}  // namespace

TEST_CASE("waiting for readiness takes no real time") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  int polls = 0;
  double took = real_seconds([&] {
    Task<void> task = create_and_wait(io, polls);
    io.run(task);
  });
  CHECK(polls == 1);
  CHECK(took < 2);
  MESSAGE("create and ready: ", took, " s");
}

TEST_CASE("a sleep ends after its virtual time") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  std::int64_t passed = 0;
  double took = real_seconds([&] {
    Task<void> task = sleep_for(io, 3600, passed);
    io.run(task);
  });
  CHECK(passed >= 3600'000'000'000);
  CHECK(passed < 3601'000'000'000);
  CHECK(took < 1);
}

TEST_CASE("at real pace a sleep is a sleep") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world, SandboxDriver::Pace::real_time);
  Task<void> task;
  std::int64_t passed = 0;
  double took = real_seconds([&] {
    task = sleep_for(io, 1, passed);
    io.run(task);
  });
  CHECK(took > 0.9);
}

TEST_CASE("objects and time outlive the process") {
  WorldFolder folder;
  NetworkDriver network;
  std::int64_t ended = 0;
  {
    auto world = open_world(folder.path, network);
    SandboxDriver io(network, *world);
    std::int64_t passed = 0;
    Task<void> wait = sleep_for(io, 7200, passed);
    io.run(wait);
    int polls = 0;
    Task<void> task = create_and_wait(io, polls);
    io.run(task);
    ended = io.wall_clock();
  }
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  CHECK(io.wall_clock() > ended - 60'000'000'000);
  auto stored = world->kubernetes().store().get({"deployments.apps", "default", "web"});
  CHECK(stored);
}

TEST_CASE("the sandbox reaches no server outside") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  HttpEndpoint elsewhere;
  elsewhere.base = "https://example.com";
  HttpReply reply;
  Task<void> task = ask(io, elsewhere, reply);
  io.run(task);
  CHECK(reply.status == 0);
  CHECK_FALSE(reply.sent);
  CHECK(reply.failure.find("https://example.com") != std::string::npos);
}

TEST_CASE("SQL goes to the private server, whatever the endpoint names") {
  if (!find_postgres_programs()) return;
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  CHECK(answer(io, sql_server("db.example.com"), "select 41 + 1") == "42");
}

TEST_CASE("servers with another host or port are other servers") {
  if (!find_postgres_programs()) return;
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  SandboxDriver io(network, *world);
  const std::vector<SqlEndpoint> servers = {sql_server("db.example.com"), sql_server("db.example.com", 5433),
                                            sql_server("/run/db_one"), sql_server("::1")};
  std::set<std::string> identifiers;
  for (const SqlEndpoint& server : servers) {
    CHECK(answer(io, server, "create database orders") == "");
    CHECK(answer(io, server, "create role orders") == "");
    identifiers.insert(answer(io, server, "select system_identifier from pg_control_system()"));
  }
  CHECK(identifiers.size() == servers.size());
  CHECK(answer(io, sql_server("DB.Example.com"),
               "select count(*) from pg_database where datname = 'orders'") == "1");
  std::vector<PostgresEndpoint> known = world->postgres().existing();
  CHECK(known ==
        std::vector<PostgresEndpoint>{
            {"/run/db_one", 5432}, {"::1", 5432}, {"db.example.com", 5432}, {"db.example.com", 5433}});
}

TEST_CASE("a world has one owner at a time, who is named") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  HttpEndpoint place;
  place.base = "https://127.0.0.1:1";
  place.bearer_token = "t";
  REQUIRE(world->announce(place));
  auto second = open_world(folder.path, network);
  REQUIRE(second->served());
  CHECK(second->served()->base == place.base);
  CHECK(second->served()->name.find("process " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("a server that is gone is replaced by whoever needs it") {
  WorldFolder folder;
  NetworkDriver network;
  auto server = open_world(folder.path, network);
  HttpEndpoint place;
  place.base = "http://127.0.0.1:1";  // nobody listens there
  REQUIRE(server->announce(place));
  auto world = open_world(folder.path, network);
  REQUIRE(world->served());
  SandboxDriver io(network, *world);
  HttpReply reply;
  Task<void> before = ask(io, kubernetes(), reply);
  io.run(before);
  CHECK(reply.status == 0);
  CHECK(reply.failure.find("process " + std::to_string(::getpid())) != std::string::npos);
  server.reset();
  int polls = 0;
  Task<void> after = create_and_wait(io, polls);
  io.run(after);
  CHECK_FALSE(world->served());
}

TEST_CASE("who comes while a world is about to be served waits for that") {
  WorldFolder folder;
  NetworkDriver network;
  auto world = open_world(folder.path, network);
  HttpEndpoint place;
  place.base = "https://127.0.0.1:1";
  std::thread later([&] {
    ::usleep(200'000);
    CHECK(world->announce(place));
  });
  auto second = open_world(folder.path, network);
  later.join();
  CHECK(second->served());
}
