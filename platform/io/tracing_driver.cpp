#include "platform/io/tracing_driver.h"

#include <fmt/core.h>

namespace carbon {

namespace {

std::string cause_of(const HttpReply& reply) {
  switch (reply.cause) {
    case HttpReply::Cause::dns: return "no address";
    case HttpReply::Cause::refused: return "refused";
    case HttpReply::Cause::tls: return "TLS failed";
    case HttpReply::Cause::timeout: return "timed out";
    case HttpReply::Cause::reset: return "reset";
    case HttpReply::Cause::none:
    case HttpReply::Cause::other: break;
  }
  return "no reply";
}

/// What Kubernetes (`Audit-Id`) and most others call a request in their own logs.
std::string id_of(const HttpReply& reply) {
  for (std::string_view name : {"audit-id", "x-request-id"}) {
    if (const std::string* id = reply.header(name)) return *id;
  }
  return {};
}

std::string_view words_of(SqlRequest::Mode mode) {
  switch (mode) {
    case SqlRequest::Mode::read_only: return "read only";
    case SqlRequest::Mode::transaction: return "in a transaction";
    case SqlRequest::Mode::plain: return "outside a transaction";
  }
  return "";
}

}  // namespace

void TracingDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  if (!listener_) return inner().start_http(endpoint, std::move(request), std::move(done));
  RequestTrace trace;
  trace.number = ++begun_;
  trace.server = endpoint.name;
  trace.what = fmt::format("{} {}", request.method, request.target);
  trace.sent = request.body.size();
  std::int64_t began = now();
  auto traced = [this, trace = std::move(trace), began, done = std::move(done)](HttpReply reply) mutable {
    trace.outcome = reply.status != 0 ? fmt::format("{}", reply.status) : cause_of(reply);
    trace.id = id_of(reply);
    trace.received = reply.body.size();
    trace.nanoseconds = now() - began;
    listener_(trace);
    done(std::move(reply));
  };
  inner().start_http(endpoint, std::move(request), std::move(traced));
}

void TracingDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  if (!listener_) return inner().start_sql(endpoint, std::move(request), std::move(done));
  RequestTrace trace;
  trace.number = ++begun_;
  trace.server = endpoint.name;
  // The texts stay out: DDL has literals in it.
  trace.what = fmt::format("SQL {} {} statement{}, {}", request.database, request.statements.size(),
                           request.statements.size() == 1 ? "" : "s", words_of(request.mode));
  for (const SqlStatement& statement : request.statements) trace.sent += statement.text.size();
  std::int64_t began = now();
  auto traced = [this, trace = std::move(trace), began, done = std::move(done)](SqlReply reply) mutable {
    trace.outcome = reply.ok ? "ok" : !reply.sqlstate.empty() ? reply.sqlstate : "no reply";
    for (const SqlRows& rows : reply.results) trace.received += rows.rows.size();
    trace.nanoseconds = now() - began;
    listener_(trace);
    done(std::move(reply));
  };
  inner().start_sql(endpoint, std::move(request), std::move(traced));
}

}  // namespace carbon
