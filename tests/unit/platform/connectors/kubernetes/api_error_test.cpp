#include "platform/connectors/kubernetes/api_error.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/scripted_io.h"

using namespace carbon;
using test::recorded_reply;
using Kind = WriteOutcome::Kind;

namespace {

const Subject failed_map{"ConfigMap record/demo", "https://server", false};

Kind kind_of(std::string_view recorded) { return failed_write(recorded_reply(recorded), failed_map).kind; }

HttpReply no_reply(HttpReply::Cause cause, bool sent) {
  HttpReply reply;
  reply.failure = "why";
  reply.cause = cause;
  reply.sent = sent;
  return reply;
}

}  // namespace

TEST_CASE("what a real server answers to writes is sorted into outcomes") {
  CHECK(kind_of("303-") == Kind::conflict);      // create-only on an object that is there
  CHECK(kind_of("200-") == Kind::conflict);      // fields of another manager
  CHECK(kind_of("400-") == Kind::conflict);      // stale version
  CHECK(kind_of("404-") == Kind::conflict);      // another object of that name
  CHECK(kind_of("425-") == Kind::conflict);      // the object is gone
  CHECK(kind_of("420-") == Kind::conflict);      // delete of another uid
  CHECK(kind_of("136-") == Kind::refused);       // unknown field: status 500, and no effect
  CHECK(kind_of("139-") == Kind::refused);       // two items of one key
  CHECK(kind_of("520-") == Kind::refused);       // immutable field
  CHECK(kind_of("540-") == Kind::refused);       // token
  CHECK(kind_of("544-") == Kind::refused);       // rights
  CHECK(kind_of("700-") == Kind::refused);       // no such namespace
  CHECK(kind_of("504-") == Kind::not_admitted);  // the kind is not served (yet)
  CHECK(kind_of("560-") == Kind::not_admitted);
  CHECK(kind_of("561-") == Kind::unknown);  // 500
}

TEST_CASE("without a reply it counts whether anything was sent") {
  CHECK(failed_write(no_reply(HttpReply::Cause::reset, true), failed_map).kind == Kind::unknown);
  CHECK(failed_write(no_reply(HttpReply::Cause::timeout, true), failed_map).kind == Kind::unknown);
  CHECK(failed_write(no_reply(HttpReply::Cause::refused, false), failed_map).kind == Kind::not_admitted);
  CHECK(failed_write(no_reply(HttpReply::Cause::timeout, false), failed_map).kind == Kind::not_admitted);
  CHECK(failed_write(no_reply(HttpReply::Cause::tls, false), failed_map).kind == Kind::refused);
}

