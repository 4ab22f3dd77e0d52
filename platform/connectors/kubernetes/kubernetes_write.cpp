// The writing half of KubernetesConnector.
//
// Who may be overruled. An apply is sent without force first. If the server names fields that others hold,
// carbon takes them by a second, forced apply only where the plan showed the change of each such field, and
// only from managers that wrote by plain updates: that is drift (kubectl edit, a script), and correcting it
// was reviewed. Another applier, and a controller that writes through a subresource (an autoscaler), would
// write again at once, so the conflict is reported field by field. The forced apply demands the same version
// as the first, so nothing came in between.

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/value_json.h"
#include "engine/model/secret_texts.h"
#include "engine/model/typed_path.h"
#include "platform/connectors/kubernetes/apply_body.h"
#include "platform/connectors/kubernetes/generated_secret.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/kubernetes/live_object.h"

namespace carbon {

namespace {

constexpr std::string_view apply_type = "application/apply-patch+yaml";

WriteOutcome refused(Error error) {
  WriteOutcome outcome;
  outcome.kind = WriteOutcome::Kind::refused;
  outcome.error = std::move(error);
  return outcome;
}

/// A path as the server writes it, without quotes: `.spec.ports[port=80,protocol=TCP].targetPort`.
std::string server_path(const FieldPath& path, const Type& schema) {
  std::string out;
  TypePtr type = &schema;
  for (const FieldStep& step : path.steps) {
    const Type* here = type == nullptr ? nullptr : &plain_type(*type);
    bool item = here != nullptr && here->kind == TypeKind::list;
    if (step.kind == FieldStep::Kind::key && item && here->keys.size() == step.key.size()) {
      std::vector<std::string> parts;
      for (std::size_t i = 0; i < step.key.size(); ++i) parts.push_back(here->keys[i] + "=" + step.key[i]);
      std::sort(parts.begin(), parts.end());
      out += fmt::format("[{}]", fmt::join(parts, ","));
    } else if (step.kind == FieldStep::Kind::index) {
      out += fmt::format("[{}]", step.index);
    } else if (step.kind == FieldStep::Kind::member) {
      out += "[=" + to_json(step.member) + "]";
    } else {
      out += "." + (step.kind == FieldStep::Kind::key ? step.key.front() : step.name);
    }
    type = here == nullptr ? nullptr : step_type(*here, step);
  }
  std::erase(out, '"');
  return out;
}

/// True when one path is the other or above it.
bool related(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '.' || b[a.size()] == '[');
}

bool was_reviewed(const FieldConflict& conflict, const WriteRequest& request) {
  std::string field = conflict.field;
  std::erase(field, '"');
  return std::any_of(request.changed.begin(), request.changed.end(), [&](const FieldPath& path) {
    return related(field, server_path(path, *request.key.type->schema));
  });
}

bool may_take_over(const HttpReply& reply, const WriteRequest& request) {
  std::vector<FieldConflict> conflicts = read_failure(reply).conflicts();
  return !conflicts.empty() && std::all_of(conflicts.begin(), conflicts.end(), [&](const auto& each) {
    return each.by_update && was_reviewed(each, request);
  });
}

/// The object that a GeneratedSecret is stored as: the user's metadata and type, and the data.
WriteRequest secret_request(const WriteRequest& request, Value data) {
  WriteRequest made = request;
  made.desired =
      with_field(without_field(without_field(request.desired, "keys"), "data"), "data", std::move(data));
  return made;
}

bool is_named(const Value& object, const ObjectName& name) {
  return text_at(object, {"metadata", "name"}) == name.name &&
         text_at(object, {"metadata", "namespace"}) == name.name_space;
}

const Value& keys_of(const WriteRequest& request) {
  static const Value none;
  const Value* keys = request.desired.find("keys");
  return keys == nullptr ? none : *keys;
}

}  // namespace

