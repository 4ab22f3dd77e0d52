#include "platform/io/gated_driver.h"

namespace carbon {

namespace {

constexpr const char* not_sent = "not sent: the lock of the inventory was lost";

}  // namespace

void GatedDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  if (open()) {
    inner().start_http(endpoint, std::move(request), std::move(done));
    return;
  }
  inner().start_sleep({}, [done = std::move(done)] {
    HttpReply reply;
    reply.failure = not_sent;
    reply.cause = HttpReply::Cause::other;
    done(std::move(reply));
  });
}

void GatedDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  if (open()) {
    inner().start_sql(endpoint, std::move(request), std::move(done));
    return;
  }
  inner().start_sleep({}, [done = std::move(done)] {
    SqlReply reply;
    reply.message = not_sent;
    done(std::move(reply));
  });
}

}  // namespace carbon
