#include "platform/connectors/postgres/schema_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/model/identity.h"
#include "platform/connectors/operations/outcomes.h"
#include "platform/connectors/postgres/schema_steps.h"
#include "platform/connectors/postgres/scratch_load.h"
#include "platform/postgres_schema/catalog_queries.h"

namespace carbon {

namespace {

using postgres::MigrationStep;
using postgres::SchemaCatalog;

std::string place_of(const ObjectKey& key) {
  return text_at(key.identity, "database") + '\0' + text_at(key.identity, "name");
}

SchemaCatalog empty_schema(const ObjectKey& key, int version) {
  SchemaCatalog catalog;
  catalog.schema = text_at(key.identity, "name");
  catalog.server_version = version;
  return catalog;
}

/// Without one of its own, an object is carbon's only if it has been written.
bool has_any(const SchemaCatalog& live, const SchemaCatalog& wanted) {
  return std::any_of(wanted.objects.begin(), wanted.objects.end(),
                     [&](const postgres::SchemaObject& object) { return live.find(object.id) != nullptr; });
}

}  // namespace

SqlSubject SchemaObjects::subject(const ObjectKey& key) const {
  return {
      key.type->name + " " + identity_text(*key.type, key.identity), endpoint_.name, {endpoint_.password}};
}

Task<Result<int>> SchemaObjects::version() {
  if (version_ == 0) {
    SqlRequest request;
    request.database = database_;
    request.statements = {{"SHOW server_version_num", {}}};
    auto asking = io_.sql(endpoint_, std::move(request));
    SqlReply reply = co_await asking;
    bool told = reply.ok && !reply.results.empty() && !reply.results.front().rows.empty();
    if (!told) co_return fail(sql_error(reply, {endpoint_.name, endpoint_.name, {endpoint_.password}}));
    version_ = std::atoi(reply.results.front().rows.front().front().value_or("0").c_str());
  }
  co_return version_;
}

/// A database that is not there yet holds nothing.
Task<Result<SchemaCatalog>> SchemaObjects::catalog(const ObjectKey* key) {
  auto knowing = version();
  Result<int> server = co_await knowing;
  if (!server) co_return fail(server.error());
  std::string schema = text_at(key->identity, "name");
  auto asking =
      io_.sql(endpoint_, postgres::catalog_request(text_at(key->identity, "database"), schema, *server));
  SqlReply reply = co_await asking;
  if (!reply.ok && reply.sqlstate == "3D000") co_return empty_schema(*key, *server);
  if (!reply.ok) co_return fail(sql_error(reply, subject(*key)));
  Result<SchemaCatalog> read = postgres::read_catalog(reply, schema, *server);
  if (read) seen_[place_of(*key)] = *read;
  co_return read;
}

Task<LiveObject> SchemaObjects::read(ObjectKey key) {
  auto reading = catalog(&key);
  Result<SchemaCatalog> live = co_await reading;
  if (!live) co_return unknown_object(live.error());
  if (live->objects.empty()) co_return absent_object();
  LiveObject object;
  object.presence = Presence::present;
  object.object =
      with_identity(key.identity, Value::record({{Value::string("objects"), postgres::to_value(*live)}}));
  co_return object;
}

Task<Result<Derived>> SchemaObjects::derive(DeriveRequest request) {
  if (scratch_ == nullptr)
    co_return fail(DiagnosticCode::not_yet_supported, "there is no scratch server to load the schema into");
  SchemaSource source = SchemaSource::of(request.desired);
  auto knowing = version();
  Result<int> server = co_await knowing;
  if (!server) co_return fail(server.error());
  auto loading = load_schema(scratch_, &source, *server);
  Result<SchemaCatalog> wanted = co_await loading;
  if (!wanted) co_return fail(wanted.error());
  auto seen = seen_.find(place_of(request.key));
  SchemaCatalog live = seen == seen_.end() ? empty_schema(request.key, *server) : seen->second;

  postgres::MigrationOptions options;
  options.unknown = source.exclusive ? postgres::Unknown::dropped : postgres::Unknown::kept;
  std::vector<std::pair<std::string, std::string>> applicable =
      applicable_renames(source.renames, live, *wanted);
  Result<std::vector<postgres::Rename>> renames = renames_of(applicable, live);
  if (!renames) co_return fail(renames.error());
  options.renames = std::move(*renames);
  if (const FieldSet* owned = request.applied.find(FieldStep::field("objects"))) options.owned = *owned;
  Result<SchemaCatalog> target = postgres::target_catalog(live, *wanted, options);
  if (!target) co_return fail(target.error());

  Derived derived;
  derived.absent = !request.owned && !live.objects.empty() && !has_any(live, *wanted);
  Value objects =
      with_removals(postgres::to_value(*wanted), renamed_tree(postgres::to_value(live), applicable),
                    postgres::to_value(*target));
  std::vector<FieldPath> dropped = removals_in(objects);
  derived.desired = with_identity(
      request.key.identity,
      Value::record({{Value::string("objects"), std::move(objects)},
                     {Value::string("how"), how_value(*wanted, applicable, dropped, source.role)}}));
  co_return derived;
}

Result<SchemaObjects::Migration> SchemaObjects::migration(const WriteRequest& request,
                                                          const SchemaCatalog& live) const {
  DerivedSchema derived = DerivedSchema::of(request.desired);
  SchemaCatalog wanted = CARBON_TRY(derived.catalog(live.schema));
  postgres::MigrationOptions options;
  options.owned = derived.dropped();
  options.renames = CARBON_TRY(renames_of(applicable_renames(derived.renames(), live, wanted), live));
  Migration migration;
  migration.steps = CARBON_TRY(postgres::migrate(live, wanted, options));
  migration.role = derived.role();
  return migration;
}

Task<Result<std::vector<WriteStep>>> SchemaObjects::steps(WriteRequest request) {
  auto seen = seen_.find(place_of(request.key));
  SchemaCatalog live = seen == seen_.end() ? empty_schema(request.key, version_) : seen->second;
  Result<Migration> made = migration(request, live);
  if (!made) co_return fail(made.error());
  std::vector<WriteStep> steps;
  SqlRequest counting;
  counting.database = text_at(request.key.identity, "database");
  std::vector<std::size_t> counted;
  for (const MigrationStep& step : made->steps) {
    steps.push_back(write_step(step));
    if (step.count_sql.empty()) continue;
    counted.push_back(steps.size() - 1);
    counting.statements.push_back({step.count_sql, {}});
  }
  if (counted.empty()) co_return steps;
  auto asking = io_.sql(endpoint_, std::move(counting));
  SqlReply reply = co_await asking;
  if (!reply.ok && reply.sqlstate.empty()) co_return fail(sql_error(reply, subject(request.key)));
  // A large table, or a condition that some row does not bear: then the numbers are missing, not the plan.
  if (!reply.ok) co_return steps;
  for (std::size_t i = 0; i < counted.size() && i < reply.results.size(); ++i) {
    const SqlRows& rows = reply.results[i];
    if (rows.rows.empty() || !rows.rows.front().front()) continue;
    const std::string& number = *rows.rows.front().front();
    postgres::Counted what = made->steps[counted[i]].counted;
    // A step that some rows could have stopped, and none does.
    if (what == postgres::Counted::violating && number == "0") {
      steps[counted[i]].risk = StepRisk::none;
      continue;
    }
    steps[counted[i]].count = count_text(what, number);
  }
  co_return steps;
}

/// What was planned before its provider was known is derived now.
Task<Result<Value>> SchemaObjects::derived_late(const WriteRequest* request) {
  if (request->desired.find("objects") != nullptr) co_return request->desired;
  auto reading = catalog(&request->key);
  Result<SchemaCatalog> live = co_await reading;
  if (!live) co_return fail(live.error());
  DeriveRequest late;
  late.key = request->key;
  late.desired = request->desired;
  auto deriving = derive(std::move(late));
  Result<Derived> derived = co_await deriving;
  if (!derived) co_return fail(derived.error());
  co_return derived->desired;
}

Task<WriteOutcome> SchemaObjects::write(WriteRequest request) {
  auto deriving = derived_late(&request);
  Result<Value> desired = co_await deriving;
  if (!desired) co_return refused(desired.error());
  request.desired = std::move(*desired);
  auto running = run(&request, Review::statements);
  WriteOutcome outcome = co_await running;
  if (outcome.kind == WriteOutcome::Kind::done) {
    auto reading = read(request.key);
    outcome.object = co_await reading;
  }
  co_return outcome;
}

Task<WriteOutcome> SchemaObjects::remove(WriteRequest request) {
  auto knowing = version();
  Result<int> server = co_await knowing;
  if (!server) co_return refused(server.error());
  SchemaCatalog nothing = empty_schema(request.key, *server);
  request.desired = with_identity(
      request.key.identity,
      Value::record({{Value::string("objects"), Value::map({})},
                     {Value::string("how"), how_value(nothing, {}, below_objects(request.removed), "")}}));
  auto running = run(&request, Review::no_more);
  WriteOutcome outcome = co_await running;
  if (outcome.kind == WriteOutcome::Kind::done) outcome.object = absent_object();
  co_return outcome;
}

/// The statements in as few transactions as they allow; the reply of the first that fails. `done`: how many
/// went well.
Task<SqlReply> SchemaObjects::send(const WriteRequest* request, const Migration* migration,
                                   std::size_t* done) {
  SqlReply reply;
  reply.ok = true;
  std::vector<SqlRequest> parts = schema_requests(migration->steps, migration->role,
                                                  text_at(request->key.identity, "database"), request->token);
  for (std::size_t i = 0; i < parts.size() && reply.ok; ++i) {
    auto asking = io_.sql(endpoint_, std::move(parts[i]));
    reply = co_await asking;
    if (reply.ok) ++*done;
  }
  co_return reply;
}

Task<WriteOutcome> SchemaObjects::run(const WriteRequest* request, Review review) {
  constexpr int most_settlements = 6;
  constexpr Duration pause{500'000'000};
  for (int attempt = 1;; ++attempt) {
    auto reading = catalog(&request->key);
    Result<SchemaCatalog> live = co_await reading;
    bool lost = !live && live.error().code() == DiagnosticCode::unreachable;
    if (!live && (!lost || attempt == most_settlements))
      co_return outcome_of(lost ? WriteOutcome::Kind::not_admitted : WriteOutcome::Kind::refused,
                           live.error());
    if (live) {
      Result<Migration> made = migration(*request, *live);
      if (!made) co_return refused(made.error());
      Status reviewed = review == Review::no_more ? Status{} : as_reviewed(*request, made->steps);
      if (!reviewed) co_return outcome_of(WriteOutcome::Kind::refused, reviewed.error());
      std::size_t done = 0;
      auto sending = send(request, &*made, &done);
      SqlReply reply = co_await sending;
      WriteOutcome outcome;
      outcome.kind = WriteOutcome::Kind::done;
      if (reply.ok) co_return outcome;
      // What a lost connection did is there to be read: what is left to do is worked out from that.
      lost = reply.sqlstate.empty() || reply.committed_unknown;
      if (!lost || attempt == most_settlements) {
        outcome = failed_sql_write(reply, subject(request->key));
        if (done > 0)
          outcome.error->diagnostic().notes.emplace_back("statements before this one took effect");
        if (reply.sqlstate == "55P03") {
          auto naming = name_blockers(&io_, &endpoint_, request, &*outcome.error);
          co_await naming;
        }
        co_return outcome;
      }
    }
    auto sleeping = io_.sleep(pause);
    co_await sleeping;
  }
}

}  // namespace carbon
