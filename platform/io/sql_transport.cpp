#include "platform/io/sql_transport.h"

#include <arpa/inet.h>

#include <algorithm>
#include <list>
#include <map>

#include "platform/io/sql_session.h"

namespace carbon {

namespace {

constexpr std::size_t sessions_a_database = 4;
constexpr std::size_t idle_sessions = 8;
constexpr std::int64_t idle_time = 30'000'000'000;
constexpr std::int64_t name_time = 30'000'000'000;
/// The server's own statement_timeout fires first and gives a better message.
constexpr std::int64_t grace = 2'000'000'000;

struct Job {
  SqlEndpoint endpoint;
  SqlRequest request;
  SqlTransport::Done done;
  std::int64_t deadline = 0;
  std::string server;  ///< who is asked, and as whom
  std::string place;   ///< the same, with the database
};

struct Busy {
  Job job;
  std::unique_ptr<SqlSession> session;
};

struct Idle {
  std::string server;
  std::string place;
  std::unique_ptr<SqlSession> session;
  std::int64_t since = 0;
};

struct Name {
  std::vector<std::string> addresses;
  std::int64_t until = 0;
};

bool needs_resolution(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return !host.starts_with('/') && !host.starts_with('@') && inet_pton(AF_INET, host.c_str(), &v4) != 1 &&
         inet_pton(AF_INET6, host.c_str(), &v6) != 1;
}

SqlReply failure(std::string message) {
  SqlReply reply;
  reply.message = std::move(message);
  return reply;
}

}  // namespace

struct SqlTransport::State {
  NameResolver& resolver;
  std::list<Busy> busy;
  std::list<Idle> idle;
  std::list<Job> queue;  ///< waits for a free place at its database
  std::map<std::string, Name> names;
  Completions ended;
  std::int64_t now = 0;

  void complete(Done done, SqlReply reply) {
    ended.push_back([done = std::move(done), reply = std::move(reply)]() mutable { done(std::move(reply)); });
  }

  void close_others(const Job& job) {
    idle.remove_if([&](const Idle& each) { return each.server == job.server && each.place != job.place; });
  }

  std::unique_ptr<SqlSession> take_idle(const std::string& place) {
    for (auto each = idle.begin(); each != idle.end();) {
      if (each->place != place) {
        ++each;
        continue;
      }
      auto session = std::move(each->session);
      each = idle.erase(each);
      if (session->usable()) return session;
    }
    return nullptr;
  }

  void run(Job job, std::unique_ptr<SqlSession> session) {
    session->begin(std::move(job.request));
    busy.push_back({std::move(job), std::move(session)});
  }

  void resolved(Job job, NameResolver::Answer answer) {
    if (answer.addresses.empty()) return complete(std::move(job.done), failure(answer.failure));
    names[job.endpoint.host] = {std::move(answer.addresses), now + name_time};
    admit(std::move(job));
  }

  void connect(Job job) {
    std::vector<std::string> addresses;
    if (needs_resolution(job.endpoint.host)) {
      auto known = names.find(job.endpoint.host);
      if (known == names.end() || known->second.until < now) {
        std::string host = job.endpoint.host;
        return resolver.resolve(
            std::move(host), [this, job](NameResolver::Answer answer) { resolved(job, std::move(answer)); });
      }
      addresses = known->second.addresses;
    }
    auto session = std::make_unique<SqlSession>(job.endpoint, job.request.database, addresses);
    run(std::move(job), std::move(session));
  }

  /// Whether one more connection is within the limits; an idle one to another database of the server makes
  /// way.
  bool may_connect(const Job& job) {
    auto busy_where = [&](auto test) {
      return static_cast<std::size_t>(std::count_if(busy.begin(), busy.end(), test));
    };
    if (busy_where([&](const Busy& each) { return each.job.place == job.place; }) >= sessions_a_database)
      return false;
    auto most = static_cast<std::size_t>(std::max(1, job.endpoint.most_connections));
    auto connected = busy_where([&](const Busy& each) { return each.job.server == job.server; });
    if (connected >= most) return false;
    auto of_server = [&](const Idle& each) { return each.server == job.server; };
    for (auto open = static_cast<std::size_t>(std::count_if(idle.begin(), idle.end(), of_server));
         open > 0 && connected + open >= most; --open)
      idle.erase(std::find_if(idle.begin(), idle.end(), of_server));
    return true;
  }

