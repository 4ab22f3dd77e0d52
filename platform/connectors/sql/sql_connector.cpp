#include "platform/connectors/sql/sql_connector.h"

#include <fmt/core.h>

#include "base/task_group.h"
#include "engine/model/identity.h"
#include "engine/model/secret_texts.h"
#include "platform/connectors/operations/outcomes.h"

namespace carbon {

SqlSubject SqlConnector::subject(const ObjectKey& key, const Value& desired) const {
  std::vector<std::string> secrets = secret_texts(desired, *key.type->schema);
  secrets.push_back(endpoint_.password);
  return {key.type->name + " " + identity_text(*key.type, key.identity), endpoint_.name, std::move(secrets)};
}

Result<std::string> SqlConnector::database_of(const ResourceType& type, SqlOperationRun& run) const {
  if (type.operations.database == nullptr) return database_;
  return run.run().text_of(*type.operations.database);
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
  if (!database) co_return unknown_object(database.error());
  Result<SqlRequest> request = run.read_request(type.operations.read, *database);
  if (!request) co_return unknown_object(request.error());
  auto asking = io_.sql(endpoint_, std::move(*request));
  SqlReply reply = co_await asking;
  if (!reply.ok) {
    // The database that holds the object does not exist, so neither does the object. The provider's own
    // database is another matter: without it nothing is known.
    if (reply.sqlstate == "3D000" && type.operations.database != nullptr) co_return absent_object();
    co_return unknown_object(sql_error(reply, subject(key, Value())));
  }
  if (Status taken = run.take_rows(reply); !taken) co_return unknown_object(taken.error());
  Result<bool> gone = type.operations.read.absent == nullptr ? Result<bool>(run.no_rows())
                                                             : run.run().holds(*type.operations.read.absent);
  if (!gone) co_return unknown_object(gone.error());
  if (*gone) co_return absent_object();
  Result<Value> fields = type.operations.read.take == nullptr
                             ? Result<Value>(key.identity)
                             : run.run().taken(*type.operations.read.take, type);
  if (!fields) co_return unknown_object(fields.error());
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
    outcome.part_refused = outcome.kind == WriteOutcome::Kind::refused;
    outcome.kind = WriteOutcome::Kind::unknown;
    outcome.error->diagnostic().notes.push_back("statements before this one took effect");
    co_return outcome;
  }
  WriteOutcome done;
  done.kind = WriteOutcome::Kind::done;
  co_return done;
}

Task<WriteOutcome> SqlConnector::write(const WriteRequest* request, std::vector<const Operation*> operations,
                                       Value live) {
  const ResourceType& type = *request->key.type;
  Value self =
      request->desired.is_fields() ? with_nulls(request->desired, request->removed) : request->key.identity;
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
  auto writing = write(&request, {&request.key.type->operations.create}, Value());
  WriteOutcome outcome = co_await writing;
  bool answered = outcome.kind == WriteOutcome::Kind::unknown && outcome.part_refused;
  if (outcome.kind != WriteOutcome::Kind::done && !answered) co_return outcome;
  auto reading = read(request.key);
  outcome.object = co_await reading;
  // The server refused a later statement, and what ran before it has made nothing.
  if (answered && outcome.object.presence == Presence::absent) outcome.kind = WriteOutcome::Kind::refused;
  co_return outcome;
}

Task<WriteOutcome> SqlConnector::update(WriteRequest request) {
  std::vector<FieldPath> changed = request.changed;
  changed.insert(changed.end(), request.removed.begin(), request.removed.end());
  auto chosen = updates_for(request.key.type->operations, changed);
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
  outcome.object = absent_object();
  if (live.presence != Presence::present) co_return outcome;
  auto writing = write(&request, {&request.key.type->operations.remove}, std::move(live.object));
  outcome = co_await writing;
  if (outcome.kind == WriteOutcome::Kind::done) outcome.object = absent_object();
  co_return outcome;
}

Task<Result<Readiness>> SqlConnector::readiness(ObjectKey key) {
  const ResourceType& type = *key.type;
  auto looking = read(std::move(key));
  LiveObject live = co_await looking;
  co_return readiness_of(type, live, functions_);
}

}  // namespace carbon
