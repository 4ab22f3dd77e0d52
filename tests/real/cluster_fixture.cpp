#include "tests/real/cluster_fixture.h"

#include "platform/connectors/kubernetes/kubeconfig.h"
#include "stdlib/k8s/schema.h"

namespace carbon::test {

namespace {

Task<HttpReply> send_one(Io& io, HttpEndpoint endpoint, HttpRequest request) {
  HttpReply reply = co_await io.http(endpoint, request);
  co_return reply;
}

}  // namespace

RealCluster& cluster() {
  static RealCluster only;
  return only;
}

HttpEndpoint endpoint_of(const std::string& kubeconfig) {
  KubeconfigQuery query;
  query.path = cluster().path(kubeconfig);
  auto access = load_kubeconfig(query);
  REQUIRE_MESSAGE(access, access.error().message());
  return access->endpoint;
}

const ResourceType* type_of(std::string_view name) {
  static ResourceTypes types;
  static bool added = (add_kubernetes_types(types), true);
  static_cast<void>(added);
  const ResourceType* type = types.find(name);
  REQUIRE(type != nullptr);
  return type;
}

Value json(std::string_view text) {
  Result<Value> value = parse_json(text);
  REQUIRE_MESSAGE(value, value.error().message());
  return *value;
}

ObjectKey key_of(std::string_view type, const std::string& name_space, const std::string& name) {
  std::string inside = name_space.empty() ? "" : R"("namespace":")" + name_space + R"(",)";
  return {type_of(type), json(R"({"metadata":{)" + inside + R"("name":")" + name + R"("}})")};
}

std::string Client::make_namespace(const std::string& name) {
  auto made = run(connector.create(write_of("k8s.Namespace", "", name, "")));
  bool done = made.kind == WriteOutcome::Kind::done || made.kind == WriteOutcome::Kind::conflict;
  REQUIRE_MESSAGE(done, made.error->message());
  return name;
}

HttpReply Client::send(const std::string& method, const std::string& target, const std::string& type,
                       const std::string& body) {
  HttpRequest request;
  request.method = method;
  request.target = target;
  request.headers.push_back({"Content-Type", type});
  request.body = body;
  return run(send_one(io, endpoint, request));
}

WriteRequest write_of(std::string_view type, const std::string& name_space, const std::string& name,
                      std::string_view rest) {
  WriteRequest request;
  request.key = key_of(type, name_space, name);
  std::string metadata = to_json(*request.key.identity.find("metadata"));
  std::string more = rest.empty() ? "" : "," + std::string(rest);
  request.desired = json(R"({"metadata":)" + metadata + more + "}");
  request.token = "0123456789abcdef0123456789abcdef";
  return request;
}

WriteRequest after(WriteRequest request, const LiveObject& live) {
  request.uid = live.uid;
  request.version = live.version;
  return request;
}

}  // namespace carbon::test
