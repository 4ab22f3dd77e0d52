#include "platform/connectors/http/http_reply.h"

#include <doctest/doctest.h>

using namespace carbon;
using Kind = WriteOutcome::Kind;

namespace {

HttpReply answered(int status, std::string body = "") {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.sent = true;
  return reply;
}

HttpReply unanswered(HttpReply::Cause cause, bool sent) {
  HttpReply reply;
  reply.cause = cause;
  reply.sent = sent;
  reply.failure = "no route for hunter2-hunter2";
  return reply;
}

const HttpSubject subject{"test.Thing a", "https://here", {"hunter2-hunter2"}};

WriteOutcome outcome(const HttpReply& reply, HttpWrite write, const Operation& operation = {}) {
  FunctionTable functions;
  add_operators(functions);
  HttpOperationRun run(functions, Value::record({}), Value(), Value());
  REQUIRE(run.reply(reply));
  return outcome_of_write(reply, run, operation, write, subject);
}

HttpReply refused_by_s3(int status, std::string body) {
  HttpReply reply = answered(status, std::move(body));
  reply.headers.push_back({"Content-Type", "application/xml"});
  return reply;
}

/// `status == number`
struct StatusIs {
  ExprArena arena;
  const Expr* expr = nullptr;
  explicit StatusIs(int number) {
    Expr& slot = arena.make(ExprKind::slot, {});
    slot.slot = static_cast<std::uint32_t>(OperationSlot::status);
    Expr& constant = arena.make(ExprKind::constant, {});
    constant.constant = Value::integer(number);
    Expr& made = arena.make(ExprKind::binary, {});
    made.op = Operator::equal;
    made.children = {&slot, &constant};
    expr = &made;
  }
};

}  // namespace

TEST_CASE("what became of a write is told by its status") {
  struct Row {
    int status;
    Kind create, update, remove;
  };
  constexpr Row rows[] = {{200, Kind::done, Kind::done, Kind::done},
                          {204, Kind::done, Kind::done, Kind::done},
                          {302, Kind::unknown, Kind::unknown, Kind::unknown},
                          {400, Kind::refused, Kind::refused, Kind::refused},
                          {401, Kind::refused, Kind::refused, Kind::refused},
                          {403, Kind::refused, Kind::refused, Kind::refused},
                          {404, Kind::refused, Kind::refused, Kind::done},
                          {408, Kind::unknown, Kind::unknown, Kind::unknown},
                          {409, Kind::conflict, Kind::conflict, Kind::conflict},
                          {412, Kind::refused, Kind::conflict, Kind::conflict},
                          {422, Kind::refused, Kind::refused, Kind::refused},
                          {429, Kind::not_admitted, Kind::not_admitted, Kind::not_admitted},
                          {500, Kind::unknown, Kind::unknown, Kind::unknown},
                          {501, Kind::refused, Kind::refused, Kind::refused},
                          {502, Kind::unknown, Kind::unknown, Kind::unknown},
                          {503, Kind::not_admitted, Kind::not_admitted, Kind::not_admitted},
                          {504, Kind::unknown, Kind::unknown, Kind::unknown}};
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CHECK(outcome(answered(row.status), HttpWrite::create).kind == row.create);
    CHECK(outcome(answered(row.status), HttpWrite::update).kind == row.update);
    CHECK(outcome(answered(row.status), HttpWrite::remove).kind == row.remove);
  }
}

TEST_CASE("without a reply it counts whether anything was sent") {
  using Cause = HttpReply::Cause;
  for (Cause cause : {Cause::timeout, Cause::reset, Cause::other})
    CHECK(outcome(unanswered(cause, true), HttpWrite::create).kind == Kind::unknown);
  for (Cause cause : {Cause::refused, Cause::dns})
    CHECK(outcome(unanswered(cause, false), HttpWrite::create).kind == Kind::not_admitted);
  for (Cause cause : {Cause::tls, Cause::other})
    CHECK(outcome(unanswered(cause, false), HttpWrite::create).kind == Kind::refused);
}

TEST_CASE("the words of an operation come before the status") {
  StatusIs created(409), gone(410), locked(423), taken(400);
  Operation operation;
  operation.done = gone.expr;
  operation.retry = locked.expr;
  operation.exists = taken.expr;
  CHECK(outcome(answered(410), HttpWrite::remove, operation).kind == Kind::done);
  CHECK(outcome(answered(423), HttpWrite::update, operation).kind == Kind::not_admitted);
  CHECK(outcome(answered(400), HttpWrite::create, operation).kind == Kind::conflict);
  operation.done = created.expr;
  CHECK(outcome(answered(409), HttpWrite::create, operation).kind == Kind::done);
}

TEST_CASE("an error quotes the server without what is secret, and says where to look") {
  WriteOutcome refused =
      outcome(answered(422, R"({"message": "no \"hunter2-hunter2\"\nplease"})"), HttpWrite::create);
  CHECK(refused.error->message() == "test.Thing a: status 422: no \"(secret)\" please");
  CHECK(outcome(unanswered(HttpReply::Cause::refused, false), HttpWrite::create).error->message() ==
        "https://here does not answer: no route for (secret)");
  // Where the words are cut, no half of a secret is left.
  std::string filled(290, 'x');
  std::string cut = outcome(answered(422, filled + "hunter2-hunter2"), HttpWrite::create).error->message();
  CHECK(cut == "test.Thing a: status 422: " + filled + "(secret)");
  HttpReply busy = answered(429);
  busy.headers = {{"retry-after", "3"}};
  CHECK(outcome(busy, HttpWrite::create).retry_after->nanoseconds == 3'000'000'000);
}

TEST_CASE("of a reply of S3 its code and its message are told") {
  auto told = [](const HttpReply& reply) { return http_error(reply, subject).message(); };
  auto help = [](const HttpReply& reply) { return http_error(reply, subject).diagnostic().helps.at(0).text; };
  HttpReply gone =
      refused_by_s3(404, "<Error><Code>NoSuchBucket</Code><Message>It is &lt;gone&gt;</Message></Error>");
  CHECK(told(gone) == "test.Thing a: status 404: NoSuchBucket: It is <gone>");
  HttpReply wrong = refused_by_s3(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>");
  CHECK(told(wrong) == "test.Thing a: status 403: SignatureDoesNotMatch");
  CHECK(help(wrong).find("`secret_key`") != std::string::npos);
  CHECK(help(refused_by_s3(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>")).find("clock") !=
        std::string::npos);
  CHECK(help(refused_by_s3(403, "<Error><Code>AccessDenied</Code></Error>")).find("right") !=
        std::string::npos);
  HttpReply secret = refused_by_s3(400, "<Error><Message>hunter2-hunter2 is bad</Message></Error>");
  CHECK(told(secret).find("hunter2") == std::string::npos);
  CHECK(told(refused_by_s3(400, "<Error><Code>")) == "test.Thing a: status 400: <Error><Code>");
  // MinIO's admin API says the same in JSON.
  HttpReply policy =
      answered(400, R"({"Code":"XMinioMalformedIAMPolicy","Message":"no hunter2-hunter2","Id":"1"})");
  CHECK(told(policy) == "test.Thing a: status 400: XMinioMalformedIAMPolicy: no (secret)");
  HttpReply signature = answered(403, R"({"Code":"SignatureDoesNotMatch","Message":"Check your key"})");
  CHECK(help(signature).find("`secret_key`") != std::string::npos);
  CHECK(told(answered(400, R"({"Code":"7","message":"no"})")) == "test.Thing a: status 400: no");
}
