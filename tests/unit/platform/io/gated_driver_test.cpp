#include "platform/io/gated_driver.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_io.h"

using namespace carbon;
using namespace carbon::test;

TEST_CASE("behind a closed gate nothing leaves, and the answer says that no byte has") {
  ScriptedIo inner([](const HttpRequest&) { return json_reply(200, "{}"); },
                   [](const SqlRequest&) {
                     SqlReply reply;
                     reply.ok = reply.connected = true;
                     return reply;
                   });
  GatedDriver io(inner);
  bool open = true;
  int answers = 0;
  auto ask = [&](bool wanted) {
    bool within = true;
    io.start_http({}, {}, [&](const HttpReply& reply) {
      CHECK_FALSE(within);
      CHECK((reply.status == 200) == wanted);
      CHECK(reply.sent == wanted);
      ++answers;
    });
    io.start_sql({}, {}, [&](const SqlReply& reply) {
      CHECK_FALSE(within);
      CHECK(reply.ok == wanted);
      CHECK(reply.connected == wanted);
      ++answers;
    });
    within = false;
    while (inner.step()) continue;
  };
  ask(true);
  io.set_gate([&] { return open; });
  ask(true);
  open = false;
  ask(false);
  CHECK(inner.requests.size() == 2);
  CHECK(inner.sql_requests.size() == 2);
  open = true;
  ask(true);
  CHECK(answers == 8);
}
