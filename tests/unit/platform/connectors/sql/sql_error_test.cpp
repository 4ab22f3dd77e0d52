#include "platform/connectors/sql/sql_error.h"

#include <doctest/doctest.h>

using namespace carbon;
using Kind = WriteOutcome::Kind;

namespace {

WriteOutcome outcome(std::string_view sqlstate, std::string message = "said") {
  SqlReply reply;
  reply.connected = true;
  reply.sqlstate = sqlstate;
  reply.message = std::move(message);
  return failed_sql_write(reply, SqlSubject{"postgres.Role x", "postgres://db", {"hunter2"}});
}

}  // namespace

TEST_CASE("SQLSTATEs are sorted into outcomes and codes") {
  for (const char* exists : {"42P04", "42710", "42P06", "42P07"})
    CHECK(outcome(exists).kind == Kind::conflict);
  for (const char* later : {"55P03", "40P01", "57P03", "53300", "55006", "57P01"})
    CHECK(outcome(later).kind == Kind::not_admitted);
  for (const char* no : {"42601", "2BP01", "25006", "42501", "28P01"})
    CHECK(outcome(no).kind == Kind::refused);
  CHECK(outcome("28P01").error->code() == DiagnosticCode::unauthorized);
  CHECK(outcome("42501").error->code() == DiagnosticCode::forbidden);
  CHECK(outcome("42601").error->code() == DiagnosticCode::sql_failed);
  CHECK(outcome("").error->code() == DiagnosticCode::unreachable);
  CHECK(outcome("").kind == Kind::not_admitted);
  CHECK(outcome("XX000", "tuple concurrently updated").kind == Kind::not_admitted);
  CHECK(outcome("XX000", "cache lookup failed").kind == Kind::refused);
}

TEST_CASE("a connection that broke at COMMIT leaves the outcome unknown") {
  SqlReply reply;
  reply.connected = true;
  reply.committed_unknown = true;
  WriteOutcome lost = failed_sql_write(reply, SqlSubject{"x", "db", {}});
  CHECK(lost.kind == Kind::unknown);
  CHECK(lost.error->code() == DiagnosticCode::outcome_unknown);
}

TEST_CASE("a secret never appears in a message, whoever quotes it") {
  CHECK(outcome("42601", "syntax error at or near \"hunter2\"").error->message() ==
        "postgres.Role x: syntax error at or near \"(secret)\" (SQLSTATE 42601)");
}
