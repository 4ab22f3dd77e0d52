#include <doctest/doctest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "base/task_group.h"
#include "platform/io/network_driver.h"
#include "tests/support/loopback_server.h"

using namespace carbon;
using test::LoopbackServer;

namespace {

Task<void> fetch(Io& io, HttpEndpoint endpoint, HttpRequest request, HttpReply* out) {
  HttpReply reply = co_await io.http(endpoint, request);
  *out = std::move(reply);
}

HttpEndpoint endpoint_at(std::string base) {
  HttpEndpoint endpoint;
  endpoint.name = base;
  endpoint.base = std::move(base);
  return endpoint;
}

HttpRequest request_of(std::string method, std::string body = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = "/path?x=1";
  request.body = std::move(body);
  request.timeout = Duration{5'000'000'000};
  return request;
}

HttpReply ask(const HttpEndpoint& endpoint, const HttpRequest& request) {
  NetworkDriver io;
  HttpReply reply;
  Task<void> task = fetch(io, endpoint, request, &reply);
  io.run(task);
  return reply;
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

/// Answers every request on every connection with the same bytes.
LoopbackServer::Handler always(std::string answer) {
  return [answer](int fd) {
    while (!LoopbackServer::read_request(fd).empty()) LoopbackServer::write_all(fd, answer);
  };
}

}  // namespace

TEST_CASE("a request carries method, target, headers, token and body, and the reply comes back whole") {
  std::string seen;
  LoopbackServer server([&](int fd) {
    seen = LoopbackServer::read_request(fd);
    LoopbackServer::write_all(fd, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n");
    LoopbackServer::write_all(fd, ok("hello"));
  });
  HttpEndpoint endpoint = endpoint_at(server.base());
  endpoint.bearer_token = "t0ken";
  HttpRequest request = request_of("PATCH", "{\"a\":1}");
  request.headers.push_back({"Content-Type", "application/json"});
  HttpReply reply = ask(endpoint, request);
  CHECK(reply.status == 200);
  CHECK(reply.body == "hello");
  CHECK(reply.sent);
  REQUIRE(reply.header("content-TYPE") != nullptr);
  CHECK(*reply.header("content-TYPE") == "text/plain");
  CHECK(reply.header("X-Early") == nullptr);
  CHECK(seen.starts_with("PATCH /path?x=1 HTTP/1.1\r\n"));
  CHECK(seen.find("Authorization: Bearer t0ken\r\n") != std::string::npos);
  CHECK(seen.find("Content-Type: application/json\r\n") != std::string::npos);
  CHECK(seen.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_CASE("server errors are replies, not failures") {
  LoopbackServer server(always("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nbad!"));
  HttpReply reply = ask(endpoint_at(server.base()), request_of("GET"));
  CHECK(reply.status == 500);
  CHECK(reply.body == "bad!");
  CHECK(reply.cause == HttpReply::Cause::none);
}

TEST_CASE("a redirect is not followed") {
  LoopbackServer server(always("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"));
  HttpReply reply = ask(endpoint_at(server.base()), request_of("GET"));
  CHECK(reply.status == 302);
  CHECK(server.connections() == 1);
}

TEST_CASE("a refused connection has had no effect") {
  HttpReply reply =
      ask(endpoint_at("http://127.0.0.1:" + std::to_string(test::free_port())), request_of("PATCH", "{}"));
  CHECK(reply.status == 0);
  CHECK(reply.cause == HttpReply::Cause::refused);
  CHECK_FALSE(reply.sent);
  CHECK_FALSE(reply.failure.empty());
}

TEST_CASE("a name that does not exist is a dns failure") {
  HttpReply reply = ask(endpoint_at("https://no-such-host.invalid"), request_of("GET"));
  CHECK(reply.cause == HttpReply::Cause::dns);
  CHECK_FALSE(reply.sent);
}

TEST_CASE("a reset after the request was read counts as sent") {
  LoopbackServer server([](int fd) {
    std::string request = LoopbackServer::read_request(fd);
    LoopbackServer::reset_on_close(fd);
  });
  HttpReply reply = ask(endpoint_at(server.base()), request_of("PATCH", "{}"));
  CHECK(reply.status == 0);
  CHECK(reply.cause == HttpReply::Cause::reset);
  CHECK(reply.sent);
}

TEST_CASE("a server that goes away before TLS has begun is lost, not distrusted") {
  LoopbackServer server(&LoopbackServer::reset_on_close);
  std::string base = "https://127.0.0.1:" + std::to_string(server.port());
  // Where the loss is noticed depends on how far libcurl has come: at connect, at getpeername(), in the
  // handshake.
  for (int i = 0; i < 300; ++i) {
    HttpReply reply = ask(endpoint_at(base), request_of("PATCH", "{}"));
    CHECK_MESSAGE(reply.cause != HttpReply::Cause::tls, reply.failure);
    CHECK(reply.cause != HttpReply::Cause::other);
    CHECK_FALSE(reply.sent);
  }
}

TEST_CASE("a body that ends early is a failure, not a short reply") {
  LoopbackServer server([](int fd) {
    std::string request = LoopbackServer::read_request(fd);
    LoopbackServer::write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":[");
  });
  HttpReply reply = ask(endpoint_at(server.base()), request_of("GET"));
  CHECK(reply.status == 0);
  CHECK(reply.cause == HttpReply::Cause::reset);
  CHECK(reply.body.empty());
}

TEST_CASE("a slow server is a timeout after the request's own time") {
  LoopbackServer server([](int fd) {
    while (!LoopbackServer::read_request(fd).empty()) continue;
  });
  HttpRequest request = request_of("PATCH", "{}");
  request.timeout = Duration{200'000'000};
  auto before = std::chrono::steady_clock::now();
  HttpReply reply = ask(endpoint_at(server.base()), request);
  CHECK(reply.cause == HttpReply::Cause::timeout);
  CHECK(reply.sent);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(2));
}

TEST_CASE("garbage is a failure that was sent") {
  LoopbackServer server(always("this is not http at all\r\n\r\n"));
  HttpReply reply = ask(endpoint_at(server.base()), request_of("PATCH", "{}"));
  CHECK(reply.status == 0);
  CHECK(reply.sent);
  CHECK(reply.cause != HttpReply::Cause::none);
}

TEST_CASE("a reply of more than 64 MiB is cut off") {
  LoopbackServer server([](int fd) {
    std::string request = LoopbackServer::read_request(fd);
    LoopbackServer::write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 80000000\r\n\r\n");
    std::string chunk(1'000'000, 'x');
    for (int i = 0; i < 80; ++i) LoopbackServer::write_all(fd, chunk);
  });
  HttpReply reply = ask(endpoint_at(server.base()), request_of("GET"));
  CHECK(reply.status == 0);
  CHECK(reply.failure == "the reply is larger than 64 MiB");
}

TEST_CASE("plain http leaves this machine only when that is allowed") {
  HttpReply reply = ask(endpoint_at("http://192.0.2.1:1"), request_of("GET"));
  CHECK(reply.failure.find("plain http") != std::string::npos);
  CHECK_FALSE(reply.sent);
  HttpEndpoint allowed = endpoint_at("http://no-such-host.invalid");
  allowed.plain_text_allowed = true;
  CHECK(ask(allowed, request_of("GET")).cause == HttpReply::Cause::dns);
}

TEST_CASE("line breaks cannot be smuggled into a request") {
  LoopbackServer server(always(ok("")));
  HttpRequest request = request_of("GET");
  request.headers.push_back({"X", "a\r\nAuthorization: stolen"});
  CHECK_FALSE(ask(endpoint_at(server.base()), request).sent);
  HttpRequest target = request_of("GET");
  target.target = "/a HTTP/1.1\r\nX: y";
  CHECK_FALSE(ask(endpoint_at(server.base()), target).sent);
  CHECK(server.connections() == 0);
}

TEST_CASE("loopback is told by the address, not by its first letters") {
  CHECK(is_loopback_host("127.0.0.1"));
  CHECK(is_loopback_host("127.8.9.1"));
  CHECK(is_loopback_host("[::1]"));
  CHECK(is_loopback_host("localhost"));
  CHECK_FALSE(is_loopback_host("127.0.0.1.example.com"));
  CHECK_FALSE(is_loopback_host("10.0.0.1"));
  CHECK_FALSE(is_loopback_host("localhost.example.com"));
}

namespace {

Task<void> twice(Io& io, HttpEndpoint endpoint, HttpRequest request, HttpReply* first, HttpReply* second) {
  HttpReply one = co_await io.http(endpoint, request);
  *first = std::move(one);
  HttpReply two = co_await io.http(endpoint, request);
  *second = std::move(two);
}

Task<void> many(Io& io, HttpEndpoint endpoint, std::vector<HttpReply>* out) {
  TaskGroup group;
  HttpRequest request = request_of("GET");
  for (HttpReply& each : *out) group.spawn(fetch(io, endpoint, request, &each));
  co_await group.all();
}

}  // namespace

TEST_CASE("connections are kept and reused") {
  LoopbackServer server(always(ok("x")));
  NetworkDriver io;
  HttpReply first, second;
  HttpEndpoint endpoint = endpoint_at(server.base());
  Task<void> task = twice(io, endpoint, request_of("GET"), &first, &second);
  io.run(task);
  CHECK(first.status == 200);
  CHECK(second.status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("a write on a kept connection that died is not repeated behind the caller's back") {
  std::atomic<int> requests = 0;
  LoopbackServer server([&](int fd) {
    for (int i = 0; i < 2; ++i) {
      if (LoopbackServer::read_request(fd).empty()) return;
      ++requests;
      if (i == 0) LoopbackServer::write_all(fd, ok("x"));  // the second one is read, and dropped
    }
  });
  NetworkDriver io;
  HttpReply first, second;
  HttpEndpoint endpoint = endpoint_at(server.base());
  Task<void> task = twice(io, endpoint, request_of("PATCH", "{\"n\":1}"), &first, &second);
  io.run(task);
  CHECK(first.status == 200);
  CHECK(second.status == 0);
  CHECK(second.cause == HttpReply::Cause::reset);
  CHECK(second.sent);
  CHECK(requests == 2);
}

TEST_CASE("many requests run at once, and all of them end") {
  LoopbackServer server([](int fd) {
    while (!LoopbackServer::read_request(fd).empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      LoopbackServer::write_all(fd, ok("x"));
    }
  });
  NetworkDriver io;
  std::vector<HttpReply> replies(64);
  HttpEndpoint endpoint = endpoint_at(server.base());
  auto before = std::chrono::steady_clock::now();
  Task<void> task = many(io, endpoint, &replies);
  io.run(task);
  for (const HttpReply& reply : replies) CHECK(reply.status == 200);
  CHECK(server.connections() > 1);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(1));
}
