#include "platform/connectors/http/http_operation.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/connectors/s3/encrypted_body.h"

using namespace carbon;

namespace {

struct Builder {
  ExprArena arena;
  FunctionTable functions;
  Builder() { add_operators(functions); }

  const Expr* text(std::string_view value) {
    Expr& made = arena.make(ExprKind::constant, {});
    made.constant = Value::string(value);
    return &made;
  }
  const Expr* self(std::string_view name) {
    Expr& slot = arena.make(ExprKind::slot, {});
    slot.slot = static_cast<std::uint32_t>(OperationSlot::self);
    Expr& made = arena.make(ExprKind::member, {});
    made.name = name;
    made.children = {&slot};
    return &made;
  }
  const Expr* joined(std::vector<const Expr*> parts) {
    Expr& made = arena.make(ExprKind::interpolation, {});
    made.children = std::move(parts);
    return &made;
  }
  const Expr* record(const std::vector<std::pair<std::string, const Expr*>>& fields) {
    Expr& made = arena.make(ExprKind::record, {});
    for (const auto& [name, value] : fields) {
      Expr& field = arena.make(ExprKind::field, {});
      field.name = name;
      field.children = {value};
      made.children.push_back(&field);
    }
    return &made;
  }

  Result<HttpRequest> request(const Expr* path, const Value& self_value, const Expr* send = nullptr,
                              Transport transport = Transport::http, const Expr* content_type = nullptr) {
    OperationStep step;
    step.kind = OperationStep::Kind::post;
    step.text = path;
    step.send = send;
    if (content_type != nullptr) step.headers.emplace_back(text("content-type"), content_type);
    return HttpOperationRun(functions, self_value, Value(), Value(), transport).request(step, {});
  }
  std::string target(const Expr* path, Value name) {
    Result<HttpRequest> made = request(path, Value::record({{Value::string("name"), std::move(name)}}));
    return made ? made->target : "refused";
  }
};

}  // namespace

TEST_CASE("a value in a path is one segment or one query value, or nothing is sent") {
  Builder build;
  const Expr* last = build.joined({build.text("/things/"), build.self("name")});
  CHECK(build.target(last, Value::string("a/b c?d=é#")) == "/things/a%2Fb%20c%3Fd%3D%C3%A9%23");
  CHECK(build.target(last, Value::string("..%2f")) == "/things/..%252f");
  CHECK(build.target(last, Value::integer(9007199254740993)) == "/things/9007199254740993");
  for (std::string_view bad : {"", ".", ".."}) CHECK(build.target(last, Value::string(bad)) == "refused");
  CHECK(build.target(last, Value()) == "refused");
  const Expr* middle = build.joined({build.text("/things/"), build.self("name"), build.text("/parts")});
  CHECK(build.target(middle, Value::string("a")) == "/things/a/parts");
  for (std::string_view bad : {"", ".", ".."}) CHECK(build.target(middle, Value::string(bad)) == "refused");
  const Expr* part = build.joined({build.text("/v"), build.self("name"), build.text(".json")});
  CHECK(build.target(part, Value::string("")) == "/v.json");
  const Expr* query =
      build.joined({build.text("/things?a="), build.self("name"), build.text("&b=/"), build.self("name")});
  CHECK(build.target(query, Value::string("x&y")) == "/things?a=x%26y&b=/x%26y");
  CHECK(build.target(query, Value::string("")) == "/things?a=&b=/");
}

TEST_CASE("what is not written is not sent, and a written null is") {
  Builder build;
  Value self = Value::record({{Value::string("name"), Value::string("n")}, {Value::string("note"), Value()}});
  const Expr* body =
      build.record({{"name", build.self("name")},
                    {"note", build.self("note")},
                    {"size", build.self("size")},
                    {"below", build.record({{"size", build.self("size")}, {"x", build.self("name")}})}});
  Result<HttpRequest> made = build.request(build.text("/things"), self, body);
  REQUIRE(made);
  CHECK(made->method == "POST");
  CHECK(made->body == R"({"name":"n","note":null,"below":{"x":"n"}})");
  CHECK(made->headers.front().value == "application/json");
}

