#include "platform/connectors/sql/sql_connector.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/task_group.h"
#include "engine/model/identity.h"
#include "engine/model/secret_texts.h"

namespace carbon {

namespace {

WriteOutcome outcome_of(WriteOutcome::Kind kind, Error error) {
  WriteOutcome outcome;
  outcome.kind = kind;
  outcome.error = std::move(error);
  return outcome;
}

WriteOutcome refused(Error error) { return outcome_of(WriteOutcome::Kind::refused, std::move(error)); }

/// A write that was given up because its object could not be read: nothing was written.
WriteOutcome not_read(const LiveObject& live) {
  bool later = live.why->code() == DiagnosticCode::unreachable;
  return outcome_of(later ? WriteOutcome::Kind::not_admitted : WriteOutcome::Kind::refused, *live.why);
}

LiveObject unknown(Error why) {
  LiveObject object;
  object.why = std::move(why);
  return object;
}

LiveObject absent() {
  LiveObject object;
  object.presence = Presence::absent;
  return object;
}

/// The identity with what was read on top: an object can always be named.
Value with_identity(const Value& identity, const Value& fields) {
  std::vector<Entry> all(identity.entries().begin(), identity.entries().end());
  for (const Entry& entry : fields.entries()) all.push_back(entry);
  return Value::record(std::move(all));
}

bool covers(const SqlOperation& operation, const FieldPath& changed) {
  return std::any_of(operation.fields.begin(), operation.fields.end(), [&](const FieldPath& field) {
    return field.steps.size() <= changed.steps.size() &&
           std::equal(field.steps.begin(), field.steps.end(), changed.steps.begin());
  });
}

}  // namespace

Result<std::vector<const SqlOperation*>> updates_for(const SqlOperations& operations,
                                                     const std::vector<FieldPath>& changed) {
  std::vector<const SqlOperation*> chosen;
  std::vector<FieldPath> rest = changed;
  auto plain = std::find_if(operations.updates.begin(), operations.updates.end(),
                            [](const SqlOperation& each) { return each.fields.empty(); });
  for (const SqlOperation& operation : operations.updates) {
    auto end = std::remove_if(rest.begin(), rest.end(),
                              [&](const FieldPath& path) { return covers(operation, path); });
    if (end == rest.end()) continue;
    rest.erase(end, rest.end());
    chosen.push_back(&operation);
  }
  if (rest.empty()) return chosen;
  if (plain == operations.updates.end())
    return fail(DiagnosticCode::server_refused, fmt::format("`{}` cannot be changed", rest.front().text()));
  auto place =
      std::find_if(chosen.begin(), chosen.end(), [&](const SqlOperation* each) { return each > &*plain; });
  chosen.insert(place, &*plain);
  return chosen;
}

SqlSubject SqlConnector::subject(const ObjectKey& key, const Value& desired) const {
  std::vector<std::string> secrets = secret_texts(desired, *key.type->schema);
  secrets.push_back(endpoint_.password);
  return {key.type->name + " " + identity_text(*key.type, key.identity), endpoint_.name, std::move(secrets)};
}

Result<std::string> SqlConnector::database_of(const ResourceType& type, SqlOperationRun& run) const {
  if (type.sql.database == nullptr) return database_;
  return run.text_of(*type.sql.database);
}

Task<Result<TargetIdentity>> SqlConnector::identify() {
  SqlRequest request;
  request.database = database_;
  request.statements = {{"SELECT pg_catalog.current_setting('server_version')", {}},
                        {"SELECT system_identifier::text FROM pg_catalog.pg_control_system()", {}}};
  SqlRequest version_only = request;
  version_only.statements.pop_back();
  auto asking = io_.sql(endpoint_, std::move(request));
  SqlReply reply = co_await asking;
  if (!reply.ok && reply.sqlstate == "42501") {
    // Some hosters take the function away; the address at least notices another server.
    auto again = io_.sql(endpoint_, std::move(version_only));
    reply = co_await again;
  }
  SqlSubject about{endpoint_.name, endpoint_.name, {endpoint_.password}};
  if (!reply.ok) co_return fail(sql_error(reply, about));
  TargetIdentity identity;
  identity.endpoint = endpoint_.name;
  identity.uid = "address:" + endpoint_.name;
  auto first = [&](std::size_t result) {
    bool there = result < reply.results.size() && !reply.results[result].rows.empty();
    return there ? reply.results[result].rows.front().front().value_or("") : std::string();
  };
  identity.version = first(0);
  if (std::string uid = first(1); !uid.empty()) identity.uid = uid;
  co_return identity;
}

Task<LiveObject> SqlConnector::read(ObjectKey key) {
  const ResourceType& type = *key.type;
  SqlOperationRun run(functions_, key.identity, Value());
  Result<std::string> database = database_of(type, run);
  if (!database) co_return unknown(database.error());
  Result<SqlRequest> request = run.read_request(type.sql.read, *database);
  if (!request) co_return unknown(request.error());
  auto asking = io_.sql(endpoint_, std::move(*request));
  SqlReply reply = co_await asking;
  if (!reply.ok) {
    // The database that holds the object does not exist, so neither does the object. The provider's own
    // database is another matter: without it nothing is known.
    if (reply.sqlstate == "3D000" && type.sql.database != nullptr) co_return absent();
    co_return unknown(sql_error(reply, subject(key, Value())));
  }
  if (Status taken = run.take_rows(reply); !taken) co_return unknown(taken.error());
  Result<bool> gone =
      type.sql.read.absent == nullptr ? Result<bool>(run.no_rows()) : run.holds(*type.sql.read.absent);
  if (!gone) co_return unknown(gone.error());
  if (*gone) co_return absent();
  Result<Value> fields = type.sql.read.take == nullptr ? Result<Value>(key.identity)
                                                       : run.taken(*type.sql.read.take, *type.schema);
  if (!fields) co_return unknown(fields.error());
  LiveObject live;
  live.presence = Presence::present;
  live.object = with_identity(key.identity, *fields);
  co_return live;
}

Task<void> SqlConnector::read_into(ObjectKey key, LiveObject* into) {
  auto reading = read(std::move(key));
  LiveObject object = co_await reading;
  *into = std::move(object);
}

Task<std::vector<LiveObject>> SqlConnector::observe(std::vector<ObjectKey> keys) {
  std::vector<LiveObject> objects(keys.size());
  TaskGroup group;
  for (std::size_t i = 0; i < keys.size(); ++i) group.spawn(read_into(keys[i], &objects[i]));
  auto ended = group.all();
  co_await ended;
  co_return objects;
}

Task<std::optional<Result<Value>>> SqlConnector::preview(WriteRequest) {
  std::optional<Result<Value>> nothing;
  co_return nothing;
}

Task<WriteOutcome> SqlConnector::run_requests(std::vector<SqlRequest> requests, SqlSubject about) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto asking = io_.sql(endpoint_, requests[i]);
    SqlReply reply = co_await asking;
    if (reply.ok) continue;
    WriteOutcome outcome = failed_sql_write(reply, about);
    if (i == 0) co_return outcome;
    // Part of the object is there, so it is neither refused nor done: what the caller reads back decides.
    outcome.kind = WriteOutcome::Kind::unknown;
    outcome.error->diagnostic().notes.push_back("statements before this one took effect");
    co_return outcome;
  }
  WriteOutcome done;
  done.kind = WriteOutcome::Kind::done;
  co_return done;
}

