#include "platform/connectors/http/http_connector.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/task_group.h"
#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/model/secret_texts.h"
#include "platform/connectors/operations/outcomes.h"
#include "platform/connectors/s3/encrypted_body.h"

namespace carbon {

namespace {

using Kind = WriteOutcome::Kind;

constexpr int most_looks = 6;
constexpr Duration first_look{100'000'000};

/// Whether an object of the type can be read alone: one that the server names must be known by that name.
bool readable_alone(const ResourceType& type, const ObjectKey& key) {
  if (type.operations.read.steps.empty()) return false;
  const std::string& assigned = type.operations.assigned;
  if (assigned.empty() || !key.uid.empty()) return true;
  return read_by_identity(type.operations);
}

std::string text_field(const Value& config, std::string_view name) {
  const Value* value = config.find(name);
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
}

std::vector<Header> with_accept(std::vector<Header> headers) {
  headers.push_back({"Accept", "application/json"});
  return headers;
}

Task<HttpReply> io_sends(Io& io, HttpEndpoint endpoint, HttpRequest request) {
  auto sending = io.http(std::move(endpoint), std::move(request));
  co_return co_await sending;
}

/// What the reply to a write says of the object. Where it cannot be taken the write is done all the same, and
/// the read says it again.
Value told_by(const HttpOperationRun& run, const Operation& operation, const ResourceType& type) {
  if (operation.take == nullptr) return Value::record({});
  Result<Value> taken = run.run().taken(*operation.take, type);
  return taken ? std::move(*taken) : Value::record({});
}

}  // namespace

Result<HttpAccess> http_access(const ResourceType& connection, const Value& config,
                               const FunctionTable& functions) {
  HttpAccess access;
  OperationRun run(functions, config, Value());
  std::string base = CARBON_TRY(run.text_of(*connection.http.base));
  while (base.ends_with('/')) base.pop_back();
  bool address = base.starts_with("https://") || base.starts_with("http://");
  if (!address)
    return fail(DiagnosticCode::bad_type_declaration,
                fmt::format("`{}` is not an http or https address", base), connection.http.base->span);
  access.endpoint.name = access.endpoint.base = base;
  access.endpoint.ca_pem = text_field(config, "certificate_authority");
  access.endpoint.client_certificate_pem = text_field(config, "client_certificate");
  access.endpoint.client_key_pem = text_field(config, "client_key");
  const Value* plain = config.find("plain_http");
  access.endpoint.plain_text_allowed =
      plain != nullptr && plain->kind() == ValueKind::boolean && plain->as_bool();
  for (const auto& [name, value] : connection.http.headers) {
    Value content = CARBON_TRY(run.value_of(*value));
    if (content.is_null()) continue;
    std::string text = content.is_string() ? std::string(content.text()) : to_json(content);
    access.headers.push_back({CARBON_TRY(run.text_of(*name)), std::move(text)});
  }
  access.secrets = secret_texts(config, *connection.schema);
  access.key.access_key = text_field(config, "access_key");
  access.key.secret_key = text_field(config, "secret_key");
  if (std::string region = text_field(config, "region"); !region.empty()) access.key.region = region;
  return access;
}

HttpConnector::HttpConnector(Io& io, HttpAccess access, Value config, const FunctionTable& functions)
    : client_(io, access.endpoint, with_accept(access.headers), access.secrets),
      signing_client_(io, access.endpoint, access.headers, access.secrets,
                      [&io, endpoint = access.endpoint, key = access.key](HttpRequest request) {
                        // Each attempt anew: a signature is good for minutes.
                        return io_sends(
                            io, endpoint,
                            signed_request(std::move(request), endpoint.base, key, io.wall_clock()));
                      }),
      config_(std::move(config)),
      functions_(functions) {}

HttpSubject HttpConnector::subject(const ObjectKey& key, const Value& desired) const {
  std::vector<std::string> secrets = secret_texts(desired, *key.type->schema);
  secrets.insert(secrets.end(), client_.secrets().begin(), client_.secrets().end());
  return {key.type->name + " " + identity_text(*key.type, key.identity), client_.endpoint().name,
          std::move(secrets)};
}

Task<Result<TargetIdentity>> HttpConnector::identify() {
  // No word says where a server tells who it is; another address is another server.
  TargetIdentity identity;
  identity.endpoint = client_.endpoint().name;
  identity.uid = "address:" + client_.endpoint().base;
  co_return identity;
}

Task<LiveObject> HttpConnector::read_one(ObjectKey key) {
  const ResourceType& type = *key.type;
  const Operation& operation = type.operations.read;
  HttpOperationRun run(functions_, self_of(key), Value(), config_, type.transport);
  HttpSubject about = subject(key, Value::record({}));
  Value fields = Value::record({});
  run.expect(operation.steps.size());
  for (std::size_t i = 0; i < operation.steps.size(); ++i) {
    const OperationStep& step = operation.steps[i];
    Result<bool> wanted = step.when == nullptr ? Result<bool>(true) : run.run().holds(*step.when);
    if (!wanted) co_return unknown_object(wanted.error());
    if (!*wanted) continue;
    Result<HttpRequest> request = run.request(step, {});
    if (!request) co_return unknown_object(request.error());
    HttpRequest sent = std::move(*request);
    auto asking = client_of(type.transport).read(std::move(sent));
    HttpReply reply = co_await asking;
    if (reply.status == 0) co_return unknown_object(http_error(reply, about));
    if (Status read = run.reply(reply, step.encoding); !read) co_return unknown_object(read.error());
    if (run.says(operation.absent)) co_return absent_object();
    bool success = (reply.status >= 200 && reply.status < 300) || run.says(operation.done);
    if (!success) co_return unknown_object(http_error(reply, about));
    run.remember(i);
  }
  if (operation.take != nullptr) {
    Result<Value> taken = run.run().taken(*operation.take, type);
    if (!taken) co_return unknown_object(taken.error());
    fields = std::move(*taken);
  }
  co_return live_object(type, self_of(key), fields);
}

Task<LiveObject> HttpConnector::read_listed(ObjectKey key) {
  HttpListing listing(*key.type, functions_, config_);
  auto reading = listing.read(&client_of(key.type->transport));
  Status read = co_await reading;
  if (!read) co_return unknown_object(read.error());
  co_return listing.find(key);
}

Task<LiveObject> HttpConnector::read(ObjectKey key) {
  bool listed = !key.type->operations.list.steps.empty();
  if (!readable_alone(*key.type, key)) {
    if (listed) {
      auto looking = read_listed(std::move(key));
      co_return co_await looking;
    }
    Error error(DiagnosticCode::bad_type_declaration, key.type->name + " has no way to find this object");
    co_return unknown_object(std::move(error));
  }
  ObjectKey copy = key;
  auto asking = read_one(std::move(copy));
  LiveObject live = co_await asking;
  // Gone by the server's name for it: somebody may have made it again under another.
  bool again = live.presence == Presence::absent && listed && !key.uid.empty();
  if (!again) co_return live;
  auto looking = read_listed(std::move(key));
  co_return co_await looking;
}

Task<void> HttpConnector::read_into(ObjectKey key, LiveObject* into) {
  auto reading = read(std::move(key));
  LiveObject object = co_await reading;
  *into = std::move(object);
}

Task<void> HttpConnector::list_into(std::vector<ObjectKey> keys, std::vector<LiveObject*> into) {
  HttpListing listing(*keys.front().type, functions_, config_);
  auto reading = listing.read(&client_of(keys.front().type->transport));
  Status read = co_await reading;
  for (std::size_t i = 0; i < keys.size(); ++i)
    *into[i] = read ? listing.find(keys[i]) : unknown_object(read.error());
}

Task<std::vector<LiveObject>> HttpConnector::observe(std::vector<ObjectKey> keys) {
  std::vector<LiveObject> objects(keys.size());
  std::map<std::string, std::vector<std::size_t>> by_type;
  for (std::size_t i = 0; i < keys.size(); ++i) by_type[keys[i].type->name].push_back(i);
  TaskGroup group;
  for (const auto& [name, places] : by_type) {
    bool listed = !keys[places.front()].type->operations.list.steps.empty();
    if (!listed || places.size() == 1) {
      for (std::size_t i : places) group.spawn(read_into(keys[i], &objects[i]));
      continue;
    }
    std::vector<ObjectKey> some;
    std::vector<LiveObject*> into;
    for (std::size_t i : places) {
      some.push_back(keys[i]);
      into.push_back(&objects[i]);
    }
    group.spawn(list_into(std::move(some), std::move(into)));
  }
  auto ended = group.all();
  co_await ended;
  co_return objects;
}

Task<std::optional<Result<Value>>> HttpConnector::preview(WriteRequest) {
  std::optional<Result<Value>> nothing;
  co_return nothing;
}

namespace {

/// Nobody knows how it ended, and it must not be begun again.
WriteOutcome still_at_work(Error error) {
  WriteOutcome outcome = outcome_of(Kind::unknown, std::move(error));
  outcome.at_work = true;
  return outcome;
}

/// It ended, badly: whatever it changed the next plan sees.
WriteOutcome failed_work(Error error) {
  WriteOutcome outcome = outcome_of(Kind::refused, std::move(error));
  outcome.began = true;
  return outcome;
}

}  // namespace

Task<WriteOutcome> HttpConnector::run(HttpOperationRun* run, const Operation* operation, HttpWrite write,
                                      Duration work_limit, HttpSubject subject) {
  bool wrote = false;
  run->expect(operation->steps.size());
  for (std::size_t i = 0; i < operation->steps.size(); ++i) {
    const OperationStep& step = operation->steps[i];
    Result<bool> wanted = step.when == nullptr ? Result<bool>(true) : run->run().holds(*step.when);
    if (wanted && !*wanted) continue;
    std::string random =
        step.encoding == BodyEncoding::none ? "" : client_.io().random(encryption_randomness);
    Result<HttpRequest> request =
        wanted ? run->request(step, random) : Result<HttpRequest>(fail(wanted.error()));
    WriteOutcome outcome;
    if (request) {
      HttpRequest sent = std::move(*request);
      HttpClient& client = client_of(run->transport());
      auto asking = step.only_asks() ? client.read(std::move(sent)) : client.write(std::move(sent));
      HttpReply reply = co_await asking;
      Status read = run->reply(reply, step.encoding);
      outcome = outcome_of_write(reply, *run, *operation, write, subject);
      if (!read) outcome = outcome_of(Kind::unknown, read.error());
      run->remember(i);
    } else {
      outcome = refused(request.error());
    }
    if (outcome.kind != Kind::done) {
      if (!wrote) co_return outcome;
      // Part of it is there. What a create made is carbon's, as after work that failed; a change is neither
      // refused nor done, and what the caller reads back decides.
      outcome.kind = write == HttpWrite::create ? Kind::done : Kind::unknown;
      outcome.error->diagnostic().notes.emplace_back("requests before this one took effect");
      co_return outcome;
    }
    wrote = wrote || !step.only_asks();
    if (!step.poll) continue;
    auto polling = work_done(run, &*step.poll, work_limit, subject);
    WriteOutcome worked = co_await polling;
    if (worked.kind != Kind::done || worked.error) co_return worked;
  }
  WriteOutcome done;
  done.kind = Kind::done;
  co_return done;
}

/// Asks what became of the work that a request began, until it is done or has failed.
Task<WriteOutcome> HttpConnector::work_done(HttpOperationRun* run, const OperationPoll* poll, Duration limit,
                                            HttpSubject subject) {
  Result<std::string> target = run->poll_target(*poll, client_.endpoint().base);
  if (!target) co_return still_at_work(target.error());
  std::int64_t end = client_.io().now() + limit.nanoseconds;
  while (true) {
    auto sleeping = client_.io().sleep(poll->pause);
    static_cast<void>(co_await sleeping);
    HttpRequest request;
    request.method = "GET";
    request.target = *target;
    auto asking = client_of(run->transport()).read(std::move(request));
    HttpReply reply = co_await asking;
    bool success = reply.status >= 200 && reply.status < 300;
    Status read = success ? run->reply(reply) : Status(fail(http_error(reply, subject)));
    if (!read) co_return still_at_work(read.error());
    Result<bool> done = run->run().holds(*poll->until);
    if (!done) co_return still_at_work(done.error());
    WriteOutcome outcome;
    outcome.kind = Kind::done;
    if (*done) co_return outcome;
    Result<Value> failed =
        poll->failed == nullptr ? Result<Value>(Value()) : run->run().value_of(*poll->failed);
    if (!failed) co_return still_at_work(failed.error());
    if (failed->is_string()) {
      std::string words = without_secrets(std::string(failed->text()), subject.secrets);
      outcome.error = Error(DiagnosticCode::server_refused, fmt::format("{}: {}", subject.text, words));
      co_return outcome;
    }
    if (client_.io().now() >= end)
      co_return still_at_work(
          Error(DiagnosticCode::outcome_unknown, fmt::format("the server still works on {}", subject.text))
              .help("wait until it is done, then run carbon again; `timeout` in the "
                    "resource says how long it may take"));
  }
}

Task<LiveObject> HttpConnector::read_back(ObjectKey key) {
  Duration pause = first_look;
  for (int look = 1;; ++look) {
    ObjectKey copy = key;
    auto reading = read(std::move(copy));
    LiveObject live = co_await reading;
    if (live.presence != Presence::absent || look == most_looks) co_return live;
    auto sleeping = client_.io().sleep(pause);
    static_cast<void>(co_await sleeping);
    pause = Duration{pause.nanoseconds * 2};
  }
}

Task<WriteOutcome> HttpConnector::create(WriteRequest request) {
  const ResourceType& type = *request.key.type;
  HttpOperationRun operation(functions_, request.desired, Value(), config_, type.transport);
  auto running = run(&operation, &type.operations.create, HttpWrite::create, request.work_limit,
                     subject(request.key, request.desired));
  WriteOutcome outcome = co_await running;
  if (outcome.kind == Kind::done && outcome.error) {
    // The work, or a later one of several requests, failed. Whatever it left is carbon's.
    auto looking = read(request.key);
    outcome.object = co_await looking;
    if (outcome.object.presence == Presence::unknown) co_return still_at_work(*outcome.error);
    if (outcome.object.presence == Presence::absent) outcome.kind = Kind::refused;
    outcome.began = true;
    co_return outcome;
  }
  if (outcome.kind != Kind::done) co_return outcome;
  Value told = told_by(operation, type.operations.create, type);
  ObjectKey key = request.key;
  key.uid = live_object(type, key.identity, told).uid;
  auto reading = read_back(key);
  outcome.object = co_await reading;
  if (outcome.object.presence == Presence::present)
    outcome.object.object = with_identity(told, outcome.object.object);
  outcome.told = std::move(told);
  co_return outcome;
}

Task<WriteOutcome> HttpConnector::update(WriteRequest request) {
  const ResourceType& type = *request.key.type;
  std::vector<FieldPath> changed = request.changed;
  changed.insert(changed.end(), request.removed.begin(), request.removed.end());
  auto chosen = updates_for(type.operations, changed);
  if (!chosen) co_return refused(chosen.error());
  auto looking = read(request.key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return not_read(live);
  bool ours = live.presence == Presence::present && (request.uid.empty() || live.uid == request.uid);
  if (!ours) {
    Error gone(DiagnosticCode::conflict, subject(request.key, Value()).text + " does not exist any more");
    co_return outcome_of(Kind::conflict, std::move(gone));
  }
  ObjectKey key = request.key;
  key.uid = live.uid;
  Value self = with_identity(self_of(key), with_nulls(request.desired, request.removed));
  bool wrote = false;
  Value told = Value::record({});
  for (const Operation* each : *chosen) {
    HttpOperationRun operation(functions_, self, live.object, config_, type.transport);
    auto running =
        run(&operation, each, HttpWrite::update, request.work_limit, subject(request.key, request.desired));
    WriteOutcome outcome = co_await running;
    if (outcome.kind != Kind::done) {
      if (wrote) outcome.kind = Kind::unknown;
      co_return outcome;
    }
    // Work that failed may have changed a part of it, which the next plan sees; it is not done.
    if (outcome.error) co_return failed_work(*outcome.error);
    wrote = true;
    told = with_identity(told, told_by(operation, *each, type));
    // The next one sees the version that this one made.
    if (each == chosen->back()) break;
    auto again = read(key);
    LiveObject now = co_await again;
    if (now.presence == Presence::present) live = std::move(now);
  }
  WriteOutcome outcome;
  outcome.kind = Kind::done;
  auto reading = read_back(key);
  outcome.object = co_await reading;
  outcome.told = std::move(told);
  co_return outcome;
}

Task<WriteOutcome> HttpConnector::remove(WriteRequest request) {
  const ResourceType& type = *request.key.type;
  auto looking = read(request.key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return not_read(live);
  WriteOutcome outcome;
  outcome.kind = Kind::done;
  outcome.object = absent_object();
  // Another object of the same name: ours is gone.
  bool other = live.presence == Presence::present && !request.uid.empty() && live.uid != request.uid;
  if (live.presence != Presence::present || other) co_return outcome;
  ObjectKey key = request.key;
  key.uid = live.uid;
  HttpOperationRun operation(functions_, self_of(key), live.object, config_, type.transport);
  auto running = run(&operation, &type.operations.remove, HttpWrite::remove, request.work_limit,
                     subject(request.key, Value()));
  outcome = co_await running;
  if (outcome.kind == Kind::done && outcome.error) co_return failed_work(*outcome.error);
  if (outcome.kind == Kind::done) outcome.object = absent_object();
  co_return outcome;
}

Task<Result<Readiness>> HttpConnector::readiness(ObjectKey key) {
  const ResourceType& type = *key.type;
  auto looking = read(std::move(key));
  LiveObject live = co_await looking;
  co_return readiness_of(type, live, functions_);
}

}  // namespace carbon