TEST_CASE("a body of S3 is XML, a text, or a document of the platform") {
  Builder build;
  Value document = Value::map({{Value::string("Statement"), Value::list({})}});
  Value self =
      Value::record({{Value::string("text"), Value::string("<a>")}, {Value::string("policy"), document}});
  auto sent = [&](const Expr* body, const Expr* type = nullptr) {
    Result<HttpRequest> made = build.request(build.text("/b"), self, body, Transport::s3, type);
    REQUIRE(made);
    REQUIRE(made->headers.size() == 1);
    return made->headers.front().value + " " + made->body;
  };
  constexpr std::string_view xml = "application/xml <?xml version=\"1.0\"?>";
  CHECK(sent(build.record({{"A", build.record({{"B", build.self("text")}, {"C", build.self("gone")}})}})) ==
        std::string(xml) + R"(<A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><B>&lt;a&gt;</B></A>)");
  Expr& constant = build.arena.make(ExprKind::constant, {});
  constant.constant =
      Value::map({{Value::string("A"), Value::map({{Value::string("B"), Value::integer(1)}})}});
  CHECK(sent(&constant) ==
        std::string(xml) + R"(<A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><B>1</B></A>)");
  CHECK(sent(build.self("text")) == "application/octet-stream <a>");
  CHECK(sent(build.self("text"), build.text("text/plain")) == "text/plain <a>");
  CHECK(sent(build.self("policy")) == R"(application/json {"Statement":[]})");
  Result<HttpRequest> plain = build.request(build.text("/b"), self, build.self("text"));
  REQUIRE(plain);
  CHECK(plain->body == R"("<a>")");
}

TEST_CASE("a body with an encoding is JSON, encrypted with the connection's secret key") {
  Builder build;
  Value provider = Value::record({{Value::string("secret_key"), Value::string("hunter2hunter2")}});
  HttpOperationRun run(build.functions, Value::record({}), Value(), provider, Transport::s3);
  std::string random(encryption_randomness, 'r');
  OperationStep step;
  step.kind = OperationStep::Kind::put;
  step.text = build.text("/add-user");
  step.encoding = BodyEncoding::madmin;
  Result<HttpRequest> without = run.request(step, random);
  REQUIRE(without);
  CHECK(without->body.empty());
  step.send = build.record({{"secretKey", build.text("of somebody")}});  // one member, and no XML
  Result<HttpRequest> made = run.request(step, random);
  REQUIRE(made);
  CHECK(made->body == *encrypted_body(R"({"secretKey":"of somebody"})", "hunter2hunter2", random));
  REQUIRE(made->headers.size() == 1);
  CHECK(made->headers.front().value == "application/octet-stream");

  HttpReply reply;
  reply.status = 200;
  reply.headers = {{"Content-Type", "application/json"}};  // as MinIO says of what it encrypts
  reply.body = *encrypted_body(R"({"parentUser":"a"})", "hunter2hunter2", random);
  REQUIRE(run.reply(reply, BodyEncoding::madmin));
  CHECK(run.run().slot(OperationSlot::body).find("parentUser")->text() == "a");
  reply.body.back() = static_cast<char>(reply.body.back() ^ 1);
  CHECK_FALSE(run.reply(reply, BodyEncoding::madmin));
  reply.body.clear();
  CHECK(run.reply(reply, BodyEncoding::madmin));
  // A success that is not encrypted is not from a server that was asked for it; a refusal never is encrypted.
  reply.body = R"({"Code":"XMinioAdminNoSuchUser"})";
  CHECK_FALSE(run.reply(reply, BodyEncoding::madmin));
  reply.status = 404;
  REQUIRE(run.reply(reply, BodyEncoding::madmin));
  CHECK(run.run().slot(OperationSlot::body).find("Code")->text() == "XMinioAdminNoSuchUser");
}

