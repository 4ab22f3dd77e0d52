#include "platform/store/postgres_store.h"

#include <fmt/core.h>

#include <cstdlib>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/store/journal_code.h"
#include "platform/store/postgres_lease.h"

namespace carbon {

namespace {

constexpr const char* put_entries =
    "INSERT INTO carbon.inventory SELECT $1, address, entry FROM json_to_recordset($2::json) AS row(address "
    "text, "
    "entry text) ON CONFLICT (store, address) DO UPDATE SET entry = excluded.entry";
constexpr const char* put_events =
    "INSERT INTO carbon.journal (store, run, kind, address, operation, token, uid, detail, at) SELECT $1, "
    "row.* FROM "
    "json_to_recordset($2::json) AS row(run text, kind text, address text, operation text, token text, uid "
    "text, "
    "detail text, at bigint)";

constexpr const char* format_version = "1";

/// Whoever comes first makes the tables; the others wait for it.
constexpr const char* shared_schema[] = {
    "SELECT pg_advisory_xact_lock(7223372036854775101)",
    "CREATE SCHEMA IF NOT EXISTS carbon",
    "CREATE TABLE IF NOT EXISTS carbon.meta (key text PRIMARY KEY, value text NOT NULL)",
    "INSERT INTO carbon.meta VALUES ('format', '1') ON CONFLICT DO NOTHING",
    "CREATE TABLE IF NOT EXISTS carbon.store (name text PRIMARY KEY, generation bigint NOT NULL DEFAULT 0, "
    "epoch bigint NOT NULL DEFAULT 0, holder text, expires timestamptz, moved_to text NOT NULL DEFAULT '')",
    "CREATE TABLE IF NOT EXISTS carbon.inventory (store text REFERENCES carbon.store, address text, entry "
    "text "
    "NOT NULL, PRIMARY KEY (store, address))",
    "CREATE TABLE IF NOT EXISTS carbon.journal (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "store "
    "text NOT NULL REFERENCES carbon.store, run text NOT NULL, kind text NOT NULL, address text NOT NULL, "
    "operation text NOT NULL, token text NOT NULL, uid text NOT NULL, detail text NOT NULL, at bigint NOT "
    "NULL)",
    "CREATE INDEX IF NOT EXISTS journal_store ON carbon.journal (store, sequence)",
    "CREATE INDEX IF NOT EXISTS journal_token ON carbon.journal (store, token) WHERE token <> ''",
    "CREATE INDEX IF NOT EXISTS journal_begin ON carbon.journal (store, run) WHERE kind = 'begin'",
    "CREATE INDEX IF NOT EXISTS journal_end ON carbon.journal (store, run) WHERE kind = 'end'",
    "CREATE TABLE IF NOT EXISTS carbon.kept_plan (store text PRIMARY KEY REFERENCES carbon.store, run text, "
    "plan text)",
    "CREATE TABLE IF NOT EXISTS carbon.used_plan (store text REFERENCES carbon.store, plan text, nonce text, "
    "PRIMARY KEY (store, plan, nonce))",
    // Not in the schema of what it protects: it is granted, dumped and backed up by itself.
    "CREATE SCHEMA IF NOT EXISTS carbon_keys",
    "CREATE TABLE IF NOT EXISTS carbon_keys.digest_key (store text PRIMARY KEY, key text NOT NULL)",
};

/// `[{"a": …}, …]`, for json_to_recordset: one parameter however many rows there are.
std::string rows_of(const std::vector<InventoryEntry>& put) {
  std::string rows = "[";
  for (const InventoryEntry& entry : put) {
    if (rows.size() > 1) rows += ",";
    rows += fmt::format(R"({{"address":{},"entry":{}}})", json_quote(entry.address),
                        json_quote(encode_entry(entry)));
  }
  return rows + "]";
}

std::string rows_of(const std::vector<JournalEvent>& events) {
  std::string rows = "[";
  for (const JournalEvent& event : events) {
    if (rows.size() > 1) rows += ",";
    rows += fmt::format(
        R"({{"run":{},"kind":{},"address":{},"operation":{},"token":{},"uid":{},"detail":{},"at":{}}})",
        json_quote(event.run), json_quote(kind_name(event.kind)), json_quote(event.address),
        json_quote(event.operation), json_quote(event.token), json_quote(event.uid), json_quote(event.detail),
        event.wall_clock);
  }
  return rows + "]";
}

std::string addresses_of(const std::vector<Address>& remove) {
  std::string rows = "[";
  for (const Address& address : remove) rows += (rows.size() > 1 ? "," : "") + json_quote(address);
  return rows + "]";
}

std::int64_t number(const std::optional<std::string>& text) {
  return text ? std::strtoll(text->c_str(), nullptr, 10) : 0;
}

}  // namespace

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const SharedDatabase& database,
                                                           const StoreName& name, Access access,
                                                           const LockRequest& request) {
  std::unique_ptr<PostgresStore> store(new PostgresStore(database, name));
  CARBON_CHECK(store->prepare_schema());
  if (access != Access::read) {
    store->lease_ = CARBON_TRY(Lease::take(std::make_unique<PostgresLease>(database, store->key_), request));
  }
  std::string moved_to = CARBON_TRY(store->moved_to());
  if (access != Access::move_here && !moved_to.empty()) return fail(moved_away(store->place(), moved_to));
  return store;
}

