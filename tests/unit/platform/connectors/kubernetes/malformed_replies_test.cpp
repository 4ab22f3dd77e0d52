// Servers, proxies and half-broken caches that answer wrongly. Whatever comes, nothing crashes, and nothing
// of it is taken for an object that is absent, deleted, written or ready.

#include <doctest/doctest.h>

#include <vector>

#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/io/network_driver.h"
#include "tests/support/loopback_server.h"
#include "tests/support/scripted_io.h"
#include "tests/unit/platform/connectors/kubernetes/kubernetes_fixture.h"

using namespace carbon;
using namespace carbon::test;
using Kind = WriteOutcome::Kind;
using namespace std::string_literals;

namespace {

struct Row {
  std::string name;
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

HttpReply reply_of(const Row& row) {
  HttpReply reply;
  reply.status = row.status;
  reply.sent = true;
  if (!row.type.empty()) reply.headers.push_back({"Content-Type", row.type});
  reply.body = row.body;
  return reply;
}

std::string text_of(const Row& row) { return row.name + ": " + row.body.substr(0, 200); }

const std::string object =
    R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"a","name":"x","uid":"u","resourceVersion":"7"}})";
const std::string list_head =
    R"({"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":)";

std::string with_metadata(const std::string& metadata) {
  return R"({"kind":"ConfigMap","metadata":)" + metadata + "}";
}

std::string listed(const std::string& items) { return list_head + "[" + items + "]}"; }

std::string failure(int code, const std::string& rest) {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" + std::to_string(code) + rest +
         "}";
}