Subject KubernetesConnector::subject(const WriteRequest& request, const ObjectName& name) const {
  const ResourceType& type = *request.key.type;
  bool secret = type.kubernetes.group.empty() && type.kubernetes.kind == "Secret";
  return {type.kubernetes.kind + " " + name.text(), client_.endpoint().name, secret,
          secret_texts(request.desired, *type.schema)};
}

WriteOutcome KubernetesConnector::outcome_of(const HttpReply& reply, const WriteRequest& request,
                                             const ObjectName& name) const {
  if (reply.status != 200 && reply.status != 201) return failed_write(reply, subject(request, name));
  Result<Value> json = json_body(reply);
  Result<LiveObject> live =
      json ? read_live_object(*json, *request.key.type) : Result<LiveObject>(fail(json.error()));
  // A success that cannot be read is no success: look at the object.
  if (!live) return unreadable(live.error().message(), request, name);
  if (!is_named(live->object, name)) return unreadable("another object came", request, name);
  WriteOutcome outcome;
  outcome.kind = WriteOutcome::Kind::done;
  outcome.object = std::move(*live);
  return outcome;
}

WriteOutcome KubernetesConnector::unreadable(std::string_view why, const WriteRequest& request,
                                             const ObjectName& name) const {
  Subject about = subject(request, name);
  WriteOutcome outcome;
  outcome.kind = WriteOutcome::Kind::unknown;
  outcome.error = Error(DiagnosticCode::bad_reply,
                        fmt::format("{}: the reply to a write of {}: {}", about.endpoint, about.text, why));
  return outcome;
}

Task<HttpReply> KubernetesConnector::send_apply(const WriteRequest* request, ObjectName name,
                                                std::string body, DryRun dry_run, Force force) {
  std::string target = fmt::format("{}?fieldManager={}&fieldValidation=Strict&force={}{}",
                                   object_path(request->key.type->kubernetes, name), field_manager,
                                   force == Force::yes, dry_run == DryRun::yes ? "&dryRun=All" : "");
  auto writing = client_.write("PATCH", std::move(target), std::string(apply_type), std::move(body));
  HttpReply reply = co_await writing;
  co_return reply;
}

Task<HttpReply> KubernetesConnector::apply(const WriteRequest* request, ObjectName name, std::string body,
                                           DryRun dry_run) {
  auto sending = send_apply(request, name, body, dry_run, Force::no);
  HttpReply reply = co_await sending;
  if (!may_take_over(reply, *request)) co_return reply;
  auto forcing = send_apply(request, name, body, dry_run, Force::yes);
  HttpReply forced = co_await forcing;
  co_return forced;
}

Task<std::optional<Result<Value>>> KubernetesConnector::preview(WriteRequest request) {
  std::optional<Result<Value>> nothing;
  Result<ObjectName> name = object_name(request.key);
  // A GeneratedSecret's content is made at create; a dry run would show content that never comes to be.
  if (!name || request.key.type->generated) co_return nothing;
  std::string body = to_json(apply_body(request, *name, request.uid, ""));
  auto applying = apply(&request, *name, std::move(body), DryRun::yes);
  HttpReply reply = co_await applying;
  if (reply.status == 422) {
    auto exchanging = exchange(&request, *name, reply, DryRun::yes);
    HttpReply exchanged = co_await exchanging;
    // It is possible, but no one request has all of it: what is planned here decides.
    if (exchanged.status == 200) co_return nothing;
  }
  std::optional<Result<Value>> preview;
  if (reply.status == 200 || reply.status == 201) {
    Result<Value> json = json_body(reply);
    bool whole =
        json && text_at(*json, {"kind"}) == request.key.type->kubernetes.kind && is_named(*json, *name);
    if (whole) {
      preview = Result<Value>(preview_object(*json));
    } else {
      std::string why = json ? "another object came" : json.error().message();
      preview = Result<Value>(fail(*unreadable(why, request, *name).error));
    }
    co_return preview;
  }
  ApiFailure failure = read_failure(reply);
  // A namespace or a kind that this very plan makes: the server cannot say yet.
  if (failure.object_absent(*name) || failure.kind_absent()) co_return nothing;
  preview = Result<Value>(fail(failure_error(failure, reply, subject(request, *name))));
  co_return preview;
}

