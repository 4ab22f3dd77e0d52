#include "platform/io/counting_driver.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"

using namespace carbon;
using namespace carbon::test;

namespace {

using Kinds = std::map<std::string, std::uint64_t>;

HttpRequest request(const char* method, const char* body) {
  HttpRequest made;
  made.method = method;
  made.body = body;
  return made;
}

}  // namespace

TEST_CASE("what a server took up is counted by kind, what it did not admit is not") {
  int status = 200;
  SqlReply sql;
  ScriptedIo inner([&](const HttpRequest&) { return json_reply(status, "12345"); },
                   [&](const SqlRequest&) { return sql; });
  CountingDriver io(inner);
  int answered = 0;
  auto http = [&](const char* method, int with) {
    status = with;
    io.start_http({}, request(method, "abc"), [&](HttpReply reply) {
      CHECK(reply.status == with);
      ++answered;
    });
    while (inner.step()) continue;
  };
  for (int with : {200, 404, 403, 409}) http("GET", with);
  for (int with : {0, 429, 503, 500}) http("GET", with);
  http("PATCH", 200);
  CHECK(io.counts().requests == Kinds{{"GET", 4}, {"PATCH", 1}});
  CHECK(io.counts().sent == 27);
  CHECK(io.counts().received == 45);

  IoCounts before = io.counts();
  SqlRequest query;
  query.statements = {{"SELECT $1", {"xy"}}};
  auto ask = [&](bool ok, const char* state) {
    sql = {};
    sql.ok = ok;
    sql.sqlstate = state;
    if (ok) sql.results = {{{"a"}, {25}, {{"value"}, {std::nullopt}}, 0}};
    io.start_sql({}, query, [&](SqlReply reply) {
      CHECK(reply.ok == ok);
      ++answered;
    });
    while (inner.step()) continue;
  };
  ask(true, "");
  ask(false, "3D000");                                                          // an answer: there is none
  for (const char* later : {"", "53300", "57P03", "40P01"}) ask(false, later);  // repeated
  CHECK(answered == 15);
  IoCounts since = difference(io.counts(), before);
  CHECK(since.requests == Kinds{{"SQL", 2}});
  CHECK(since.sent == 6 * 11);
  CHECK(since.received == 5);
}
