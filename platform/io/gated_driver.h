#pragma once

#include <functional>
#include <string>
#include <utility>

#include "platform/io/forwarding_driver.h"

namespace carbon {

/// An Io around another that asks before each request whether it may still be sent. What may not is answered
/// as a request of which no byte has left.
class GatedDriver final : public ForwardingDriver {
 public:
  explicit GatedDriver(Io& inner) : ForwardingDriver(inner) {}

  /// Without one everything is sent.
  void set_gate(std::function<bool()> may_send) { may_send_ = std::move(may_send); }

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;

 private:
  [[nodiscard]] bool open() const { return !may_send_ || may_send_(); }

  std::function<bool()> may_send_;
};

}  // namespace carbon
