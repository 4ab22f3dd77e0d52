#include "tests/simulation/cluster.h"

#include <fmt/core.h>
#include <cstdlib>
#include <utility>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::simulation {

namespace {

constexpr const char* storages[] = {"namespaces", "configmaps", "secrets", "serviceaccounts",
                                    "deployments.apps"};
constexpr const char* token_annotation = "carbon.dev/operation";

template <class T>
T sure(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "the simulated server does not start: {}\n", result.error().message());
  std::abort();
}

}  // namespace

Cluster::Cluster(std::uint64_t seed) : random_(seed) {
  server_ = sure(sandbox::KubernetesSandbox::open(":memory:", occasion()));
  controllers_ = std::make_unique<sandbox::Controllers>(*server_, sandbox::Controllers::Options{});
  settle();
}

sandbox::Occasion Cluster::occasion() {
  return {now_, [this] { return random_(); }};
}

void Cluster::settle() { controllers_->tick(occasion()); }

sandbox::ApiResponse Cluster::handle(const sandbox::ApiRequest& request) { return carry_out(request, true); }

sandbox::ApiResponse Cluster::carry_out(const sandbox::ApiRequest& request, bool logged) {
  sandbox::ApiResponse response = server_->handle(request, occasion());
  if (planning && request.method == "GET") {
    bool list = request.path.ends_with("/configmaps");
    std::erase_if(edited, [&](const std::string& path) { return list || path == request.path; });
  }
  bool reads = request.method == "GET" || request.query.contains("dryRun");
  if (!reads && response.status < 300) {
    if (logged) writes.push_back({request.method, request.path});
    // A delete aims at a uid, whatever is in the object.
    if (request.method != "DELETE" && edited.contains(request.path)) overwritten.push_back(request.path);
  }
  if (!reads) settle();
  return response;
}

void Cluster::advance_to(std::int64_t time) {
  while (true) {
    std::int64_t next = time;
    if (auto due = controllers_->next_due(); due && *due < next) next = *due;
    if (!on_the_way_.empty() && on_the_way_.begin()->first < next) next = on_the_way_.begin()->first;
    now_ = std::max(now_, next);
    while (!on_the_way_.empty() && on_the_way_.begin()->first <= now_) {
      sandbox::ApiRequest request = std::move(on_the_way_.extract(on_the_way_.begin()).mapped());
      (void)carry_out(request, false);
    }
    settle();
    if (next >= time) return;
  }
}

void Cluster::arrive_late(std::int64_t time, sandbox::ApiRequest request) {
  on_the_way_.emplace(time, std::move(request));
}

void Cluster::deliver() {
  if (!on_the_way_.empty()) advance_to(on_the_way_.rbegin()->first);
}

std::map<std::string, Cluster::Made> Cluster::carbon_objects() {
  std::map<std::string, Made> out;
  sandbox::Occasion now = occasion();
  sandbox::ObjectApi api = server_->api(now);
  for (const char* storage : storages) {
    for (const Value& object : api.list(storage, "")) {
      std::string token(sandbox::text_at(object, {"metadata", "annotations", token_annotation}));
      if (token.empty()) continue;
      if (!sandbox::text_at(object, {"metadata", "deletionTimestamp"}).empty()) continue;
      out[fmt::format("{} {}/{}", storage, sandbox::text_at(object, {"metadata", "namespace"}),
                      sandbox::text_at(object, {"metadata", "name"}))] = {
          std::string(sandbox::text_at(object, {"metadata", "uid"})), std::move(token)};
    }
  }
  return out;
}

std::optional<Value> Cluster::object(const std::string& storage, const std::string& name_space,
                                     const std::string& name) {
  sandbox::Occasion now = occasion();
  return server_->api(now).get(storage, name_space, name);
}

void Cluster::edit(const std::string& name_space, const std::string& name, const std::string& field,
                   const std::string& value) {
  sandbox::Occasion now = occasion();
  Value patch =
      Value::record({{Value::string("data"), Value::record({{Value::string(field), Value::string(value)}})}});
  auto edited_object =
      server_->api(now, "kubectl-edit").merge_patch("configmaps", name_space, name, "", patch);
  // Fields that nobody declared may be changed by anybody at any time.
  if (edited_object && field == "value")
    edited.insert(fmt::format("/api/v1/namespaces/{}/configmaps/{}", name_space, name));
}

void Cluster::remove(const std::string& storage, const std::string& name_space, const std::string& name) {
  sandbox::Occasion now = occasion();
  (void)server_->api(now, "kubectl").remove(storage, name_space, name);
  settle();
}

void Cluster::squat(const std::string& name_space, const std::string& name) {
  Value object = sure(parse_json(fmt::format(
      R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}","namespace":"{}"}},"data":{{"mine":"yes"}}}})",
      name, name_space)));
  sandbox::Occasion now = occasion();
  (void)server_->api(now, "kubectl-create").create(object);
}

}  // namespace carbon::simulation