Status PostgresStore::prepare_schema() {
  // Who may only read makes nothing.
  SqlRows there = CARBON_TRY(read("SELECT to_regclass('carbon.kept_plan')", {}));
  if (!there.rows.front()[0]) {
    std::vector<SqlStatement> statements;
    for (const char* text : shared_schema) statements.push_back({text, {}});
    CARBON_CHECK(session_.ask(SqlRequest::Mode::transaction, std::move(statements)));
  }
  SqlRows rows = CARBON_TRY(read("SELECT value FROM carbon.meta WHERE key = 'format'", {}));
  std::string format = rows.rows.empty() ? "missing" : rows.rows.front()[0].value_or("missing");
  if (format == format_version) return {};
  return fail(
      Error(DiagnosticCode::inventory_damaged,
            fmt::format("{} holds no inventory that this carbon can read", session_.database().place()))
          .note(fmt::format("its format is {}, and this carbon knows {}", format, format_version))
          .help("use the carbon that wrote it; nothing that it names is changed or deleted"));
}

Result<SqlRows> PostgresStore::read(std::string text, std::vector<std::optional<std::string>> parameters) {
  auto results =
      CARBON_TRY(session_.ask(SqlRequest::Mode::read_only, {{std::move(text), std::move(parameters)}}));
  return std::move(results.front());
}

Result<std::vector<SqlRows>> PostgresStore::write(std::vector<SqlStatement> statements) {
  std::string place = fmt::format("{}, lease of {}", session_.database().place(), key_);
  if (!may_send()) return fail(lock_lost_error(place));
  statements.insert(statements.begin(), fence(key_, lease_->epoch()));
  return session_.ask(SqlRequest::Mode::transaction, std::move(statements));
}

Result<Inventory> PostgresStore::load() {
  Inventory inventory{name_.platform, name_.environment, name_.world, 0, {}};
  auto results = CARBON_TRY(session_.ask(
      SqlRequest::Mode::read_only,
      {{"SELECT generation FROM carbon.store WHERE name = $1", {key_}},
       {R"(SELECT address, entry FROM carbon.inventory WHERE store = $1 ORDER BY address COLLATE "C")",
        {key_}}}));
  if (!results[0].rows.empty())
    inventory.generation = static_cast<std::uint64_t>(number(results[0].rows.front()[0]));
  EntryDecoder decoder;
  for (const auto& row : results[1].rows) {
    auto entry = decoder.decode(row[1].value_or(""));
    if (!entry) {
      return fail(
          Error(DiagnosticCode::inventory_damaged,
                fmt::format("the entry of `{}` in {} cannot be read", row[0].value_or(""),
                            session_.database().place()))
              .note(entry.error().message())
              .help("put back a copy of the row that is whole; nothing that it names is changed or deleted"));
    }
    inventory.entries.emplace_hint(inventory.entries.end(), row[0].value_or(""), std::move(*entry));
  }
  return inventory;
}

std::vector<SqlStatement> PostgresStore::change(const std::vector<InventoryEntry>& put,
                                                const std::vector<Address>& remove) const {
  return {{put_entries, {key_, rows_of(put)}},
          {"DELETE FROM carbon.inventory WHERE store = $1 AND address IN (SELECT "
           "json_array_elements_text($2::json))",
           {key_, addresses_of(remove)}},
          {"UPDATE carbon.store SET generation = generation + 1 WHERE name = $1", {key_}}};
}