TEST_CASE("codes, remedies and the time to wait") {
  auto code = [](std::string_view recorded) {
    return to_string(failed_write(recorded_reply(recorded), failed_map).error->code());
  };
  CHECK(code("540-") == "C0703");
  CHECK(code("544-") == "C0704");
  CHECK(code("303-") == "C0801");
  CHECK(code("520-") == "C0708");
  CHECK(code("561-") == "C0707");
  CHECK(failed_write(recorded_reply("560-"), failed_map).retry_after->nanoseconds == 1'000'000'000);
  Error terminating = *failed_write(recorded_reply("712-"), failed_map).error;
  CHECK(terminating.diagnostic().helps.front().text.find("namespace is gone") != std::string::npos);
}

TEST_CASE("a conflict names field, manager and remedy") {
  Error error = *failed_write(recorded_reply("209-"), failed_map).error;
  CHECK(error.message() == "`spec.selector` of ConfigMap record/demo belongs to `carbon`, and 1 more fields");
  CHECK(error.diagnostic().notes.size() == 2);
  CHECK(error.diagnostic().helps.front().text.find("ignore spec.selector") != std::string::npos);
  auto by_edit = read_failure(recorded_reply("207-")).conflicts();
  REQUIRE(by_edit.size() == 1);
  CHECK(by_edit.front().manager == "editor");
  CHECK(by_edit.front().by_update);
  CHECK_FALSE(read_failure(recorded_reply("209-")).conflicts().front().by_update);
}

TEST_CASE("who scales by hand drifts, an autoscaler is a controller") {
  auto by_hand = [](std::string_view manager) {
    HttpReply reply = recorded_reply("207-");
    std::size_t at = reply.body.rfind(R"(conflict with \"editor\" using)");
    REQUIRE(at != std::string::npos);
    reply.body.replace(at, std::string_view(R"(conflict with \"editor\" using)").size(),
                       fmt::format(R"(conflict with \"{}\" with subresource \"scale\" using)", manager));
    return read_failure(reply).conflicts().front().by_update;
  };
  CHECK(by_hand("kubectl"));
  CHECK(read_failure(recorded_reply("b-deployment-4-")).conflicts().front().by_update);
  CHECK(by_hand("kubectl-edit"));
  CHECK_FALSE(by_hand("kube-controller-manager"));
  CHECK_FALSE(by_hand("kubectlish"));
}

TEST_CASE("an absent object, an absent kind and a page of some proxy are three things") {
  const ObjectName nothing{"record", "nothing"};
  CHECK(read_failure(recorded_reply("500-")).object_absent(nothing));
  CHECK_FALSE(read_failure(recorded_reply("500-")).object_absent({"record", "other"}));
  CHECK(read_failure(recorded_reply("703-")).object_absent({"nowhere", "demo"}));
  CHECK_FALSE(read_failure(recorded_reply("703-")).object_absent({"record", "demo"}));
  CHECK(read_failure(recorded_reply("501-")).kind_absent());
  CHECK(read_failure(recorded_reply("502-")).kind_absent());
  HttpReply proxy;
  proxy.status = 404;
  proxy.headers.push_back({"Content-Type", "text/html"});
  proxy.body = "<html>404 page not found</html>";
  CHECK_FALSE(read_failure(proxy).object_absent(nothing));
  CHECK_FALSE(read_failure(proxy).kind_absent());
}

TEST_CASE("a kind that is not served is not blamed on a proxy") {
  Error error = *failed_write(recorded_reply("501-"), Subject{"Schedule a/s", "https://server", false}).error;
  REQUIRE(error.diagnostic().helps.size() == 1);
  CHECK(error.diagnostic().helps[0].text.starts_with("the cluster does not serve this kind"));
}

TEST_CASE("nothing that a server quotes from a Secret is repeated") {
  HttpReply reply = test::json_reply(
      422, R"({"kind":"Status","reason":"Invalid","message":"data.a: Invalid value: \"hunter2\"",
    "details":{"name":"s","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"hunter2\"","field":"data.a"}]},"code":422})");
  Error error = *failed_write(reply, Subject{"Secret a/s", "https://server", true}).error;
  std::string all = error.message();
  for (const std::string& note : error.diagnostic().notes) all += note;
  CHECK(all.find("hunter2") == std::string::npos);
  CHECK(all.find("data.a") != std::string::npos);
}

TEST_CASE("what was sent as a secret is taken out of a server's words before they are cut") {
  std::string said = std::string(480, '.') + "hunter2hunter2hunter2hunter2";
  HttpReply reply =
      test::json_reply(400, R"({"kind":"Status","status":"Failure","reason":"BadRequest","message":")" +
                                said + R"(","code":400})");
  Subject about{"Widget a/w", "https://server", false, {"hunter2hunter2hunter2hunter2"}};
  Error error = *failed_write(reply, about).error;
  CHECK(error.message().find("hunter") == std::string::npos);
  CHECK(error.message().ends_with("(secret)"));
  // What decides is never changed, even where a secret reads like it.
  Subject common{"Secret a/s", "https://server", true, {"Status", "data", "a"}};
  CHECK(failed_write(recorded_reply("206-"), common).kind == Kind::conflict);
  CHECK(read_failure(recorded_reply("206-")).conflicts().size() == 1);
}