Task<WriteOutcome> SqlConnector::write(const WriteRequest* request,
                                       std::vector<const SqlOperation*> operations, Value live) {
  const ResourceType& type = *request->key.type;
  Value self = request->desired.is_fields() ? request->desired : request->key.identity;
  SqlOperationRun run(functions_, self, std::move(live));
  Result<std::string> database = database_of(type, run);
  if (!database) co_return refused(database.error());
  Result<std::vector<SqlRequest>> requests = run.requests(operations, *database);
  if (!requests) co_return refused(requests.error());
  auto running = run_requests(std::move(*requests), subject(request->key, self));
  WriteOutcome outcome = co_await running;
  co_return outcome;
}

Task<WriteOutcome> SqlConnector::create(WriteRequest request) {
  auto writing = write(&request, {&request.key.type->sql.create}, Value());
  WriteOutcome outcome = co_await writing;
  if (outcome.kind != WriteOutcome::Kind::done) co_return outcome;
  auto reading = read(request.key);
  outcome.object = co_await reading;
  co_return outcome;
}

Task<WriteOutcome> SqlConnector::update(WriteRequest request) {
  std::vector<FieldPath> changed = request.changed;
  changed.insert(changed.end(), request.removed.begin(), request.removed.end());
  auto chosen = updates_for(request.key.type->sql, changed);
  if (!chosen) co_return refused(chosen.error());
  auto looking = read(request.key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return not_read(live);
  if (live.presence != Presence::present) {
    Error gone(DiagnosticCode::conflict, subject(request.key, Value()).text + " does not exist any more");
    co_return outcome_of(WriteOutcome::Kind::conflict, std::move(gone));
  }
  auto writing = write(&request, *chosen, std::move(live.object));
  WriteOutcome outcome = co_await writing;
  if (outcome.kind != WriteOutcome::Kind::done) co_return outcome;
  auto reading = read(request.key);
  outcome.object = co_await reading;
  co_return outcome;
}

Task<WriteOutcome> SqlConnector::remove(WriteRequest request) {
  auto looking = read(request.key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return not_read(live);
  WriteOutcome outcome;
  outcome.kind = WriteOutcome::Kind::done;
  outcome.object = absent();
  if (live.presence != Presence::present) co_return outcome;
  auto writing = write(&request, {&request.key.type->sql.remove}, std::move(live.object));
  outcome = co_await writing;
  if (outcome.kind == WriteOutcome::Kind::done) outcome.object = absent();
  co_return outcome;
}

Task<Result<Readiness>> SqlConnector::readiness(ObjectKey key) {
  auto looking = read(std::move(key));
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown) co_return fail(*live.why);
  Readiness readiness;
  if (live.presence != Presence::present) readiness = {Readiness::Kind::waiting, "it does not exist"};
  co_return readiness;
}

}  // namespace carbon