std::string nested(std::size_t depth) {
  return R"({"kind":"ConfigMap","metadata":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

/// No object, no list and no Status: wrong as the answer to anything.
const std::vector<Row> wrong_for_all = {
    {"empty body", 200, ""},
    {"a blank", 200, " "},
    {"a line end", 200, "\n"},
    {"NUL bytes", 200, std::string(16, '\0')},
    {"null", 200, "null"},
    {"true", 200, "true"},
    {"a number", 200, "7"},
    {"a number that overflows", 200, "1e99999"},
    {"a string", 200, R"("ConfigMap")"},
    {"an empty list", 200, "[]"},
    {"a list of objects", 200, "[" + object + "]"},
    {"an empty object", 200, "{}"},
    {"HTML", 200, "<!DOCTYPE html><html><body>Sign in</body></html>", "text/html"},
    {"HTML that says JSON", 200, "<html>welcome</html>"},
    {"an object as HTML", 200, object, "text/html"},
    {"an object as text", 200, object, "text/plain"},
    {"protobuf", 200, "k8s\0\n\x0c\n\x02v1\x12\x06"s, "application/vnd.kubernetes.protobuf"},
    {"YAML", 200, "kind: ConfigMap\nmetadata:\n  name: x\n", "application/yaml"},
    {"a byte order mark alone", 200, "\xEF\xBB\xBF"},
    {"UTF-16", 200, "\xFF\xFE{\0}\0"s},
    {"gzip", 200, "\x1F\x8B\x08\0\0\0\0\0"s},
    {"truncated in a string", 200, object.substr(0, object.size() / 2)},
    {"truncated before the last bracket", 200, object.substr(0, object.size() - 1)},
    {"text behind the document", 200, object + "x"},
    {"two documents", 200, object + object},
    {"a stray comma", 200, R"({"kind":"ConfigMap",})"},
    {"single quotes", 200, "{'kind':'ConfigMap'}"},
    {"a comment", 200, "/* hello */ {}"},
    {"NaN", 200, R"({"kind":NaN})"},
    {"an unpaired surrogate", 200, R"({"kind":"\ud800"})"},
    {"invalid UTF-8 in a value", 200, "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"\xC3\x28\"}}"},
    {"invalid UTF-8 in a key", 200, "{\"\xFF\":1}"},
    {"an overlong encoding", 200, "{\"kind\":\"\xC0\xAF\"}"},
    {"a raw NUL in a string", 200, "{\"kind\":\"Config\0Map\"}"s},
    {"a raw line end in a string", 200, "{\"kind\":\"Config\nMap\"}"},
    {"nested too deep", 200, nested(2'000)},
    {"nested absurdly deep", 200, nested(200'000)},
    {"a huge body", 200, std::string(8u << 20, 'x')},
    {"a huge string", 200, R"({"kind":")" + std::string(4u << 20, 'x') + "\"}"},
    {"another kind", 200,
     R"({"kind":"Pod","metadata":{"namespace":"a","name":"x","uid":"u","resourceVersion":"7"}})"},
    {"kind in lower case", 200, R"({"kind":"configmap","metadata":{}})"},
    {"kind is a number", 200, R"({"kind":1,"metadata":{"namespace":"a"}})"},
    {"kind is an object", 200, R"({"kind":{"x":1},"metadata":{"namespace":"a"}})"},
    {"a Table", 200, R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[]})"},
    {"a watch event", 200, R"({"type":"ADDED","object":)" + object + "}"},
    {"discovery", 200, R"({"kind":"APIVersions","versions":["v1"]})"},
    {"an error with status 200", 200, failure(500, R"(,"reason":"InternalError","message":"no")")},
    {"not found with status 200", 200, failure(404, R"(,"reason":"NotFound","details":{"name":"x"})")},
    {"gone with status 200", 200, failure(410, R"(,"reason":"Expired")")},
    {"204 without a body", 204, ""},
    {"206, part of an object", 206, object},
    {"a reply without a content type and body", 200, "", ""},
    {"moved permanently", 301, "", "text/html"},
    {"found elsewhere", 302, "<a href=\"/login\">", "text/html"},
    {"see other", 303, ""},
    {"not modified", 304, ""},
    {"temporary redirect", 307, "{}"},
    {"bad request without a Status", 400, "bad request", "text/plain"},
    {"payment required", 402, "{}"},
    {"not found as HTML", 404, "<html>404</html>", "text/html"},
    {"not found, empty", 404, ""},
    {"not found, empty JSON", 404, "{}"},
    {"not found, null", 404, "null"},
    {"not found by a proxy", 404, "no such route", "text/plain"},
    {"not found, as HTML with the server's words", 404, "404 page not found", "text/html"},
    {"not found, truncated", 404, R"({"kind":"Status","status":"Failure","reason":"NotFound","det)"},
    {"not found, of another code", 404, failure(403, R"(,"reason":"NotFound","details":{"name":"x"})")},
    {"not found, without a reason", 404, failure(404, R"(,"details":{"name":"x","kind":"configmaps"})")},
    {"not found, for another reason", 404, failure(404, R"(,"reason":"Gone","details":{"name":"x"})")},
    {"not found, another object", 404, failure(404, R"(,"reason":"NotFound","details":{"name":"z"})")},
    {"not found, a success", 404,
     R"({"kind":"Status","status":"Success","reason":"NotFound","details":{"name":"x"}})"},
    {"not found, details are a list", 404, failure(404, R"(,"details":["x"])")},
    {"method not allowed", 405, failure(405, R"(,"reason":"MethodNotAllowed")")},
    {"not acceptable", 406, failure(406, R"(,"reason":"NotAcceptable")")},
    {"gone, as text", 410, "gone", "text/plain"},
    {"teapot", 418, "short and stout", "text/plain"},
    {"500 as HTML", 500, "<h1>Internal Server Error</h1>", "text/html"},
    {"500, empty", 500, ""},
    {"501", 501, "{}"},
    {"502 by a load balancer", 502, "<html>Bad Gateway</html>", "text/html"},
    {"503, empty", 503, ""},
    {"504 by a load balancer", 504, "upstream timed out", "text/plain"},
    {"599", 599, "{}"},
    {"a status out of range", 999, "{}"},
};

const std::string ids = R"("uid":"u","resourceVersion":"7")";

/// Nearly the object that was asked for.
const std::vector<Row> wrong_objects = {
    {"no metadata", 200, R"({"kind":"ConfigMap","data":{}})"},
    {"metadata is null", 200, with_metadata("null")},
    {"metadata is a list", 200, with_metadata("[]")},
    {"metadata is text", 200, with_metadata("\"x\"")},
    {"metadata is empty", 200, with_metadata("{}")},
    {"no name", 200, with_metadata(R"({"namespace":"a",)" + ids + "}")},
    {"no namespace", 200, with_metadata(R"({"name":"x",)" + ids + "}")},
    {"no uid", 200, with_metadata(R"({"namespace":"a","name":"x","resourceVersion":"7"})")},
    {"no version", 200, with_metadata(R"({"namespace":"a","name":"x","uid":"u"})")},
    {"an empty uid", 200, with_metadata(R"({"namespace":"a","name":"x","uid":"","resourceVersion":"7"})")},
    {"uid is a number", 200, with_metadata(R"({"namespace":"a","name":"x","uid":1,"resourceVersion":"7"})")},
    {"version is a number", 200,
     with_metadata(R"({"namespace":"a","name":"x","uid":"u","resourceVersion":7})")},
    {"name is a list", 200, with_metadata(R"({"namespace":"a","name":["x"],)" + ids + "}")},
    {"another name", 200, with_metadata(R"({"namespace":"a","name":"y",)" + ids + "}")},
    {"a name with a NUL", 200, with_metadata(R"({"namespace":"a","name":"x\u0000",)" + ids + "}")},
    {"a name in capitals", 200, with_metadata(R"({"namespace":"a","name":"X",)" + ids + "}")},
    {"another namespace", 200, with_metadata(R"({"namespace":"b","name":"x",)" + ids + "}")},
    {"managedFields is an object", 200,
     with_metadata(R"({"namespace":"a","name":"x",)" + ids + R"(,"managedFields":{}})")},
    {"fieldsV1 is text", 200,
     with_metadata(R"({"namespace":"a","name":"x",)" + ids +
                   R"(,"managedFields":[{"manager":"m","fieldsV1":"f:x"}]})")},
    {"fieldsV1 of another format", 200,
     with_metadata(R"({"namespace":"a","name":"x",)" + ids +
                   R"(,"managedFields":[{"fieldsV1":{"z:x":{}}}]})")},
    {"a list of one", 200, listed(object)},
    {"an empty list of the kind", 200, listed("")},
};

std::string listed_item(const std::string& metadata) { return listed(R"({"metadata":)" + metadata + "}"); }

/// Nearly the list that was asked for. Two objects of namespace `a` are wanted: `x` and `y`.
const std::vector<Row> wrong_lists = {
    {"a single object", 200, object},
    {"of another kind, empty", 200, R"({"kind":"PodList","metadata":{},"items":[]})"},
    {"of another version", 200, R"({"kind":"ConfigMapList","apiVersion":"v2","metadata":{},"items":[]})"},
    {"a List of nothing in particular", 200, R"({"kind":"List","metadata":{},"items":[]})"},
    {"no kind", 200, R"({"metadata":{},"items":[]})"},
    {"no metadata", 200, R"({"kind":"ConfigMapList","items":[]})"},
    {"metadata is a list", 200, R"({"kind":"ConfigMapList","metadata":[],"items":[]})"},
    {"no items", 200, R"({"kind":"ConfigMapList","metadata":{}})"},
    {"items is an object", 200, R"({"kind":"ConfigMapList","metadata":{},"items":{}})"},
    {"items is text", 200, R"({"kind":"ConfigMapList","metadata":{},"items":"none"})"},
    {"items is false", 200, R"({"kind":"ConfigMapList","metadata":{},"items":false})"},
    {"an item that is null", 200, listed("null")},
    {"an item that is a number", 200, listed("1")},
    {"an item without metadata", 200, listed("{}")},
    {"an item without a name", 200, listed_item(R"({"namespace":"a",)" + ids + "}")},
    {"an item without a namespace", 200, listed_item(R"({"name":"x",)" + ids + "}")},
    {"an item of another namespace", 200, listed_item(R"({"namespace":"b","name":"x",)" + ids + "}")},
    {"an item twice", 200, listed(object + "," + object)},
    {"a list in a list", 200, listed(listed(object))},
    {"more to come, but no way to it", 200,
     R"({"kind":"ConfigMapList","metadata":{"remainingItemCount":3},"items":[]})"},
    {"continue is empty, more to come", 200,
     R"({"kind":"ConfigMapList","metadata":{"continue":"","remainingItemCount":1},"items":[]})"},
    {"continue is a number", 200, R"({"kind":"ConfigMapList","metadata":{"continue":7},"items":[]})"},
    {"continue is an object", 200, R"({"kind":"ConfigMapList","metadata":{"continue":{}},"items":[]})"},
    {"the same page for ever", 200, R"({"kind":"ConfigMapList","metadata":{"continue":"t"},"items":[]})"},
};

HttpEndpoint lying_server() {
  HttpEndpoint endpoint;
  endpoint.name = endpoint.base = "https://server";
  return endpoint;
}

struct LyingWorld {
  explicit LyingWorld(const Row& row)
      : LyingWorld([reply = reply_of(row)](const HttpRequest&) { return reply; }) {}
  explicit LyingWorld(ScriptedIo::Answer answer) : io(std::move(answer)), connector(io, lying_server()) {}
  ScriptedIo io;
  KubernetesConnector connector;
};

ObjectKey wanted(const std::string& name) { return object_key("k8s.ConfigMap", "a", name); }

WriteRequest request() {
  WriteRequest request;
  request.key = wanted("x");
  request.desired = from_json(R"({"metadata":{"namespace":"a","name":"x"},"data":{"k":"v"}})");
  request.uid = "u";
  request.version = "7";
  request.token = "cafe";
  return request;
}

void check_unknown(const LiveObject& live) {
  CHECK(live.presence == Presence::unknown);
  REQUIRE(live.why);
  CHECK_FALSE(live.why->message().empty());
}

void check_not_done(const WriteOutcome& outcome) {
  CHECK(outcome.kind != Kind::done);
  REQUIRE(outcome.error);
  CHECK_FALSE(outcome.error->message().empty());
}

void check_reads(const Row& row) {
  LyingWorld one(row);
  check_unknown(one.io.result_of(one.connector.observe({wanted("x")})).front());
  LyingWorld ready(row);
  CHECK_FALSE(ready.io.result_of(ready.connector.readiness(wanted("x"))));
}

void check_lists(const Row& row) {
  LyingWorld two(row);
  for (const LiveObject& each : two.io.result_of(two.connector.observe({wanted("x"), wanted("y")})))
    check_unknown(each);
}

void check_writes(const Row& row) {
  LyingWorld creating(row);
  check_not_done(creating.io.result_of(creating.connector.create(request())));
  LyingWorld updating(row);
  check_not_done(updating.io.result_of(updating.connector.update(request())));
  LyingWorld asking(row);
  auto preview = asking.io.result_of(asking.connector.preview(request()));
  REQUIRE(preview);
  CHECK_FALSE(*preview);
}

void check_removal(const Row& row) {
  LyingWorld removing(row);
  check_not_done(removing.io.result_of(removing.connector.remove(request())));
}

}  // namespace

TEST_CASE("a reply that is wrong for anything says nothing of any object") {
  CHECK(wrong_for_all.size() >= 80);
  for (const Row& row : wrong_for_all) {
    CAPTURE(text_of(row));
    check_reads(row);
    check_lists(row);
    check_writes(row);
    check_removal(row);
    LyingWorld asked(row);
    CHECK_FALSE(asked.io.result_of(asked.connector.identify()));
  }
}

TEST_CASE("an object that is not quite the one asked for is neither present nor absent, nor written") {
  for (const Row& row : wrong_objects) {
    CAPTURE(text_of(row));
    check_reads(row);
    check_removal(row);
    // The version of what a dry run made is not looked at.
    bool only_versions =
        row.name.find("uid") != std::string::npos || row.name.find("version") != std::string::npos ||
        row.name.find("V1") != std::string::npos || row.name.find("managed") != std::string::npos;
    if (!only_versions) check_writes(row);
  }
}

TEST_CASE("a list that is not quite the one asked for leaves everything unknown") {
  for (const Row& row : wrong_lists) {
    CAPTURE(text_of(row));
    check_lists(row);
  }
}

TEST_CASE("a list that breaks off on its second page leaves everything unknown") {
  const std::string first =
      R"({"kind":"ConfigMapList","metadata":{"continue":"t","remainingItemCount":1},"items":[]})";
  std::vector<Row> rows = wrong_lists;
  rows.insert(rows.end(), wrong_for_all.begin(), wrong_for_all.end());
  for (const Row& row : rows) {
    // Rows that are right once more would be asked for a third page.
    if (row.name == "the same page for ever") continue;
    CAPTURE(text_of(row));
    LyingWorld world([&](const HttpRequest& asked) {
      return asked.target.find("continue=") == std::string::npos ? json_reply(200, first) : reply_of(row);
    });
    for (const LiveObject& each : world.io.result_of(world.connector.observe({wanted("x"), wanted("y")})))
      check_unknown(each);
  }
}

TEST_CASE("a list that expires again and again is read object by object") {
  LyingWorld world([&](const HttpRequest& asked) {
    if (asked.target.find("continue=") != std::string::npos) return recorded_reply("620-");
    if (asked.target.find("limit=") == std::string::npos) return json_reply(200, "{}");
    return json_reply(200, R"({"kind":"ConfigMapList","metadata":{"continue":"t"},"items":[]})");
  });
  for (const LiveObject& each : world.io.result_of(world.connector.observe({wanted("x"), wanted("y")})))
    check_unknown(each);
}

TEST_CASE("a generated secret is not made again because its stored form cannot be read") {
  WriteRequest wanted_secret;
  wanted_secret.key = object_key("k8s.GeneratedSecret", "a", "x");
  wanted_secret.desired = from_json(R"({"metadata":{"namespace":"a","name":"x"},"keys":{"password":{}}})");
  wanted_secret.uid = "u";
  std::vector<Row> rows = wrong_for_all;
  rows.push_back(
      {"data is a list", 200,
       R"({"kind":"Secret","data":["x"],"metadata":{"namespace":"a","name":"x","uid":"u","resourceVersion":"7"}})"});
  rows.push_back({"absent", 404, failure(404, R"(,"reason":"NotFound","details":{"name":"x"})")});
  for (const Row& row : rows) {
    CAPTURE(text_of(row));
    LyingWorld world(row);
    check_not_done(world.io.result_of(world.connector.update(wanted_secret)));
    for (const HttpRequest& sent : world.io.requests) CHECK(sent.method == "GET");
  }
}

namespace {

/// Bytes on the wire; the connection is closed behind them.
struct Wire {
  std::string name;
  std::string bytes;
};

std::string wire(const std::string& head, const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head + "\r\n" + body;
}

const std::string length = "Content-Length: " + std::to_string(object.size()) + "\r\n";

const std::vector<Wire> wires = {
    {"nothing at all", ""},
    {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"},
    {"HTTP/0.9", object},
    {"half a status line", "HTTP/1.1 2"},
    {"a status that is no number", "HTTP/1.1 OK\r\n\r\n"},
    {"a negative status", "HTTP/1.1 -200 OK\r\nContent-Length: 2\r\n\r\n{}"},
    {"an interim reply alone", "HTTP/1.1 100 Continue\r\n\r\n"},
    {"headers without an end", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"},
    {"a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}"},
    {"a NUL in a header", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\n{}"s},
    {"a body shorter than it says", wire("Content-Length: 5000\r\n", object)},
    {"a body cut by its length", wire("Content-Length: 20\r\n", object)},
    {"a length that is no number", wire("Content-Length: many\r\n", "{}")},
    {"a negative length", wire("Content-Length: -5\r\n", "{}")},
    {"two lengths", wire("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")},
    {"a length beyond all memory", wire("Content-Length: 99999999999999999999\r\n", "{}")},
    {"a chunk without its size", wire("Transfer-Encoding: chunked\r\n", object)},
    {"a chunk shorter than it says", wire("Transfer-Encoding: chunked\r\n", "ff\r\n{}")},
    {"chunks without an end", wire("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n")},
    {"a chunk of absurd size", wire("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}")},
    {"an unknown content coding", wire("Content-Encoding: br\r\n" + length, object.substr(1))},
    {"gzip that is none", wire("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}")},
    {"headers without limit", "HTTP/1.1 200 OK\r\nX: " + std::string(3u << 20, 'x') + "\r\n\r\n"},
    {"a body without limit", wire("", "{\"kind\":\"" + std::string(max_reply_bytes + 1, 'x') + "\"}")},
    {"a redirect to itself", "HTTP/1.1 307 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"},
    {"a redirect to elsewhere",
     "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
    {"a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"},
};

template <class T>
Task<void> keep(Task<T> task, std::optional<T>* into) {
  T result = co_await task;
  into->emplace(std::move(result));
}

template <class T>
T result_of(Io& io, Task<T> task) {
  std::optional<T> result;
  Task<void> root = keep(std::move(task), &result);
  io.run(root);
  return std::move(*result);
}

}  // namespace

TEST_CASE("bytes that are no whole reply say nothing of any object") {
  for (const Wire& each : wires) {
    CAPTURE(each.name);
    LoopbackServer server([&](int fd) {
      if (!LoopbackServer::read_request(fd).empty()) LoopbackServer::write_all(fd, each.bytes);
    });
    NetworkDriver io;
    HttpEndpoint endpoint;
    endpoint.name = endpoint.base = server.base();
    KubernetesConnector connector(io, endpoint);
    check_unknown(result_of(io, connector.observe({wanted("x")})).front());
    check_not_done(result_of(io, connector.create(request())));
    check_not_done(result_of(io, connector.remove(request())));
  }
}
