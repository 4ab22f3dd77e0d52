// Fields that exclude each other.
//
// A Deployment's `strategy.rollingUpdate`, which the server fills in, may not be there once `type` is
// `Recreate`. An apply cannot say so: it removes only what it owns, and a null in it means nothing
// (Kubernetes v1.35, seen on a real server), so the server refuses it (422). Where the user wrote that null,
// the fields beside it and its removal go in one JSON patch on the version that was read. The apply that
// follows finds the values there and makes them carbon's, and the patch's own manager is taken out again, so
// that a field that is dropped later goes.

#include <fmt/format.h>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/api_error.h"
#include "platform/connectors/kubernetes/apply_body.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/kubernetes/live_object.h"

namespace carbon {

namespace {

constexpr int invalid = 422;

bool is_done(const HttpReply& reply) { return reply.status == 200 || reply.status == 201; }

}  // namespace

Task<HttpReply> KubernetesConnector::exchange(const WriteRequest* request, ObjectName name, HttpReply refusal,
                                              DryRun dry_run) {
  if (refusal.status != invalid || request->removed.empty()) co_return refusal;
  auto looking = look(request->key);
  LiveObject live = co_await looking;
  bool same = live.presence == Presence::present && (request->uid.empty() || live.uid == request->uid) &&
              (request->version.empty() || live.version == request->version);
  std::string patch = same ? exchange_patch(*request, live.object, live.version) : std::string();
  if (patch.empty()) co_return refusal;
  std::string path = object_path(request->key.type->kubernetes, name);
  std::string target = fmt::format("{}?fieldManager={}{}", path, exchange_manager,
                                   dry_run == DryRun::yes ? "&dryRun=All" : "");
  auto patching = client_.write("PATCH", std::move(target), "application/json-patch+json", std::move(patch));
  HttpReply patched = co_await patching;
  if (dry_run == DryRun::yes || !is_done(patched)) co_return patched;

  // Its controller answers at once, so the version has moved on; the server still tells what others hold.
  std::string body = to_json(apply_body(*request, name, request->uid, ""));
  auto applying = apply(request, name, std::move(body), DryRun::no);
  HttpReply applied = co_await applying;
  Result<Value> owned = is_done(applied) ? json_body(applied) : Result<Value>(Value());
  std::string forget = owned ? forget_manager_patch(*owned, exchange_manager) : std::string();
  if (forget.empty()) co_return applied;
  auto forgetting = client_.write("PATCH", fmt::format("{}?fieldManager={}", path, field_manager),
                                  "application/json-patch+json", std::move(forget));
  HttpReply forgotten = co_await forgetting;
  // The object is as it should be; an entry that is left is told by no plan.
  co_return is_done(forgotten) ? std::move(forgotten) : std::move(applied);
}

}  // namespace carbon
