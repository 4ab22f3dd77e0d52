#include "platform/sandbox/serve/fault_spec.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace carbon;
using namespace carbon::sandbox;

namespace {

FaultSpec parsed(std::string_view text) {
  auto spec = FaultSpec::parse(text);
  REQUIRE_MESSAGE(spec, spec.error().message());
  return *std::move(spec);
}

ApiRequest request_to(std::string method, std::string_view target) {
  return ApiRequest::of(std::move(method), target);
}

int status_of(RequestFaults& faults, const ApiRequest& asked) {
  auto verdict = faults.judge(asked);
  return verdict.instead ? verdict.instead->status : 200;
}

}  // namespace

TEST_CASE("faults are asked for by kind, share, method, path and number") {
  RequestFaults faults(
      parsed("429 times=2 retry-after=7s method=GET; 500 path=/api/v1/*; lost method=POST,PUT"));
  ApiRequest get = request_to("GET", "/apis/apps/v1/deployments?limit=5");
  auto first = faults.judge(get);
  REQUIRE(first.instead);
  CHECK(first.instead->status == 429);
  CHECK(std::ranges::find(first.instead->headers, std::pair<std::string, std::string>("Retry-After", "7")) !=
        first.instead->headers.end());
  CHECK(status_of(faults, get) == 429);
  CHECK(status_of(faults, get) == 200);
  CHECK(status_of(faults, request_to("DELETE", "/api/v1/pods")) == 500);
  CHECK(faults.judge(request_to("POST", "/apis/apps/v1/deployments")).lose_reply);
  CHECK_FALSE(faults.judge(request_to("PATCH", "/apis/apps/v1/deployments/x")).lose_reply);
}

TEST_CASE("a share of the requests is hit, the same ones for the same seed") {
  auto hits = [](std::string_view text) {
    RequestFaults faults(parsed(text));
    std::string found;
    for (int i = 0; i < 1000; ++i)
      found += status_of(faults, request_to("GET", "/version")) == 503 ? 'x' : '.';
    return found;
  };
  std::string some = hits("503 rate=10%; seed=3");
  auto count = std::ranges::count(some, 'x');
  CHECK(count > 50);
  CHECK(count < 200);
  CHECK(hits("503 rate=0.1; seed=3") == some);
  CHECK(hits("503 rate=0.1; seed=4") != some);
}

TEST_CASE("latencies add up, within their bounds") {
  RequestFaults faults(parsed("latency=10ms; latency=1ms..5ms"));
  for (int i = 0; i < 100; ++i) {
    std::int64_t delay = faults.judge(request_to("GET", "/version")).delay;
    CHECK(delay >= 11'000'000);
    CHECK(delay <= 15'000'000);
  }
}

TEST_CASE("faults of pods go by name and image") {
  FaultSpec spec = parsed("crash-loop image=web:*; slow=30s name=db-?");
  REQUIRE(spec.pods.size() == 2);
  CHECK(spec.pods[1].fault == "slow=30s");
  CHECK(fits_pattern("web:*", "web:1.2"));
  CHECK(fits_pattern("*/web:*", "registry.example.com/team/web:1"));
  CHECK_FALSE(fits_pattern("web", "web:1"));
  CHECK(fits_pattern("db-?", "db-0"));
  CHECK_FALSE(fits_pattern("db-?", "db-10"));
  CHECK(fits_pattern("a*b*c", "a-x-b-y-c"));
  CHECK_FALSE(fits_pattern("a*b*c", "a-x-c-y-b"));
}

TEST_CASE("what is not understood is refused") {
  for (std::string_view text : {"",
                                ";",
                                "sometimes",
                                "429 rate=0%",
                                "429 rate=101%",
                                "429 rate=-1",
                                "429 rate=nan",
                                "429 often",
                                "429 path=pods",
                                "429 method=FETCH",
                                "429 method=",
                                "500 retry-after=1s",
                                "429 retry-after=1.5s",
                                "429 times=x",
                                "418",
                                "200",
                                "latency",
                                "latency=soon",
                                "latency=5s..1s",
                                "latency=-1s",
                                "lost lost",
                                "crash-loop",
                                "crash-loop image=",
                                "crash-loop rate=5%",
                                "slow=x name=a",
                                "seed=7",
                                "seed=x; 500",
                                "500 seed=7"}) {
    CAPTURE(text);
    auto spec = FaultSpec::parse(text);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().code() == DiagnosticCode::bad_usage);
    CHECK_FALSE(spec.error().diagnostic().helps.empty());
  }
}
