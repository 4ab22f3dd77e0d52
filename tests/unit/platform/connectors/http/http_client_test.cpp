#include "platform/connectors/http/http_client.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"

using namespace carbon;
using carbon::test::json_reply;
using carbon::test::ScriptedIo;

namespace {

constexpr std::int64_t second = 1'000'000'000;

HttpRequest get() {
  HttpRequest request;
  request.method = "GET";
  request.target = "/things";
  return request;
}

/// Answers in turn; the last one goes on.
ScriptedIo::Answer in_turn(std::vector<HttpReply> replies) {
  return [replies = std::move(replies), next = std::size_t{0}](const HttpRequest&) mutable {
    return replies[std::min(next++, replies.size() - 1)];
  };
}

HttpReply lost() {
  HttpReply reply;
  reply.cause = HttpReply::Cause::reset;
  reply.sent = true;
  return reply;
}

}  // namespace

TEST_CASE("the headers go with every request, and their secrets come back in no failure") {
  HttpReply refused = json_reply(401, R"({"message":"hunter2-hunter2 has ended"})");
  ScriptedIo io(in_turn({refused, json_reply(200, R"({"name":"hunter2-hunter2"})")}));
  HttpClient client(io, {}, {{"Authorization", "hunter2-hunter2"}}, {"hunter2-hunter2"});
  CHECK(io.result_of(client.read(get())).body == R"({"message":"(secret) has ended"})");
  // What an object holds is not changed.
  CHECK(io.result_of(client.read(get())).body == R"({"name":"hunter2-hunter2"})");
  for (const HttpRequest& sent : io.requests) CHECK(sent.headers.back().value == "hunter2-hunter2");
}

TEST_CASE("a read is sent again while a server is busy or its reply gets lost, and a write is not") {
  ScriptedIo io(in_turn({json_reply(429, ""), lost(), json_reply(502, ""), json_reply(200, "{}")}));
  HttpClient client(io, {});
  CHECK(io.result_of(client.read(get())).status == 200);
  CHECK(io.requests.size() == 4);
  ScriptedIo busy(in_turn({json_reply(429, ""), json_reply(200, "{}")}));
  HttpClient writer(busy, {});
  CHECK(busy.result_of(writer.write(get())).status == 429);
  CHECK(busy.requests.size() == 1);
}

TEST_CASE("a read gives up, and waits no longer than a minute at a time") {
  ScriptedIo broken(in_turn({lost()}));
  HttpClient lossy(broken, {});
  CHECK(broken.result_of(lossy.read(get())).status == 0);
  CHECK(broken.requests.size() == 3);
  HttpReply busy = json_reply(503, "");
  busy.headers.push_back({"Retry-After", "86400"});
  ScriptedIo io(in_turn({busy}));
  HttpClient client(io, {});
  CHECK(io.result_of(client.read(get())).status == 503);
  CHECK(io.requests.size() == 10);
  CHECK(io.now() < 9 * 76 * second);
  for (const char* said : {"-1", "soon", "1s", ""}) {
    busy.headers = {{"Retry-After", said}};
    CHECK_FALSE(retry_after(busy));
  }
}
