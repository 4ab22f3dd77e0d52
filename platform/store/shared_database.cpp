#include "platform/store/shared_database.h"

#include <fmt/core.h>

#include "engine/ports/run_on.h"
#include "platform/store/lock_holder.h"

namespace carbon {

namespace {

/// What `fence` raises: a division by zero is nothing that the other statements could raise.
constexpr std::string_view fenced = "22012";

Task<SqlReply> asking(Io* io, SqlEndpoint endpoint, SqlRequest request) {
  auto sent = io->sql(std::move(endpoint), std::move(request));
  co_return co_await sent;
}

Error shared_failure(const SqlReply& reply, const std::string& place) {
  if (reply.sqlstate == fenced) return lock_lost_error(place);
  // What follows in further lines is libpq's advice to its programmers.
  std::string why = reply.message.substr(0, reply.message.find('\n'));
  Error error(
      DiagnosticCode::inventory_unreachable,
      fmt::format("the inventory in {} cannot be {}: {}", place, reply.connected ? "used" : "reached", why));
  if (reply.committed_unknown)
    error = std::move(error).note("whether the last write took place is not known; the next run settles it");
  return std::move(error).help("check the provider that `inventory postgres` names, and its role's rights");
}

}  // namespace

Result<std::vector<SqlRows>> SharedSession::ask(SqlRequest::Mode mode, std::vector<SqlStatement> statements,
                                                Duration timeout) {
  SqlRequest request;
  request.database = database_.database;
  request.mode = mode;
  request.statements = std::move(statements);
  request.timeout = timeout;
  SqlReply reply = run_on(*io_, asking(io_.get(), database_.endpoint, std::move(request)));
  if (!reply.ok) return fail(shared_failure(reply, database_.place()));
  return std::move(reply.results);
}

SqlStatement fence(const std::string& store, const std::string& epoch) {
  return {
      "SELECT 1 / count(*) FROM (SELECT 1 "
      "FROM carbon.store WHERE name = $1 AND epoch = $2::bigint AND "
      "holder IS NOT NULL FOR NO KEY UPDATE) AS held",
      {store, epoch}};
}

}  // namespace carbon
