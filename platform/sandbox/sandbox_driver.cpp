#include "platform/sandbox/sandbox_driver.h"

#include <fmt/core.h>
#include <algorithm>

#include "platform/sandbox/http_exchange.h"

namespace carbon::sandbox {

namespace {

HttpReply no_such_server(const HttpEndpoint& endpoint) {
  HttpReply reply;
  reply.failure = fmt::format("the sandbox has no server for {}, and it reaches none outside", endpoint.base);
  reply.cause = HttpReply::Cause::other;
  return reply;
}

}  // namespace

SandboxDriver::SandboxDriver(Io& network, Sandbox& world, Pace pace)
    : network_(network), world_(world), pace_(pace) {}

bool SandboxDriver::virtual_time() const { return pace_ == Pace::virtual_time && !world_.served(); }

std::int64_t SandboxDriver::wall_clock() { return world_.world_time(network_.wall_clock()) + skipped_; }

void SandboxDriver::start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) {
  if (!endpoint.base.starts_with(kubernetes_base)) {
    start_sleep({}, [done = std::move(done), reply = no_such_server(endpoint)] { done(reply); });
  } else if (world_.served()) {
    ask_server({std::move(request), std::move(done)});
  } else {
    calls_.push_back({std::move(request), std::move(done)});
    turn_soon();
  }
}

/// Over loopback; when that server is gone, the world is ours from then on.
void SandboxDriver::ask_server(Call call) {
  HttpEndpoint server = *world_.served();
  HttpRequest request = call.request;
  ++in_flight_;
  network_.start_http(server, std::move(request),
                      [this, name = server.name, call = std::move(call)](HttpReply reply) mutable {
                        --in_flight_;
                        turn_soon();
                        bool silent = reply.status == 0;
                        bool ours = silent && (!world_.served() || world_.take_over(network_.wall_clock()));
                        if (ours && !reply.sent) return calls_.push_back(std::move(call));
                        if (silent) reply.failure = name + ": " + reply.failure;
                        call.done(std::move(reply));
                      });
}

void SandboxDriver::start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) {
  auto server = world_.postgres().start({endpoint.host, endpoint.port});
  if (!server) {
    SqlReply reply;
    reply.message = server.error().message();
    start_sleep({}, [done = std::move(done), reply] { done(reply); });
    return;
  }
  SqlEndpoint local;
  local.name = endpoint.name;
  local.host = server->socket_folder;
  local.port = server->port;
  local.user = server->user;
  local.password = server->password;
  local.sslmode = "disable";
  local.application_name = endpoint.application_name;
  local.most_connections = endpoint.most_connections;
  ++in_flight_;
  network_.start_sql(local, std::move(request), [this, done = std::move(done)](SqlReply reply) {
    --in_flight_;
    turn_soon();
    done(std::move(reply));
  });
}

void SandboxDriver::start_sleep(Duration duration, std::function<void()> done) {
  timers_.push({now() + std::max<std::int64_t>(0, duration.nanoseconds), timers_set_++, std::move(done)});
  turn_soon();
}

void SandboxDriver::turn_soon() {
  idle_turn_ = false;
  wake_in(0);
}

void SandboxDriver::wake_in(std::int64_t nanoseconds) {
  if (turn_set_) return;
  turn_set_ = nanoseconds == 0;
  std::uint64_t waking = ++wakings_;
  network_.start_sleep({nanoseconds}, [this, waking, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || waking != wakings_) return;
    turn_set_ = false;
    turn();
  });
}

void SandboxDriver::turn() {
  Completions completions;
  answer_calls(completions);
  take_timers(completions);
  for (auto& complete : completions) complete();
  if (!completions.empty() || turn_set_) return turn_soon();
  pass_time();
}

void SandboxDriver::answer_calls(Completions& out) {
  if (calls_.empty()) return;
  std::vector<Call> calls = std::exchange(calls_, {});
  std::vector<ApiRequest> requests;
  for (const Call& call : calls) requests.push_back(api_request(call.request));
  std::vector<ApiResponse> responses = world_.handle(requests, wall_clock());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    // Nobody can read a stream through Io: a watch ends after what has happened so far, as any watch may.
    if (responses[i].watch) responses[i].body += world_.kubernetes().watch_lines(*responses[i].watch);
    HttpReply reply = http_reply(std::move(responses[i]));
    out.push_back([done = std::move(calls[i].done), reply = std::move(reply)] { done(reply); });
  }
}

void SandboxDriver::take_timers(Completions& out) {
  std::int64_t time = now();
  while (!timers_.empty() && timers_.top().time <= time) {
    out.push_back(timers_.top().done);
    timers_.pop();
  }
}

void SandboxDriver::pass_time() {
  if (timers_.empty()) return;
  std::int64_t time = now();
  std::int64_t until = timers_.top().time - time;
  bool controllers = false;
  if (!world_.served()) {
    if (auto due = world_.next_due(); due && *due - wall_clock() <= until) {
      until = std::max<std::int64_t>(0, *due - wall_clock());
      controllers = true;
    }
  }
  if (virtual_time() && in_flight_ == 0) {
    // One empty turn of the loop first: what other threads have posted comes before a jump.
    if (!std::exchange(idle_turn_, true)) return wake_in(0);
    skipped_ += until;
    until = 0;
  }
  if (until > 0) return wake_in(until);
  if (controllers) world_.tick(wall_clock());
  turn_soon();
}

}  // namespace carbon::sandbox