Task<WriteOutcome> KubernetesConnector::create(WriteRequest request) {
  Result<ObjectName> name = object_name(request.key);
  if (!name) co_return refused(name.error());
  if (request.key.type->generated) {
    auto creating = create_generated(&request, *name);
    co_return co_await creating;
  }
  std::string body = to_json(apply_body(request, *name, "", std::string(version_of_nothing)));
  auto sending = send_apply(&request, *name, std::move(body), DryRun::no, Force::no);
  HttpReply reply = co_await sending;
  co_return outcome_of(reply, request, *name);
}

Task<WriteOutcome> KubernetesConnector::update(WriteRequest request) {
  Result<ObjectName> name = object_name(request.key);
  if (!name) co_return refused(name.error());
  if (request.key.type->generated) {
    auto updating = update_generated(&request, *name);
    co_return co_await updating;
  }
  std::string body = to_json(apply_body(request, *name, request.uid, request.version));
  auto applying = apply(&request, *name, std::move(body), DryRun::no);
  HttpReply first = co_await applying;
  auto exchanging = exchange(&request, *name, std::move(first), DryRun::no);
  HttpReply reply = co_await exchanging;
  WriteOutcome outcome = outcome_of(reply, request, *name);
  if (outcome.kind != WriteOutcome::Kind::done) co_return outcome;
  auto removing = remove_nulls(&request, *name, std::move(outcome));
  co_return co_await removing;
}

/// A field that the user set to null and that somebody else holds, or the server filled in, stays after the
/// apply. It goes by a patch on exactly the version that the apply gave.
Task<WriteOutcome> KubernetesConnector::remove_nulls(const WriteRequest* request, ObjectName name,
                                                     WriteOutcome applied) {
  std::string patch = removal_patch(*request, applied.object.object, applied.object.version);
  if (patch.empty()) co_return applied;
  std::string target =
      fmt::format("{}?fieldManager={}", object_path(request->key.type->kubernetes, name), field_manager);
  auto writing = client_.write("PATCH", std::move(target), "application/json-patch+json", std::move(patch));
  HttpReply reply = co_await writing;
  co_return outcome_of(reply, *request, name);
}

Task<WriteOutcome> KubernetesConnector::remove(WriteRequest request) {
  Result<ObjectName> name = object_name(request.key);
  if (!name) co_return refused(name.error());
  if (request.uid.empty()) {
    Error error(DiagnosticCode::not_owned,
                fmt::format("{} {} is not deleted: its uid is not known, so it may be another object",
                            request.key.type->kubernetes.kind, name->text()));
    co_return refused(std::move(error));
  }
  std::string body = fmt::format(
      R"({{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{{"uid":{}}}}})",
      json_quote(request.uid));
  auto writing = client_.write("DELETE", object_path(request.key.type->kubernetes, *name), "application/json",
                               std::move(body));
  HttpReply reply = co_await writing;
  if (reply.status == 200 || reply.status == 202) co_return removal_of(reply, request, *name);
  WriteOutcome outcome;
  ApiFailure failure = read_failure(reply);
  if (failure.object_absent(*name) || failure.kind_absent()) {
    outcome.kind = WriteOutcome::Kind::done;
    outcome.object.presence = Presence::absent;
    co_return outcome;
  }
  co_return failed_write(reply, subject(request, *name));
}

/// The object itself comes back while finalizers hold it, otherwise a Status. Any other success says nothing.
WriteOutcome KubernetesConnector::removal_of(const HttpReply& reply, const WriteRequest& request,
                                             const ObjectName& name) const {
  Result<Value> json = json_body(reply);
  if (!json) return unreadable(json.error().message(), request, name);
  WriteOutcome outcome;
  outcome.kind = WriteOutcome::Kind::done;
  if (text_at(*json, {"kind"}) == "Status") {
    if (text_at(*json, {"status"}) != "Success") return unreadable("a Status without success", request, name);
    outcome.object.presence = Presence::absent;
    return outcome;
  }
  Result<LiveObject> held = read_live_object(*json, *request.key.type);
  if (!held) return unreadable(held.error().message(), request, name);
  if (!is_named(held->object, name)) return unreadable("another object came", request, name);
  outcome.object = std::move(*held);
  return outcome;
}

