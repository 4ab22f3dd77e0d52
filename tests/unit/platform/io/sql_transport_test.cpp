#include "platform/io/sql_transport.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "base/task_group.h"
#include "platform/io/network_driver.h"
#include "tests/support/loopback_server.h"
#include "tests/support/private_postgres.h"

using namespace carbon;
using test::LoopbackServer;
using Mode = SqlRequest::Mode;

namespace {

Task<void> run_one(Io& io, SqlEndpoint endpoint, SqlRequest request, SqlReply* out) {
  SqlReply reply = co_await io.sql(endpoint, request);
  *out = std::move(reply);
}

SqlRequest request_of(Mode mode, std::vector<SqlStatement> statements, std::string database = "postgres") {
  SqlRequest request;
  request.database = std::move(database);
  request.mode = mode;
  request.statements = std::move(statements);
  request.timeout = Duration{10'000'000'000};
  return request;
}

SqlReply ask(NetworkDriver& io, const SqlEndpoint& endpoint, SqlRequest request) {
  SqlReply reply;
  Task<void> task = run_one(io, endpoint, std::move(request), &reply);
  io.run(task);
  return reply;
}

/// One server for all cases of this file: starting one takes seconds.
test::PrivatePostgres& postgres() {
  static test::PrivatePostgres server;
  REQUIRE_MESSAGE(server.why_not().empty(), server.why_not());
  return server;
}

Task<void> many(Io& io, SqlEndpoint endpoint, std::vector<SqlReply>* out) {
  TaskGroup group;
  SqlStatement sleep{"SELECT pg_sleep(0.05)", {}};
  for (SqlReply& each : *out) group.spawn(run_one(io, endpoint, request_of(Mode::read_only, {sleep}), &each));
  co_await group.all();
}

}  // namespace

TEST_CASE("nobody listens: not connected, nothing sent") {
  NetworkDriver io;
  SqlEndpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = test::free_port();
  endpoint.user = "nobody";
  SqlReply reply = ask(io, endpoint, request_of(Mode::plain, {{"SELECT 1", {}}}));
  CHECK_FALSE(reply.ok);
  CHECK_FALSE(reply.connected);
  CHECK_FALSE(reply.committed_unknown);
  CHECK(reply.message.find("refused") != std::string::npos);
}

TEST_CASE("a name that does not exist is told so, off the loop's thread") {
  NetworkDriver io;
  SqlEndpoint endpoint;
  endpoint.host = "no-such-host.invalid";
  SqlReply reply = ask(io, endpoint, request_of(Mode::plain, {{"SELECT 1", {}}}));
  CHECK_FALSE(reply.connected);
  CHECK(reply.message.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("a server that accepts and stays silent runs into the request's time") {
  LoopbackServer server([](int fd) {
    while (!LoopbackServer::read_request(fd).empty()) continue;
  });
  NetworkDriver io;
  SqlEndpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = server.port();
  endpoint.user = "x";
  SqlRequest request = request_of(Mode::plain, {{"SELECT 1", {}}});
  request.timeout = Duration{1'000'000};
  SqlReply reply = ask(io, endpoint, request);
  CHECK_FALSE(reply.ok);
  CHECK_FALSE(reply.connected);
}

TEST_CASE("statements, parameters, nulls and types against a real server") {
  NetworkDriver io;
  SqlReply reply =
      ask(io, postgres().endpoint(),
          request_of(Mode::read_only, {{"SELECT 1 AS one, NULL AS none, $1::text AS said", {"it's"}},
                                       {"SELECT 2 WHERE $1::text IS NULL", {std::nullopt}}}));
  REQUIRE_MESSAGE(reply.ok, reply.message);
  REQUIRE(reply.results.size() == 2);
  CHECK(reply.results[0].columns == std::vector<std::string>{"one", "none", "said"});
  CHECK(reply.results[0].types[0] == 23);
  CHECK(reply.results[0].rows[0][0] == "1");
  CHECK_FALSE(reply.results[0].rows[0][1].has_value());
  CHECK(reply.results[0].rows[0][2] == "it's");
  CHECK(reply.results[1].rows.size() == 1);
}

TEST_CASE("read-only is read-only, one statement is one, and a transaction cannot be left") {
  NetworkDriver io;
  const SqlEndpoint& endpoint = postgres().endpoint();
  CHECK(ask(io, endpoint, request_of(Mode::read_only, {{"CREATE TABLE t (a int)", {}}})).sqlstate == "25006");
  CHECK(ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1; SELECT 2", {}}})).sqlstate == "42601");
  SqlReply left =
      ask(io, endpoint, request_of(Mode::read_only, {{"COMMIT", {}}, {"CREATE TABLE escaped (a int)", {}}}));
  CHECK_FALSE(left.ok);
  CHECK(left.failed_statement == 0);
  SqlReply none = ask(io, endpoint, request_of(Mode::read_only, {{"SELECT to_regclass('escaped')", {}}}));
  REQUIRE(none.ok);
  CHECK_FALSE(none.results[0].rows[0][0].has_value());
}

TEST_CASE("a transaction is all or nothing, and says which statement failed") {
  NetworkDriver io;
  const SqlEndpoint& endpoint = postgres().endpoint();
  SqlReply reply = ask(
      io, endpoint, request_of(Mode::transaction, {{"CREATE TABLE half (a int)", {}}, {"SELECT 1/0", {}}}));
  CHECK_FALSE(reply.ok);
  CHECK(reply.sqlstate == "22012");
  CHECK(reply.failed_statement == 1);
  CHECK_FALSE(reply.committed_unknown);
  SqlReply whole = ask(io, endpoint,
                       request_of(Mode::transaction, {{"CREATE TABLE half (a int)", {}},
                                                      {"INSERT INTO half VALUES (1), (2)", {}}}));
  REQUIRE_MESSAGE(whole.ok, whole.message);
  CHECK(whole.results[1].affected == 2);
}

TEST_CASE("CREATE and DROP DATABASE run outside of a transaction, idle connections notwithstanding") {
  NetworkDriver io;
  const SqlEndpoint& endpoint = postgres().endpoint();
  CHECK(ask(io, endpoint, request_of(Mode::transaction, {{"CREATE DATABASE d1", {}}})).sqlstate == "25001");
  REQUIRE(ask(io, endpoint, request_of(Mode::plain, {{"CREATE DATABASE d1", {}}})).ok);
  CHECK(ask(io, endpoint, request_of(Mode::plain, {{"CREATE DATABASE d1", {}}})).sqlstate == "42P04");
  REQUIRE(ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}}, "d1")).ok);
  SqlReply dropped = ask(io, endpoint, request_of(Mode::plain, {{"DROP DATABASE d1", {}}}));
  CHECK_MESSAGE(dropped.ok, dropped.message);
  SqlReply gone = ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}}, "d1"));
  CHECK(gone.sqlstate == "3D000");
  CHECK_FALSE(gone.connected);
}

