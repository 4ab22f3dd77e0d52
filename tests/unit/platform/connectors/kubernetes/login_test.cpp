#include "platform/connectors/kubernetes/login.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/task_group.h"
#include "tests/support/simulated_io.h"

using namespace carbon;
using namespace carbon::test;

namespace {

/// Answers each run of a program with the next token, a second later.
class ProgramIo : public SimulatedIo {
 public:
  void start_process(ProcessRequest, Done<ProcessReply> done) override {
    ProcessReply reply;
    ++runs;
    reply.status = fails ? 1 : 0;
    reply.output =
        R"({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": ")" +
        std::to_string(runs) + R"(", "expirationTimestamp": "1970-01-01T01:00:00Z"}})";
    at(1'000'000'000, [done = std::move(done), reply] { done(reply); });
  }
  int runs = 0;
  bool fails = false;
};

KubernetesLogin program() {
  KubernetesLogin login;
  login.exec.emplace();
  login.exec->path = "/opt/login";
  login.exec->api_version = "client.authentication.k8s.io/v1";
  return login;
}

Task<void> refresh_into(KubernetesCredentials* credentials, HttpEndpoint* endpoint, std::uint64_t rejected,
                        std::optional<Status>* into) {
  auto refreshing = credentials->refresh(endpoint, rejected);
  into->emplace(co_await refreshing);
}

Status refresh(SimulatedIo& io, KubernetesCredentials& credentials, HttpEndpoint& endpoint,
               std::uint64_t rejected = 0) {
  std::optional<Status> done;
  Task<void> root = refresh_into(&credentials, &endpoint, rejected, &done);
  io.run(root);
  return *done;
}

void pass(SimulatedIo& io, std::int64_t seconds) {
  io.at(seconds * 1'000'000'000, [] {});
  while (io.step()) {
  }
}

}  // namespace

TEST_CASE("a program runs once for many requests, and again when its credential ends") {
  ProgramIo io;
  KubernetesCredentials credentials(io, program());
  HttpEndpoint endpoint;
  std::vector<std::optional<Status>> done(5);
  auto body = [](KubernetesCredentials* from, HttpEndpoint* to,
                 std::vector<std::optional<Status>>* all) -> Task<void> {
    TaskGroup group;
    for (auto& each : *all) group.spawn(refresh_into(from, to, 0, &each));
    auto ended = group.all();
    co_await ended;
  };
  Task<void> root = body(&credentials, &endpoint, &done);
  io.run(root);
  for (auto& each : done) CHECK(each->has_value());
  CHECK(io.runs == 1);
  CHECK(endpoint.bearer_token == "1");
  pass(io, 3580);
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(io.runs == 1);
  pass(io, 10);  // within ten seconds of its end
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "2");
}

TEST_CASE("what a server refuses is renewed once, not once a request") {
  ProgramIo io;
  KubernetesCredentials credentials(io, program());
  HttpEndpoint endpoint;
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(credentials.generation() == 1);
  CHECK(refresh(io, credentials, endpoint, 1).has_value());
  CHECK(credentials.generation() == 2);
  CHECK(refresh(io, credentials, endpoint, 1).has_value());  // another request was refused before that
  CHECK(io.runs == 2);
}

TEST_CASE("a program that fails is not run again at once") {
  ProgramIo io;
  io.fails = true;
  KubernetesCredentials credentials(io, program());
  HttpEndpoint endpoint;
  CHECK_FALSE(refresh(io, credentials, endpoint).has_value());
  CHECK_FALSE(refresh(io, credentials, endpoint).has_value());
  CHECK(io.runs == 1);
  io.fails = false;
  pass(io, 11);
  CHECK(refresh(io, credentials, endpoint).has_value());
}

TEST_CASE("a token file is read again after a minute, and missed only at the start") {
  std::string pattern = (std::filesystem::temp_directory_path() / "carbon-token-XXXXXX").string();
  std::string folder = mkdtemp(pattern.data());
  KubernetesLogin login;
  login.token_file = folder + "/token";
  SimulatedIo io;
  HttpEndpoint endpoint;
  KubernetesCredentials credentials(io, login);
  CHECK_FALSE(refresh(io, credentials, endpoint).has_value());
  std::ofstream(login.token_file) << "one\n";
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "one");
  std::ofstream(login.token_file) << "two\n";
  pass(io, 40);
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "one");
  pass(io, 20);
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "two");
  std::filesystem::remove_all(folder);
  pass(io, 100);
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "two");
}

TEST_CASE("credentials that last are left alone") {
  SimulatedIo io;
  KubernetesCredentials credentials(io, {});
  HttpEndpoint endpoint;
  endpoint.bearer_token = "mine";
  CHECK(refresh(io, credentials, endpoint).has_value());
  CHECK(endpoint.bearer_token == "mine");
  CHECK(credentials.generation() == 0);
}