Status PostgresStore::update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  CARBON_CHECK(write(change(put, remove)));
  return {};
}

Status PostgresStore::append(const std::vector<JournalEvent>& events) { return append(events, {}); }

Status PostgresStore::append(const std::vector<JournalEvent>& events, const std::vector<InventoryEntry>& put,
                             const std::vector<Address>& remove) {
  return append(events, change(put, remove));
}

Status PostgresStore::append(const std::vector<JournalEvent>& events, std::vector<SqlStatement> statements) {
  statements.push_back({put_events, {key_, rows_of(events)}});
  for (const JournalEvent& event : events) {
    if (event.kind != JournalKind::begin || lease_ == nullptr) continue;
    LockHolder holder = lease_->holder();
    holder.run = event.run;
    statements.push_back(
        {"UPDATE carbon.store SET holder = $2 WHERE name = $1", {key_, encode_holder(holder)}});
  }
  CARBON_CHECK(write(std::move(statements)));
  return {};
}

Result<std::vector<JournalEvent>> PostgresStore::events(const char* condition, const char* detail) {
  SqlRows rows =
      CARBON_TRY(read(fmt::format("SELECT sequence, run, kind, address, operation, token, uid, {}, at "
                                  "FROM carbon.journal WHERE store = $1 {} ORDER BY sequence",
                                  detail, condition),
                      {key_}));
  std::vector<JournalEvent> events;
  events.reserve(rows.rows.size());
  for (auto& row : rows.rows) {
    JournalEvent event;
    event.sequence = static_cast<std::uint64_t>(number(row[0]));
    event.run = row[1].value_or("");
    event.kind = CARBON_TRY(kind_from(row[2].value_or("")));
    event.address = row[3].value_or("");
    event.operation = row[4].value_or("");
    event.token = row[5].value_or("");
    event.uid = row[6].value_or("");
    event.detail = row[7].value_or("");
    event.wall_clock = number(row[8]);
    events.push_back(std::move(event));
  }
  return events;
}

Result<std::vector<JournalEvent>> PostgresStore::unfinished() {
  return events(
      "AND sequence >= (SELECT min(begun.sequence) FROM carbon.journal begun WHERE begun.store = $1 AND "
      "begun.kind "
      "= 'begin' AND NOT EXISTS (SELECT 1 FROM carbon.journal ended WHERE ended.store = $1 AND ended.kind = "
      "'end' "
      "AND ended.run = begun.run))",
      "detail");
}

Result<std::vector<JournalEvent>> PostgresStore::history() {
  return events("", "CASE kind WHEN 'intent' THEN '' ELSE detail END");
}

Result<bool> PostgresStore::intended(std::string_view token) {
  SqlRows rows = CARBON_TRY(read(
      "SELECT 1 FROM carbon.journal WHERE store = $1 AND token = $2 AND kind = 'intent' AND NOT EXISTS "
      "(SELECT 1 "
      "FROM carbon.journal WHERE store = $1 AND token = $2 AND kind IN ('result', 'resolved') AND detail = "
      "'done') LIMIT 1",
      {key_, std::string(token)}));
  return !rows.rows.empty();
}

Result<bool> PostgresStore::plan_was_used(const std::string& plan_id, const std::string& nonce) {
  SqlRows rows =
      CARBON_TRY(read("SELECT 1 FROM carbon.used_plan WHERE store = $1 AND plan = $2 AND nonce = $3",
                      {key_, plan_id, nonce}));
  return !rows.rows.empty();
}

Result<bool> PostgresStore::use_plan(const std::string& plan_id, const std::string& nonce) {
  auto results = CARBON_TRY(
      write({{"INSERT INTO carbon.used_plan VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1",
              {key_, plan_id, nonce}}}));
  return !results.back().rows.empty();
}

Status PostgresStore::keep_plan(const std::string& run, const std::string& plan) {
  CARBON_CHECK(
      write({{"INSERT INTO carbon.kept_plan VALUES ($1, $2, $3) "
              "ON CONFLICT (store) DO UPDATE SET run = excluded.run, plan = excluded.plan",
              {key_, run, plan}}}));
  return {};
}