TEST_CASE("a wrong password has its SQLSTATE, and PGPASSWORD is nobody's help") {
  NetworkDriver io;
  SqlEndpoint endpoint = postgres().endpoint();
  setenv("PGPASSWORD", endpoint.password.c_str(), 1);
  endpoint.password.clear();
  CHECK(ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}})).sqlstate == "28P01");
  unsetenv("PGPASSWORD");
  endpoint.password = "wrong";
  SqlReply wrong = ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}}));
  CHECK(wrong.sqlstate == "28P01");
  CHECK(wrong.message == "password authentication failed for user \"postgres\"");
}

TEST_CASE("a backend that is ended leaves honest answers, and the next request a new connection") {
  NetworkDriver io;
  const SqlEndpoint& endpoint = postgres().endpoint();
  SqlStatement suicide{"SELECT pg_terminate_backend(pg_backend_pid())", {}};
  SqlReply reading = ask(io, endpoint, request_of(Mode::read_only, {suicide}));
  CHECK_FALSE(reading.ok);
  CHECK(reading.sqlstate == "57P01");
  CHECK_FALSE(reading.committed_unknown);
  SqlReply plain = ask(io, endpoint, request_of(Mode::plain, {suicide}));
  CHECK_FALSE(plain.ok);
  CHECK(plain.committed_unknown);
  CHECK(ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}})).ok);
  // An idle connection is ended by another one: the request goes to a new one without a word.
  SqlStatement others{
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> "
      "pg_backend_pid()",
      {}};
  REQUIRE(ask(io, endpoint, request_of(Mode::plain, {others}, "template1")).ok);
  CHECK(ask(io, endpoint, request_of(Mode::read_only, {{"SELECT 1", {}}})).ok);
}

TEST_CASE("the server ends a statement that takes too long") {
  NetworkDriver io;
  SqlRequest request = request_of(Mode::read_only, {{"SELECT pg_sleep(30)", {}}});
  request.timeout = Duration{200'000'000};
  SqlReply reply = ask(io, postgres().endpoint(), request);
  CHECK(reply.sqlstate == "57014");
}

TEST_CASE("more requests than connections wait their turn") {
  NetworkDriver io;
  std::vector<SqlReply> replies(20);
  Task<void> task = many(io, postgres().endpoint(), &replies);
  io.run(task);
  for (const SqlReply& reply : replies) CHECK_MESSAGE(reply.ok, reply.message);
}
