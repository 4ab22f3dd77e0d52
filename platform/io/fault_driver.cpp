#include "platform/io/fault_driver.h"

namespace carbon {

namespace {

HttpReply http_failure(HttpReply::Cause cause, std::string why, bool sent) {
  HttpReply reply;
  reply.cause = cause;
  reply.failure = std::move(why);
  reply.sent = sent;
  return reply;
}

HttpReply http_overload() {
  HttpReply reply;
  reply.status = 429;
  reply.sent = true;
  reply.headers = {{"Retry-After", "1"}, {"Content-Type", "text/plain; charset=utf-8"}};
  reply.body = "Too many requests, please try again later.\n";
  return reply;
}

SqlReply sql_failure(std::string why, std::string sqlstate = {}) {
  SqlReply reply;
  reply.message = std::move(why);
  reply.sqlstate = std::move(sqlstate);
  return reply;
}

SqlReply sql_lost(SqlRequest::Mode mode) {
  SqlReply reply = sql_failure("connection reset (injected)");
  reply.connected = true;
  reply.committed_unknown = mode != SqlRequest::Mode::read_only;
  return reply;
}

/// A completion must not be called from inside the call that started the operation.
template <class Reply>
void answer(Io& io, Io::Done<Reply> done, Reply reply) {
  io.start_sleep(Duration{0}, [done = std::move(done), reply = std::move(reply)] { done(reply); });
}

}  // namespace

const FaultRule* FaultDriver::strike(std::string_view method, std::string_view target) {
  for (FaultRule& rule : rules_) {
    bool fits = method.starts_with(rule.method) && target.starts_with(rule.target) && rule.times > 0;
    // Drawn for every fitting rule, so that one rule's luck does not shift another's.
    if (!fits || std::uniform_real_distribution<double>(0, 1)(random_) >= rule.probability) continue;
    --rule.times;
    ++faults_;
    return &rule;
  }
  return nullptr;
}

void FaultDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  const FaultRule* rule = strike(request.method, request.target);
  if (rule == nullptr) return inner().start_http(endpoint, std::move(request), std::move(done));
  switch (rule->fault) {
    case Fault::lose_request:
      return answer(inner(), std::move(done),
                    http_failure(HttpReply::Cause::refused, "connection refused (injected)", false));
    case Fault::lose_reply:
      return inner().start_http(endpoint, std::move(request), [done = std::move(done)](HttpReply) {
        done(http_failure(HttpReply::Cause::reset, "connection reset (injected)", true));
      });
    case Fault::delay:
      return inner().start_sleep(
          rule->delay, [this, endpoint, request, done] { inner().start_http(endpoint, request, done); });
    case Fault::overload: return answer(inner(), std::move(done), http_overload());
  }
}

void FaultDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  SqlRequest::Mode mode = request.mode;
  const FaultRule* rule = strike(mode == SqlRequest::Mode::read_only ? "read" : "write", request.database);
  if (rule == nullptr) return inner().start_sql(endpoint, std::move(request), std::move(done));
  switch (rule->fault) {
    case Fault::lose_request:
      return answer(inner(), std::move(done), sql_failure("connection refused (injected)"));
    case Fault::lose_reply:
      return inner().start_sql(endpoint, std::move(request),
                               [done = std::move(done), mode](SqlReply) { done(sql_lost(mode)); });
    case Fault::delay:
      return inner().start_sleep(
          rule->delay, [this, endpoint, request, done] { inner().start_sql(endpoint, request, done); });
    case Fault::overload:
      return answer(inner(), std::move(done), sql_failure("sorry, too many clients already", "53300"));
  }
}

}  // namespace carbon
