#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "platform/io/forwarding_driver.h"

namespace carbon {

/// What goes wrong with a request.
enum class Fault : std::uint8_t {
  lose_request,  ///< never sent; the caller sees a refused connection
  lose_reply,    ///< sent and carried out; the caller sees a reset
  delay,         ///< late by the rule's delay
  overload,      ///< not sent; 429 with Retry-After 1, or SQLSTATE 53300
};

/// One kind of trouble: with `probability`, a request whose method (or SQL mode: `read`, `write`) and target
/// (or database) begin as told gets the fault. An empty text fits all. At most `times` times.
struct FaultRule {
  Fault fault = Fault::lose_reply;
  double probability = 1;
  std::string method;
  std::string target;
  std::uint64_t times = UINT64_MAX;
  Duration delay{1'000'000'000};
};

/// An Io around another that loses, delays and refuses requests by rules, from a seed: equal seeds and equal
/// requests give equal trouble. The first rule that strikes decides. Used on the event-loop thread.
class FaultDriver final : public ForwardingDriver {
 public:
  FaultDriver(Io& inner, std::uint64_t seed, std::vector<FaultRule> rules)
      : ForwardingDriver(inner), random_(seed), rules_(std::move(rules)) {}

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;

  [[nodiscard]] std::uint64_t faults() const { return faults_; }

 private:
  [[nodiscard]] const FaultRule* strike(std::string_view method, std::string_view target);

  std::mt19937_64 random_;
  std::vector<FaultRule> rules_;
  std::uint64_t faults_ = 0;
};

}  // namespace carbon
