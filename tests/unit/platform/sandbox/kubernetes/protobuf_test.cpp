// Bodies in Kubernetes' protobuf form, as recorded from kubectl and client-go (protobuf_bodies.txt).
#include <doctest/doctest.h>
#include <fstream>
#include <set>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/server.h"

namespace carbon::sandbox {

namespace {

struct Body {
  std::string path;
  std::string protobuf;
  std::string json;
};

std::string bytes_of(const std::string& hexadecimal) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::vector<Body> bodies() {
  std::ifstream file(CARBON_SOURCE_ROOT "/tests/unit/platform/sandbox/kubernetes/protobuf_bodies.txt");
  std::vector<Body> found;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('/')) continue;
    Body body{line, "", ""};
    std::getline(file, line);
    body.protobuf = bytes_of(line);
    std::getline(file, body.json);
    found.push_back(std::move(body));
  }
  REQUIRE(found.size() > 20);
  return found;
}

class ProtobufWorld {
 public:
  ProtobufWorld() {
    occasion_ = {1'795'540'000'000'000'000,
                 [this] { return seed_ = seed_ * 6364136223846793005U + 1442695040888963407U; }};
    auto opened = KubernetesSandbox::open(":memory:", occasion_);
    REQUIRE(opened.has_value());
    server_ = *std::move(opened);
  }
  ApiResponse send(std::string method, const std::string& target, std::string body,
                   std::string type = "application/vnd.kubernetes.protobuf") {
    ApiRequest request = ApiRequest::of(std::move(method), target);
    request.body = std::move(body);
    request.content_type = std::move(type);
    request.user_agent = "kubectl/1";
    return server_->handle(request, occasion_);
  }

 private:
  std::uint64_t seed_ = 7;
  Occasion occasion_;
  std::unique_ptr<KubernetesSandbox> server_;
};

/// The message of a refusal.
std::string message_of(const ApiResponse& response) {
  Value status = *parse_json(response.body);
  CHECK(int_at(status, {"code"}) == response.status);
  return std::string(text_at(status, {"message"}));
}

std::string delimited(char tag, const std::string& content) {
  return std::string(1, tag) + static_cast<char>(content.size()) + content;
}

/// `k8s\0` and a runtime.Unknown.
std::string enveloped(const std::string& version, const std::string& kind, const std::string& object) {
  return std::string("k8s\0", 4) + delimited('\n', delimited('\n', version) + delimited('\x12', kind)) +
         delimited('\x12', object);
}

}  // namespace

TEST_CASE("an object in protobuf is the object that it is in JSON") {
  for (const Body& body : bodies()) {
    ProtobufWorld by_json;
    ProtobufWorld by_protobuf;
    ApiResponse wanted = by_json.send("POST", body.path, body.json, "application/json");
    ApiResponse found = by_protobuf.send("POST", body.path + "?fieldValidation=Strict", body.protobuf);
    CHECK_MESSAGE(wanted.status == 201, body.path, wanted.body);
    CHECK_MESSAGE(found.status == wanted.status, body.path, found.body);
    CHECK(found.body == wanted.body);
  }
}

TEST_CASE("a body that is cut off anywhere is answered, and in words") {
  ProtobufWorld world;
  const std::set<int> known{201, 400, 415, 422};
  for (const Body& body : bodies()) {
    for (std::size_t size = 0; size < body.protobuf.size(); ++size) {
      ApiResponse response = world.send("POST", body.path + "?dryRun=All", body.protobuf.substr(0, size));
      CHECK_MESSAGE(known.contains(response.status), body.path, " ", size, " ", response.body);
      CHECK(parse_json(response.body).has_value());
    }
  }
}

TEST_CASE("bytes that are no protobuf, no object, or not of that kind, are refused") {
  ProtobufWorld world;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  CHECK(message_of(world.send("POST", maps, "{}")).find("expected prefix k8s") != std::string::npos);
  std::string metadata = delimited('\n', delimited('\n', "a"));
  CHECK(world.send("POST", maps, enveloped("v1", "ConfigMap", metadata)).status == 201);
  CHECK(message_of(world.send("POST", maps, enveloped("v1", "Secret", metadata))).find("does not match") !=
        std::string::npos);
  CHECK(message_of(world.send("POST", maps, enveloped("v1", "ConfigMap", "\x0a\x7f")))
            .find("ConfigMap is broken") != std::string::npos);
  // The first group of the wire format ever since, a string that is no UTF-8.
  CHECK(world.send("POST", maps, enveloped("v1", "ConfigMap", "\x0b")).status == 400);
  CHECK(world.send("POST", maps, enveloped("v1", "ConfigMap", delimited('\n', delimited('\n', "\xff"))))
            .status == 400);
  // A field that nobody knows is passed over.
  CHECK(world
            .send("POST", maps,
                  enveloped("v1", "ConfigMap", delimited('\n', delimited('\n', "b")) + "\x78\x01"))
            .status == 201);
}

TEST_CASE("options of a deletion in protobuf count") {
  ProtobufWorld world;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  REQUIRE(
      world.send("POST", maps, enveloped("v1", "ConfigMap", delimited('\n', delimited('\n', "a")))).status ==
      201);
  // preconditions 2 {uid 1}
  std::string other = delimited('\x12', delimited('\n', "another"));
  CHECK(world.send("DELETE", maps + "/a", enveloped("v1", "DeleteOptions", other)).status == 409);
  CHECK(world.send("DELETE", maps + "/a", enveloped("v1", "DeleteOptions", "")).status == 200);
}

}  // namespace carbon::sandbox