/// A merge patch: it makes no object, takes nothing away, and hits no other object of the same name.
Task<WriteOutcome> KubernetesConnector::store(StoreRequest request) {
  const ResourceType& type = *request.key.type;
  Result<ObjectName> name = object_name(request.key);
  if (!name) co_return refused(name.error());
  if (!type.kubernetes.group.empty() || type.kubernetes.kind != "Secret" || type.generated) {
    Error error(DiagnosticCode::not_yet_supported,
                fmt::format("a {} cannot hold values of others", type.kubernetes.kind));
    co_return refused(std::move(error));
  }
  std::string uid =
      request.key.uid.empty() ? "" : fmt::format(R"("metadata":{{"uid":{}}},)", json_quote(request.key.uid));
  std::string body = fmt::format(R"({{{}"data":{{{}:{}}}}})", uid, json_quote(request.name),
                                 json_quote(base64_encode(request.content)));
  std::string target = fmt::format("{}?fieldManager={}", object_path(type.kubernetes, *name), keep_manager);
  auto writing = client_.write("PATCH", std::move(target), "application/merge-patch+json", std::move(body));
  HttpReply reply = co_await writing;
  WriteRequest written;
  written.key = std::move(request.key);
  written.desired =
      Value::record({{Value::string("stringData"),
                      Value::map({{Value::string(request.name), Value::string(request.content)}})}});
  co_return outcome_of(reply, written, *name);
}

Task<WriteOutcome> KubernetesConnector::create_generated(const WriteRequest* request, ObjectName name) {
  Result<Value> data = generated_data(keys_of(*request), Value(), client_.io());
  if (!data) co_return refused(data.error());
  WriteRequest made = secret_request(*request, *data);
  std::string body = to_json(apply_body(made, name, "", std::string(version_of_nothing)));
  auto sending = send_apply(&made, name, std::move(body), DryRun::no, Force::no);
  HttpReply reply = co_await sending;
  WriteOutcome outcome = outcome_of(reply, made, name);
  if (outcome.kind != WriteOutcome::Kind::conflict) co_return outcome;
  // One that carbon made before is kept as it is: what is stored wins.
  auto looking = look(request->key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::present && live.managed.has_value()) {
    outcome = {};
    outcome.kind = WriteOutcome::Kind::done;
    outcome.object = std::move(live);
  }
  co_return outcome;
}

Task<WriteOutcome> KubernetesConnector::update_generated(const WriteRequest* request, ObjectName name) {
  auto looking = look(request->key);
  LiveObject stored = co_await looking;
  if (stored.presence == Presence::unknown) co_return refused(*stored.why);
  const Value* kept = stored.object.find("data");
  bool readable = kept == nullptr || kept->is_null() || kept->is_fields();
  if (stored.presence != Presence::present || !readable) {
    // Without what is stored, every value would be made again.
    WriteOutcome outcome = unreadable("the stored values are not there", *request, name);
    outcome.kind = WriteOutcome::Kind::conflict;
    co_return outcome;
  }
  Result<Value> data = generated_data(keys_of(*request), kept == nullptr ? Value() : *kept, client_.io());
  if (!data) co_return refused(data.error());
  // What is stored goes back in unchanged: an apply without it would remove it.
  WriteRequest made = secret_request(*request, *data);
  std::string body = to_json(apply_body(made, name, request->uid, stored.version));
  auto sending = send_apply(&made, name, std::move(body), DryRun::no, Force::no);
  HttpReply reply = co_await sending;
  co_return outcome_of(reply, made, name);
}

}  // namespace carbon
