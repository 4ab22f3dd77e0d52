#include "small_cluster.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"

namespace carbon::sandbox {

SmallCluster::SmallCluster() {
  auto generator = std::make_shared<std::mt19937_64>(7);
  random_ = [generator] { return (*generator)(); };
  auto opened = KubernetesSandbox::open(":memory:", occasion());
  REQUIRE(opened);
  server_ = std::move(*opened);
  restart();
}

void SmallCluster::restart() {
  controllers_.emplace(*server_, Controllers::Options{});
  controllers_->tick(occasion());
}

int SmallCluster::send(std::string_view method, std::string_view path, std::string_view body,
                       std::string_view type) {
  ApiRequest request = ApiRequest::of(std::string(method), path);
  request.body = body;
  request.content_type = type;
  request.user_agent = "test/1";
  ApiResponse response = server_->handle(request, occasion());
  if (response.status >= 400) MESSAGE(response.body);
  controllers_->tick(occasion());
  return response.status;
}

int SmallCluster::create(std::string_view json) {
  auto object = parse_json(json);
  REQUIRE_MESSAGE(object, std::string(json));
  std::string_view version = text_at(*object, {"apiVersion"});
  std::string path = (version == "v1" ? "/api/v1" : "/apis/" + std::string(version));
  std::string kind(text_at(*object, {"kind"}));
  for (char& letter : kind) letter = static_cast<char>(std::tolower(letter));
  bool global = kind == "customresourcedefinition" || kind == "persistentvolume" || kind == "storageclass";
  if (!global) path += "/namespaces/default";
  path += "/" + kind + (kind.ends_with("ss") ? "es" : "s");
  return send("POST", path, json, "application/json");
}

int SmallCluster::post(std::string_view path, std::string_view json) {
  return send("POST", path, json, "application/json");
}

int SmallCluster::patch(std::string_view path, std::string_view json) {
  return send("PATCH", path, json, "application/merge-patch+json");
}

int SmallCluster::remove(std::string_view path) { return send("DELETE", path, "", ""); }

void SmallCluster::pass(std::int64_t seconds) {
  std::int64_t until = now_ + seconds * second;
  while (auto due = controllers_->next_due()) {
    if (*due > until) break;
    now_ = std::max(now_, *due);
    controllers_->tick(occasion());
  }
  now_ = until;
  controllers_->tick(occasion());
}

Value SmallCluster::get(std::string_view storage, std::string_view name, std::string_view place) {
  auto stored = server_->store().get({std::string(storage), std::string(place), std::string(name)});
  if (!stored) return {};
  auto object = parse_json(stored->json);
  REQUIRE(object);
  return *object;
}

std::vector<Value> SmallCluster::all(std::string_view storage) {
  std::vector<Value> out;
  server_->store().visit(storage, "", nullptr, [&](const StoreKey& key, std::int64_t) {
    out.push_back(get(storage, key.name, key.namespace_name));
    return true;
  });
  return out;
}

bool SmallCluster::has_event(std::string_view reason, std::string_view part) {
  for (const Value& event : all("events")) {
    bool about = text_at(event, {"message"}).find(part) != std::string_view::npos;
    if (about && text_at(event, {"reason"}) == reason) return true;
  }
  return false;
}

}  // namespace carbon::sandbox