  void admit(Job job) {
    if (job.request.mode == SqlRequest::Mode::plain) close_others(job);
    if (auto session = take_idle(job.place)) return run(std::move(job), std::move(session));
    if (may_connect(job)) {
      connect(std::move(job));
    } else {
      queue.push_back(std::move(job));
    }
  }

  /// Of one server the first that waits and can be served: first one of that database.
  void admit_next(const std::string& place, const std::string& server) {
    auto next =
        std::find_if(queue.begin(), queue.end(), [&](const Job& each) { return each.place == place; });
    if (next == queue.end())
      next = std::find_if(queue.begin(), queue.end(),
                          [&](const Job& each) { return each.server == server && may_connect(each); });
    if (next == queue.end()) return;
    Job job = std::move(*next);
    queue.erase(next);
    admit(std::move(job));
  }

  void finish(std::list<Busy>::iterator at) {
    Busy one = std::move(*at);
    busy.erase(at);
    if (one.session->stale()) {
      one.job.request = one.session->take_request();
      return connect(std::move(one.job));
    }
    complete(std::move(one.job.done), one.session->take());
    if (one.session->usable()) idle.push_back({one.job.server, one.job.place, std::move(one.session), now});
    if (idle.size() > idle_sessions) idle.pop_front();
    admit_next(one.job.place, one.job.server);
  }

  void expire() {
    idle.remove_if([&](const Idle& each) { return each.since + idle_time <= now; });
    for (Busy& each : busy) {
      if (each.job.deadline <= now) each.session->expire();
    }
    for (auto each = queue.begin(); each != queue.end();) {
      if (each->deadline > now) {
        ++each;
        continue;
      }
      complete(std::move(each->done), failure("no connection became free in time"));
      each = queue.erase(each);
    }
  }
};

SqlTransport::SqlTransport(NameResolver& resolver) : state_(new State{resolver, {}, {}, {}, {}, {}, 0}) {}
SqlTransport::~SqlTransport() = default;

void SqlTransport::start(const SqlEndpoint& endpoint, SqlRequest request, Done done, std::int64_t now) {
  state_->now = now;
  Job job{endpoint, std::move(request), std::move(done), 0, {}, {}};
  job.deadline = now + job.request.timeout.nanoseconds + grace;
  auto add = [&](std::string_view part) { job.server.append(part).push_back('\0'); };
  add(endpoint.host);
  add(std::to_string(endpoint.port));
  add(endpoint.user);
  add(endpoint.password);
  add(endpoint.sslmode);
  add(endpoint.ca_pem);
  add(endpoint.client_certificate_pem);
  add(endpoint.client_key_pem);
  job.place = job.server + job.request.database;
  state_->admit(std::move(job));
}

void SqlTransport::add_descriptors(std::vector<WaitedDescriptor>& out) const {
  for (const Busy& each : state_->busy) {
    if (auto wanted = each.session->wants(); wanted.fd >= 0) out.push_back(wanted);
  }
}

std::optional<std::int64_t> SqlTransport::next_deadline() const {
  std::optional<std::int64_t> first;
  auto consider = [&](std::int64_t time) { first = first ? std::min(*first, time) : time; };
  if (!state_->ended.empty()) consider(0);
  for (const Busy& each : state_->busy) {
    consider(each.job.deadline);
    if (each.session->wants().fd < 0) consider(0);  // failed before it had a socket
  }
  for (const Job& each : state_->queue) consider(each.deadline);
  return first;
}

void SqlTransport::collect(const std::vector<WaitedDescriptor>& waited, std::int64_t now, Completions& out) {
  state_->now = now;
  state_->expire();
  for (auto each = state_->busy.begin(); each != state_->busy.end();) {
    auto current = each++;
    int fd = current->session->wants().fd;
    // A session that began after the wait is not in the list: it may have bytes to send.
    auto seen =
        std::find_if(waited.begin(), waited.end(), [&](const WaitedDescriptor& one) { return one.fd == fd; });
    if (seen != waited.end() && !seen->ready && current->job.deadline > now) continue;
    if (current->session->step()) state_->finish(current);
  }
  for (auto& each : state_->ended) out.push_back(std::move(each));
  state_->ended.clear();
}

}  // namespace carbon
