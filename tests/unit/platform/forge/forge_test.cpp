#include "platform/forge/forge.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>
#include <vector>

#include "tests/support/scripted_io.h"

using namespace carbon;
using carbon::test::json_reply;
using carbon::test::ScriptedIo;

namespace {

constexpr std::int64_t second = 1'000'000'000;

PullRequest request() { return {"https://git.example.com/api", "ada/shop", 7, "c0ffee", "hunter2-token"}; }

std::string comment(int id, const std::string& author, const std::string& body) {
  return fmt::format(R"({{"id":{},"user":{{"login":"{}"}},"body":"{}"}})", id, author, body);
}

/// The comments of a pull request, a hundred a page, read by `robot`.
ScriptedIo::Answer with_comments(std::vector<std::string> comments) {
  return [comments = std::move(comments)](const HttpRequest& asked) {
    if (asked.target.ends_with("/user")) return json_reply(200, R"({"login":"robot"})");
    std::size_t page = std::stoul(asked.target.substr(asked.target.rfind('=') + 1));
    std::string body;
    for (std::size_t i = (page - 1) * 100; i < std::min(page * 100, comments.size()); ++i)
      body += (body.empty() ? "" : ",") + comments[i];
    return json_reply(200, "[" + body + "]");
  };
}

std::string found(std::vector<std::string> comments) {
  ScriptedIo io(with_comments(std::move(comments)));
  auto forge = github(io, request());
  auto comment = io.result_of(forge->find_comment("<!-- carbon -->"));
  REQUIRE(comment);
  return *comment ? (*comment)->id : "none";
}

}  // namespace

TEST_CASE("only a comment of the token's own account that begins as carbon's does is carbon's") {
  std::string carbons = "<!-- carbon --> plan";
  CHECK(found({}) == "none");
  CHECK(found({comment(1, "mallory", carbons)}) == "none");
  CHECK(found({comment(1, "robot", "see " + carbons)}) == "none");
  CHECK(found({comment(1, "mallory", carbons), comment(2, "robot", "hello"), comment(3, "robot", carbons),
               comment(4, "robot", carbons)}) == "3");
}

TEST_CASE("every page of a list is read") {
  std::vector<std::string> comments(100, comment(1, "ada", "hello"));
  comments.push_back(comment(2, "robot", "<!-- carbon --> plan"));
  CHECK(found(comments) == "2");
}

TEST_CASE("a read is tried again, for at most a minute each time; a write is sent once") {
  auto busy = [](const HttpRequest&) {
    HttpReply reply = json_reply(503, R"({"message":"later"})");
    reply.headers.push_back({"Retry-After", "86400"});
    return reply;
  };
  ScriptedIo reading(busy);
  CHECK_FALSE(reading.result_of(github(reading, request())->find_comment("x")));
  CHECK(reading.requests.size() == 3);
  CHECK(reading.now() >= 120 * second);
  CHECK(reading.now() < 121 * second);
  ScriptedIo writing(busy);
  CHECK_FALSE(writing.result_of(github(writing, request())->create_comment("text")));
  CHECK(writing.requests.size() == 1);
}

TEST_CASE("a read goes on when the forge answers again") {
  int asked = 0;
  auto answer = with_comments({comment(1, "robot", "<!-- carbon --> plan")});
  ScriptedIo io(
      [&](const HttpRequest& request) { return ++asked == 1 ? json_reply(502, "") : answer(request); });
  auto comment = io.result_of(github(io, request())->find_comment("<!-- carbon -->"));
  REQUIRE(comment);
  CHECK((*comment)->id == "1");
}

TEST_CASE("what a forge says of an error cannot write to a terminal, and the token is in no message") {
  ScriptedIo io([](const HttpRequest&) { return json_reply(422, R"({"message":"bad \u001b[31m\nname"})"); });
  Status made = io.result_of(github(io, request())->create_comment("text"));
  REQUIRE_FALSE(made);
  CHECK(made.error().message().find("bad \\x1b[31m\\nname") != std::string::npos);
  CHECK(made.error().message().find("hunter2") == std::string::npos);
  REQUIRE(io.requests.size() == 1);
  CHECK(io.requests.front().target == "/api/repos/ada/shop/issues/7/comments");
}

TEST_CASE("a label takes the place of those of its family alone") {
  ScriptedIo io([](const HttpRequest& asked) {
    bool lists = asked.method == "GET";
    return json_reply(200,
                      lists ? R"([{"name":"plan: empty"},{"name":"urgent"},{"name":"plan: old"}])" : "[]");
  });
  REQUIRE(io.result_of(github(io, request())->set_label("plan: changes", {"plan: empty", "plan: changes"})));
  REQUIRE(io.requests.size() == 3);
  CHECK(io.requests[1].method == "DELETE");
  CHECK(io.requests[1].target == "/api/repos/ada/shop/issues/7/labels/plan%3A%20empty");
  CHECK(io.requests[2].method == "POST");
  CHECK(io.requests[2].body == R"({"labels":["plan: changes"]})");
}