Result<std::string> PostgresStore::plan_of(const std::string& run) {
  SqlRows rows =
      CARBON_TRY(read("SELECT plan FROM carbon.kept_plan WHERE store = $1 AND run = $2", {key_, run}));
  return rows.rows.empty() ? std::string() : rows.rows.front()[0].value_or("");
}

Result<StoreContent> PostgresStore::content() {
  StoreContent content;
  Inventory inventory = CARBON_TRY(load());
  content.generation = inventory.generation;
  for (auto& [address, entry] : inventory.entries) content.entries.push_back(std::move(entry));
  content.events = CARBON_TRY(events("", "detail"));
  SqlRows used = CARBON_TRY(read(
      R"(SELECT plan, nonce FROM carbon.used_plan WHERE store = $1 ORDER BY plan COLLATE "C", nonce COLLATE "C")",
      {key_}));
  for (auto& row : used.rows) content.used_plans.emplace_back(row[0].value_or(""), row[1].value_or(""));
  SqlRows kept = CARBON_TRY(read("SELECT run, plan FROM carbon.kept_plan WHERE store = $1", {key_}));
  if (!kept.rows.empty()) content.kept_plan = {kept.rows[0][0].value_or(""), kept.rows[0][1].value_or("")};
  return content;
}

Status PostgresStore::take_over(const StoreContent& content) {
  std::vector<SqlStatement> statements;
  for (const char* table : {"inventory", "journal", "used_plan", "kept_plan"})
    statements.push_back({fmt::format("DELETE FROM carbon.{} WHERE store = $1", table), {key_}});
  statements.push_back({put_entries, {key_, rows_of(content.entries)}});
  statements.push_back({put_events, {key_, rows_of(content.events)}});
  for (const auto& [plan, nonce] : content.used_plans)
    statements.push_back({"INSERT INTO carbon.used_plan VALUES ($1, $2, $3)", {key_, plan, nonce}});
  if (!content.kept_plan.first.empty()) {
    statements.push_back({"INSERT INTO carbon.kept_plan VALUES ($1, $2, $3)",
                          {key_, content.kept_plan.first, content.kept_plan.second}});
  }
  statements.push_back({"UPDATE carbon.store SET generation = $2::bigint, moved_to = '' WHERE name = $1",
                        {key_, fmt::format("{}", content.generation)}});
  CARBON_CHECK(write(std::move(statements)));
  return {};
}

Result<std::string> PostgresStore::moved_to() {
  SqlRows rows = CARBON_TRY(read("SELECT moved_to FROM carbon.store WHERE name = $1", {key_}));
  return rows.rows.empty() ? std::string() : rows.rows.front()[0].value_or("");
}

Status PostgresStore::retire(const std::string& moved_to) {
  CARBON_CHECK(write({{"UPDATE carbon.store SET moved_to = $2 WHERE name = $1", {key_, moved_to}}}));
  return {};
}

Result<LockState> PostgresStore::lock_state() { return PostgresLease(session_.database(), key_).state(); }

Status PostgresStore::break_lock(const LockState& seen) {
  auto results = CARBON_TRY(session_.ask(
      SqlRequest::Mode::transaction,
      {{"UPDATE carbon.store SET epoch = epoch + 1, holder = NULL, expires = NULL WHERE name = $1 AND "
        "epoch = $2::bigint RETURNING 1",
        {key_, seen.epoch}}}));
  if (!results.front().rows.empty()) return {};
  LockState now = CARBON_TRY(lock_state());
  if (!now.held) return {};
  return fail(lock_held_error(now.holder, now.place, {}));
}

Result<std::optional<std::string>> PostgresStore::shared_key(const std::string& proposed) {
  auto kept = session_.ask(SqlRequest::Mode::transaction,
                           {{"INSERT INTO carbon_keys.digest_key VALUES ($1, $2) ON CONFLICT DO NOTHING",
                             {key_, base64_encode(proposed)}},
                            {"SELECT key FROM carbon_keys.digest_key WHERE store = $1", {key_}}});
  // A reader without the right to it compares no secrets, and says so in its plans.
  if (!kept && lease_ == nullptr) return std::nullopt;
  if (!kept) return fail(kept.error());
  return base64_decode(kept->back().rows.front()[0].value_or(""));
}

}  // namespace carbon
