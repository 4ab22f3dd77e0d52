#include "tests/simulation/driver.h"

#include <utility>

#include "platform/sandbox/http_exchange.h"

namespace carbon::simulation {

namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000 * millisecond;

HttpReply no_reply(HttpReply::Cause cause, bool sent) {
  HttpReply reply;
  reply.sent = sent;
  reply.cause = cause;
  reply.failure = sent ? "connection reset" : "connection refused";
  return reply;
}

HttpReply status_reply(int status) {
  HttpReply reply;
  reply.status = status;
  reply.sent = true;
  reply.headers.push_back({"Content-Type", "text/plain"});
  if (status == 429) reply.headers.push_back({"Retry-After", "1"});
  reply.body = "trouble";
  return reply;
}

}  // namespace

SimulationDriver::SimulationDriver(Cluster& cluster, std::uint64_t seed, const Trouble& trouble)
    : SimulatedIo(seed),
      cluster_(cluster),
      begin_(cluster.now()),
      dice_(seed ^ 0x9e3779b97f4a7c15U),
      trouble_(trouble) {
  if (!trouble_.partition) return;
  partition_begin_ = some(2 * second);
  partition_end_ = partition_begin_ + some(10 * second);
}

void SimulationDriver::start_http(const HttpEndpoint&, HttpRequest request, Done<HttpReply> done) {
  std::int64_t there = millisecond + some(20 * millisecond);
  bool cut = now() >= partition_begin_ && now() < partition_end_;
  if (cut || strikes(trouble_.lost_requests)) {
    return at(there, [done = std::move(done)] { done(no_reply(HttpReply::Cause::refused, false)); });
  }
  if (strikes(trouble_.refused)) {
    int status = strikes(500) ? 429 : 503;
    return at(there, [status, done = std::move(done)] { done(status_reply(status)); });
  }
  if (strikes(trouble_.late)) {
    cluster_.arrive_late(wall_clock() + some(60 * second), sandbox::api_request(request));
    return at(there, [done = std::move(done)] { done(no_reply(HttpReply::Cause::reset, true)); });
  }
  bool fails = strikes(trouble_.failed);
  if (fails && strikes(500)) {  // before it was carried out
    int status = strikes(500) ? 500 : 504;
    return at(there, [status, done = std::move(done)] { done(status_reply(status)); });
  }
  bool lost = strikes(trouble_.lost_replies);
  at(there, [this, request = std::move(request), lost, fails, done = std::move(done)] {
    carry_out(request, lost, fails, done);
  });
}

void SimulationDriver::carry_out(const HttpRequest& request, bool reply_lost, bool fails,
                                 const Done<HttpReply>& done) {
  cluster_.advance_to(wall_clock());
  if (interfere && strikes(trouble_.interference)) interfere();
  HttpReply reply = sandbox::http_reply(cluster_.handle(sandbox::api_request(request)));
  if (fails) reply = status_reply(504);
  if (reply_lost) reply = no_reply(HttpReply::Cause::reset, true);
  at(millisecond + some(20 * millisecond), [done, reply = std::move(reply)] { done(reply); });
}

void SimulationDriver::start_sql(const SqlEndpoint&, SqlRequest, Done<SqlReply> done) {
  SqlReply reply;
  reply.message = "the simulation has no databases";
  at(millisecond, [done = std::move(done), reply = std::move(reply)] { done(reply); });
}

void SimulationDriver::run(Task<void>& root) {
  root.start();
  while (!root.done()) {
    if (trouble_.kill_after && steps_++ >= *trouble_.kill_after) throw Killed{};
    if (!step()) break;
  }
  cluster_.advance_to(wall_clock());
}

}  // namespace carbon::simulation
