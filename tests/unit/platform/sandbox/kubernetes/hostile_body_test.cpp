// Bodies that nobody would send: every recorded body with parts replaced. Whatever the answer, it is one: no
// crash, a known status, JSON that can be read.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/server.h"
#include "tests/unit/platform/sandbox/kubernetes/recorded_exchange.h"

namespace carbon::sandbox {

namespace {

#ifndef CARBON_ODD_ROUNDS
#define CARBON_ODD_ROUNDS 12
#endif
constexpr int rounds = CARBON_ODD_ROUNDS;  // mutations of each body

class Dice {
 public:
  std::uint64_t operator()() { return state_ = state_ * 6364136223846793005U + 1442695040888963407U; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(((*this)() >> 33) % bound); }

 private:
  std::uint64_t state_ = 99;
};

Value odd_value(Dice& dice) {
  switch (dice.below(9)) {
    case 0: return {};
    case 1: return Value::integer(-1);
    case 2: return Value::string("");
    case 3: return Value::string("\x01 odd / text %");
    case 4: return Value::list({Value()});
    case 5: return Value::map({});
    case 6: return Value::boolean(true);
    case 7: return Value::decimal("1.5e300");
    default: return Value::map({{Value::string("a"), Value::list({Value::integer(1), Value::string("b")})}});
  }
}

/// The value with one place somewhere in it replaced, dropped or doubled.
Value mutated(const Value& value, Dice& dice) {
  bool deeper = dice.below(5) != 0;
  if (deeper && value.is_fields() && !value.entries().empty()) {
    std::vector<Entry> entries(value.entries().begin(), value.entries().end());
    std::size_t at = dice.below(entries.size());
    entries[at].value = mutated(entries[at].value, dice);
    return Value::map(std::move(entries));
  }
  if (deeper && value.is_sequence() && !value.items().empty()) {
    std::vector<Value> items(value.items().begin(), value.items().end());
    std::size_t at = dice.below(items.size());
    items[at] = mutated(items[at], dice);
    if (dice.below(4) == 0) items.push_back(items[at]);
    return Value::list(std::move(items));
  }
  return odd_value(dice);
}

}  // namespace

TEST_CASE("odd bodies are answered, and leave a store that can be listed") {
  Dice dice;
  Occasion occasion{1'795'540'000'000'000'000, [&] { return dice(); }};
  auto opened = KubernetesSandbox::open(":memory:", occasion);
  REQUIRE(opened.has_value());
  KubernetesSandbox& server = **opened;
  ApiRequest request = ApiRequest::of("POST", "/api/v1/namespaces");
  request.body = R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"record"}})";
  CHECK(server.handle(request, occasion).status == 201);
  const std::set<int> known{200, 201, 400, 403, 404, 405, 406, 409, 413, 415, 422, 500, 501};
  for (const RecordedExchange& exchange :
       read_recordings(std::string(CARBON_SOURCE_ROOT) + "/tests/real/recorded")) {
    Result<Value> body =
        parse_json(exchange.status < 300 && exchange.method != "PUT" ? exchange.reply : exchange.body);
    if (!body || exchange.method == "GET") continue;
    for (int round = 0; round < rounds; ++round) {
      request = ApiRequest::of(exchange.method, exchange.target);
      request.content_type = exchange.content_type;
      request.body = to_json(mutated(*body, dice));
      ApiResponse response = server.handle(request, occasion);
      CHECK_MESSAGE(known.contains(response.status), exchange.name, " ", response.status, " ", request.body);
      bool json = response.content_type != "application/json" || parse_json(response.body).has_value();
      CHECK_MESSAGE(json, exchange.name, response.body);
    }
    for (int turn = 0; turn < 50 && server.settle(occasion); ++turn) {
    }
  }
  for (const char* path :
       {"/api/v1/configmaps", "/apis/apps/v1/deployments", "/api/v1/namespaces", "/api/v1/services"}) {
    ApiResponse list = server.handle(ApiRequest::of("GET", path), occasion);
    CHECK(parse_json(list.body).has_value());
  }
}

}  // namespace carbon::sandbox