TEST_CASE("what is computed from a field is sent as the field is") {
  Builder build;
  auto half = [&](std::string_view name) {
    Expr& made = build.arena.make(ExprKind::binary, {});
    made.op = Operator::divide;
    Expr& two = build.arena.make(ExprKind::constant, {});
    two.constant = Value::integer(2);
    made.children = {build.self(name), &two};
    return &made;
  };
  auto or_one = [&](std::string_view name) {
    Expr& made = build.arena.make(ExprKind::binary, {});
    made.op = Operator::coalesce;
    Expr& one = build.arena.make(ExprKind::constant, {});
    one.constant = Value::integer(1);
    made.children = {build.self(name), &one};
    return &made;
  };
  Value self = Value::record({{Value::string("size"), Value::integer(8)}, {Value::string("gone"), Value()}});
  const Expr* body = build.record({{"size", half("size")},
                                   {"gone", half("gone")},
                                   {"other", half("other")},
                                   {"text", build.joined({build.text("is "), build.self("other")})},
                                   {"filled", or_one("other")}});
  Result<HttpRequest> made = build.request(build.text("/things"), self, body);
  REQUIRE(made);
  CHECK(made->body == R"({"size":4,"gone":null,"filled":1})");
}

TEST_CASE("every reply of an operation is remembered at the place of its request") {
  Builder build;
  HttpOperationRun run(build.functions, Value(), Value(), Value());
  run.expect(3);
  HttpReply reply;
  reply.status = 200;
  reply.headers = {{"Content-Type", "application/json"}};
  reply.body = "7";
  REQUIRE(run.reply(reply));
  run.remember(1);
  CHECK(run.run().slot(OperationSlot::replies) == Value::list({Value(), Value::integer(7), Value()}));
}

TEST_CASE("the following page stands behind the same base") {
  CHECK(*target_behind("https://h/api", "https://h/api/things?page=2") == "/things?page=2");
  CHECK(*target_behind("https://h/api", "/things?page=2") == "/things?page=2");
  for (std::string_view bad : {"https://evil/things", "//evil/things", "things", "https://h/apis"})
    CHECK_FALSE(target_behind("https://h/api", bad));
}

TEST_CASE("a reply is read as what it says that it is") {
  Builder build;
  HttpOperationRun run(build.functions, Value(), Value(), Value());
  HttpReply reply;
  reply.status = 200;
  reply.headers = {{"Content-Type", "application/json"}, {"ETag", "\"7\""}};
  reply.body = R"({"id": 9007199254740993})";
  REQUIRE(run.reply(reply));
  CHECK(run.run().slot(OperationSlot::body).find("id")->as_int() == 9007199254740993);
  CHECK(run.run().slot(OperationSlot::headers).find("etag")->text() == "\"7\"");
  reply.body = R"({"id": )";
  CHECK_FALSE(run.reply(reply));
  reply.status = 502;  // a proxy may call anything JSON
  CHECK(run.reply(reply));
  reply.status = 200;
  reply.headers.front().value = "text/html";
  CHECK_FALSE(run.reply(reply));
}

TEST_CASE("what is no longer written is null to an operation, wherever it stood") {
  auto shown = [](const char* desired, std::vector<const char*> removed) {
    std::vector<FieldPath> paths;
    for (const char* path : removed) paths.push_back(*FieldPath::parse(path));
    return to_json(with_nulls(*decode_value(desired), paths));
  };
  CHECK(shown(R"({"a":1})", {"b"}) == R"({"a":1,"b":null})");
  CHECK(shown(R"({"m":{"x":1}})", {"m.y"}) == R"({"m":{"x":1,"y":null}})");
  // Nothing of the field is left.
  CHECK(shown(R"({"a":1})", {"m.x", "m.y"}) == R"({"a":1,"m":{"x":null,"y":null}})");
  CHECK(shown(R"({"m":{"x":{"z":1}}})", {"m.x.y", "m.w.v"}) ==
        R"({"m":{"x":{"z":1,"y":null},"w":{"v":null}}})");
  // What is written stays, and an item of a list has no name.
  CHECK(shown(R"({"m":{"x":1}})", {"m.x", "m.x.y"}) == R"({"m":{"x":1}})");
  CHECK(shown(R"({"l":[1]})", {"l[1]", "l[0].x"}) == R"({"l":[1]})");
  CHECK(shown(R"({"a":1})", {R"(l["k"])"}) == R"({"a":1,"l":null})");
}
