#include "platform/io/fault_driver.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"

using namespace carbon;
using namespace carbon::test;

namespace {

/// The fates of a row of requests: l(ost), r(eset), 4(29), or o(k); and how many reached the server.
std::pair<std::string, std::size_t> fates(std::uint64_t seed, std::vector<FaultRule> rules, int requests) {
  ScriptedIo inner([](const HttpRequest&) { return json_reply(200, "{}"); });
  FaultDriver io(inner, seed, std::move(rules));
  std::string out;
  for (int i = 0; i < requests; ++i) {
    HttpRequest request;
    request.method = i % 2 == 0 ? "GET" : "PATCH";
    request.target = "/api/v1/x";
    bool called = false;
    io.start_http({}, request, [&](HttpReply reply) {
      called = true;
      out += reply.cause == HttpReply::Cause::refused ? 'l'
             : reply.cause == HttpReply::Cause::reset ? 'r'
             : reply.status == 429                    ? '4'
                                                      : 'o';
    });
    CHECK_FALSE(called);
    while (inner.step()) continue;
    CHECK(called);
  }
  return {out, inner.requests.size()};
}

}  // namespace

TEST_CASE("without rules nothing happens") {
  CHECK(fates(1, {}, 4) == std::pair(std::string("oooo"), std::size_t{4}));
}

TEST_CASE("a lost request never arrives, a lost reply does") {
  FaultRule lose{Fault::lose_request, 1, "PATCH", "", 1, {}};
  FaultRule reset{Fault::lose_reply, 1, "PATCH", "", 1, {}};
  FaultRule busy{Fault::overload, 1, "GET", "/api", 1, {}};
  CHECK(fates(1, {lose, reset, busy}, 6) == std::pair(std::string("4loroo"), std::size_t{4}));
}

TEST_CASE("equal seeds give equal trouble, other seeds other trouble") {
  FaultRule some{Fault::lose_reply, 0.3, "", "", UINT64_MAX, {}};
  CHECK(fates(7, {some}, 64) == fates(7, {some}, 64));
  CHECK(fates(7, {some}, 64) != fates(8, {some}, 64));
}

TEST_CASE("a late request is late by its rule") {
  ScriptedIo inner([](const HttpRequest&) { return json_reply(200, "{}"); });
  FaultRule late{Fault::delay, 1, "", "", 1, Duration{5'000'000'000}};
  FaultDriver io(inner, 1, {late});
  int status = 0;
  io.start_http({}, HttpRequest{}, [&](HttpReply reply) { status = reply.status; });
  while (inner.step()) continue;
  CHECK(status == 200);
  CHECK(io.now() >= 5'000'000'000);
  CHECK(io.faults() == 1);
}
