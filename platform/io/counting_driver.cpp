#include "platform/io/counting_driver.h"

#include <utility>

namespace carbon {

namespace {

bool taken_up(const HttpReply& reply) {
  return reply.status != 0 && reply.status != 429 && reply.status < 500;
}

/// SQLSTATE classes 40 (deadlock), 53 (no connection free), 55 (locked) and 57 (starting, stopping) are
/// repeated.
bool taken_up(const SqlReply& reply) {
  if (reply.ok) return true;
  std::string state = reply.sqlstate.substr(0, 2);
  return !state.empty() && state != "40" && state != "53" && state != "55" && state != "57";
}

std::uint64_t size_of(const SqlRequest& request) {
  std::uint64_t size = 0;
  for (const SqlStatement& statement : request.statements) {
    size += statement.text.size();
    for (const auto& parameter : statement.parameters) size += parameter ? parameter->size() : 0;
  }
  return size;
}

std::uint64_t size_of(const SqlReply& reply) {
  std::uint64_t size = reply.message.size() + reply.detail.size();
  for (const SqlRows& result : reply.results) {
    for (const auto& row : result.rows) {
      for (const auto& field : row) size += field ? field->size() : 0;
    }
  }
  return size;
}

}  // namespace

IoCounts difference(const IoCounts& after, const IoCounts& before) {
  IoCounts made;
  for (const auto& [kind, count] : after.requests) {
    auto earlier = before.requests.find(kind);
    std::uint64_t more = count - (earlier == before.requests.end() ? 0 : earlier->second);
    if (more > 0) made.requests.emplace(kind, more);
  }
  made.sent = after.sent - before.sent;
  made.received = after.received - before.received;
  return made;
}

void CountingDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  counts_.sent += request.body.size();
  auto counted = [this, kind = request.method, done = std::move(done)](HttpReply reply) {
    counts_.received += reply.body.size();
    if (taken_up(reply)) ++counts_.requests[kind];
    done(std::move(reply));
  };
  inner().start_http(endpoint, std::move(request), std::move(counted));
}

void CountingDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  counts_.sent += size_of(request);
  auto counted = [this, done = std::move(done)](SqlReply reply) {
    counts_.received += size_of(reply);
    if (taken_up(reply)) ++counts_.requests["SQL"];
    done(std::move(reply));
  };
  inner().start_sql(endpoint, std::move(request), std::move(counted));
}

}  // namespace carbon
