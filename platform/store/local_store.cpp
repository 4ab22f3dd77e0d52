#include "platform/store/local_store.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "platform/store/journal_code.h"

namespace carbon {

namespace {

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inventory (address TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL,
  operation TEXT NOT NULL, token TEXT NOT NULL, uid TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS journal_token ON journal (token) WHERE token <> '';
CREATE INDEX IF NOT EXISTS journal_begin ON journal (run) WHERE kind = 'begin';
CREATE INDEX IF NOT EXISTS journal_end ON journal (run) WHERE kind = 'end';
CREATE TABLE IF NOT EXISTS kept_plan (run TEXT PRIMARY KEY, plan TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_plan (plan TEXT, nonce TEXT, PRIMARY KEY (plan, nonce)) WITHOUT ROWID;
)";

/// A file name from names that users choose: everything but letters, digits, `-` and `_` becomes `_`.
std::string file_stem(const LocalStore::Name& name) {
  std::string stem = name.text();
  for (char& c : stem) {
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return stem;
}

}  // namespace

Result<std::unique_ptr<LocalStore>> LocalStore::open(const std::string& folder, const Name& name,
                                                     Access access, const LockRequest& request) {
  std::string stem = (std::filesystem::path(folder) / file_stem(name)).string();
  Database database = CARBON_TRY(Database::open(stem + ".db"));
  std::unique_ptr<LocalStore> store(new LocalStore(std::move(database), name, stem + ".lock"));
  bool writes = access != Access::read;
  if (writes) store->lock_ = CARBON_TRY(LockFile::take(store->lock_path_, request));
  CARBON_CHECK(store->prepare_schema());
  store->holder_ = request.holder;
  // Behind the lock: whoever breaks it afterwards makes another one of it.
  if (writes) store->epoch_ = CARBON_TRY(store->epoch());
  std::string moved_to = CARBON_TRY(store->moved_to());
  if (access != Access::move_here && !moved_to.empty()) return fail(moved_away(store->place(), moved_to));
  return store;
}

Result<std::string> LocalStore::epoch() {
  Statement read = CARBON_TRY(database_.prepare("SELECT value FROM meta WHERE key = 'epoch'"));
  return CARBON_TRY(read.step()) ? read.text(0) : std::string();
}

Result<Transaction> LocalStore::begin() {
  Transaction transaction = CARBON_TRY(Transaction::begin(database_));
  if (lock_.held() && CARBON_TRY(epoch()) != epoch_) return fail(lock_lost_error(lock_path_));
  return transaction;
}

Result<LockState> LocalStore::lock_state() { return LockFile::state(lock_path_); }

Status LocalStore::break_lock(const LockState& seen) {
  LockState now = CARBON_TRY(lock_state());
  if (!now.held) return {};
  if (now.holder.by != seen.holder.by || now.holder.name() != seen.holder.name())
    return fail(lock_held_error(now.holder, lock_path_, {}));
  // First the epoch: from here on the holder's writes are refused. Then the file goes, and with it the lock.
  CARBON_CHECK(database_.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'epoch'"));
  if (::unlink(lock_path_.c_str()) == 0 || errno == ENOENT) return {};
  return fail(DiagnosticCode::file_failed,
              fmt::format("cannot remove {}: {}", lock_path_, std::strerror(errno)));
}

Status LocalStore::prepare_schema() {
  CARBON_CHECK(database_.execute(schema));
  Statement insert = CARBON_TRY(database_.prepare(
      "INSERT OR IGNORE INTO meta VALUES ('format', '1'), ('generation', '0'), ('epoch', '0')"));
  CARBON_CHECK(insert.step());
  Statement read = CARBON_TRY(database_.prepare("SELECT value FROM meta WHERE key = 'format'"));
  bool row = CARBON_TRY(read.step());
  if (row && read.text(0) == "1") return {};
  return fail(Error(DiagnosticCode::inventory_damaged,
                    fmt::format("{} is not an inventory that this carbon can read", database_.path()))
                  .note("its format is " + (row ? read.text(0) : "missing") + ", and this carbon knows 1")
                  .help("use the carbon that wrote it; nothing that it names is changed or deleted"));
}

Result<Inventory> LocalStore::load() {
  Inventory inventory{name_.platform, name_.environment, name_.world, 0, {}};
  Statement generation = CARBON_TRY(database_.prepare("SELECT value FROM meta WHERE key = 'generation'"));
  if (CARBON_TRY(generation.step()))
    inventory.generation = std::strtoull(generation.text(0).c_str(), nullptr, 10);
  Statement rows = CARBON_TRY(database_.prepare("SELECT address, entry FROM inventory ORDER BY address"));
  EntryDecoder decoder;
  while (CARBON_TRY(rows.step())) {
    auto entry = decoder.decode(rows.view(1));
    if (!entry) {
      return fail(Error(DiagnosticCode::inventory_damaged,
                        fmt::format("the entry of `{}` in {} cannot be read", rows.text(0), database_.path()))
                      .note(entry.error().message())
                      .help("put back a copy of the file that is whole; nothing that it names is changed or "
                            "deleted"));
    }
    // Rows come sorted, so each lands at the end.
    inventory.entries.emplace_hint(inventory.entries.end(), rows.text(0), std::move(*entry));
  }
  return inventory;
}

Status LocalStore::insert(const std::vector<InventoryEntry>& entries) {
  Statement insert = CARBON_TRY(database_.prepare("INSERT OR REPLACE INTO inventory VALUES (?1, ?2)"));
  for (const InventoryEntry& entry : entries) {
    CARBON_CHECK(insert.bind(1, entry.address).bind(2, encode_entry(entry)).step());
    insert.reset();
  }
  return {};
}

Status LocalStore::change(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  CARBON_CHECK(insert(put));
  Statement erase = CARBON_TRY(database_.prepare("DELETE FROM inventory WHERE address = ?1"));
  for (const Address& address : remove) {
    CARBON_CHECK(erase.bind(1, address).step());
    erase.reset();
  }
  return database_.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'");
}

Status LocalStore::update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  Transaction transaction = CARBON_TRY(begin());
  CARBON_CHECK(change(put, remove));
  return transaction.commit();
}

Status LocalStore::insert(const std::vector<JournalEvent>& events) {
  Statement insert =
      CARBON_TRY(database_.prepare("INSERT INTO journal (run, kind, address, operation, token, uid, "
                                   "detail, at) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)"));
  for (const JournalEvent& event : events) {
    insert.bind(1, event.run).bind(2, kind_name(event.kind)).bind(3, event.address).bind(4, event.operation);
    insert.bind(5, event.token).bind(6, event.uid).bind(7, event.detail).bind(8, event.wall_clock);
    CARBON_CHECK(insert.step());
    insert.reset();
  }
  return {};
}

Error LocalStore::not_written(const Error& why) const {
  if (why.code() == DiagnosticCode::lock_lost) return why;
  return Error(DiagnosticCode::journal_failed,
               fmt::format("the journal in {} cannot be written", database_.path()))
      .note(why.message());
}

Status LocalStore::append(const std::vector<JournalEvent>& events) {
  return written(events, [] { return Status(); });
}

Status LocalStore::append(const std::vector<JournalEvent>& events, const std::vector<InventoryEntry>& put,
                          const std::vector<Address>& remove) {
  return written(events, [&] { return change(put, remove); });
}

Status LocalStore::written(const std::vector<JournalEvent>& events, const std::function<Status()>& with) {
  auto all = [&]() -> Status {
    Transaction transaction = CARBON_TRY(begin());
    CARBON_CHECK(with());
    CARBON_CHECK(insert(events));
    return transaction.commit();
  };
  if (Status done = all(); !done) return fail(not_written(done.error()));
  for (const JournalEvent& event : events) {
    if (event.kind != JournalKind::begin || !lock_.held()) continue;
    holder_.run = event.run;
    lock_.write(holder_);
  }
  return {};
}

namespace {

Result<std::vector<JournalEvent>> read_events(Statement rows) {
  std::vector<JournalEvent> events;
  while (CARBON_TRY(rows.step())) {
    JournalEvent event;
    event.sequence = static_cast<std::uint64_t>(rows.number(0));
    event.run = rows.text(1);
    event.kind = CARBON_TRY(kind_from(rows.view(2)));
    event.address = rows.text(3);
    event.operation = rows.text(4);
    event.token = rows.text(5);
    event.uid = rows.text(6);
    event.detail = rows.text(7);
    event.wall_clock = rows.number(8);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

Result<std::vector<JournalEvent>> LocalStore::unfinished() {
  // By two partial indexes: costs the number of runs, not that of events. SQLite would look for the lowest
  // number through the whole journal.
  return read_events(CARBON_TRY(database_.prepare(
      "SELECT sequence, run, kind, address, operation, token, uid, detail, at FROM journal WHERE sequence >= "
      "(SELECT min(begun.sequence) FROM journal begun INDEXED BY journal_begin WHERE begun.kind = 'begin' "
      "AND "
      "NOT EXISTS (SELECT 1 FROM journal ended INDEXED BY journal_end WHERE ended.kind = 'end' AND ended.run "
      "= "
      "begun.run)) ORDER BY sequence")));
}

Result<StoreContent> LocalStore::content() {
  StoreContent content;
  Inventory inventory = CARBON_TRY(load());
  content.generation = inventory.generation;
  for (auto& [address, entry] : inventory.entries) content.entries.push_back(std::move(entry));
  content.events = CARBON_TRY(read_events(CARBON_TRY(
      database_.prepare("SELECT sequence, run, kind, address, operation, token, uid, detail, at FROM "
                        "journal ORDER BY sequence"))));
  Statement used = CARBON_TRY(database_.prepare("SELECT plan, nonce FROM used_plan ORDER BY plan, nonce"));
  while (CARBON_TRY(used.step())) content.used_plans.emplace_back(used.text(0), used.text(1));
  Statement kept = CARBON_TRY(database_.prepare("SELECT run, plan FROM kept_plan"));
  if (CARBON_TRY(kept.step())) content.kept_plan = {kept.text(0), kept.text(1)};
  return content;
}

Status LocalStore::take_over(const StoreContent& content) {
  Transaction transaction = CARBON_TRY(begin());
  CARBON_CHECK(
      database_.execute("DELETE FROM inventory; DELETE FROM journal; DELETE FROM used_plan; DELETE FROM "
                        "kept_plan; DELETE FROM meta WHERE key = 'moved_to'"));
  CARBON_CHECK(insert(content.entries));
  CARBON_CHECK(insert(content.events));
  Statement used = CARBON_TRY(database_.prepare("INSERT INTO used_plan VALUES (?1, ?2)"));
  for (const auto& [plan, nonce] : content.used_plans) {
    CARBON_CHECK(used.bind(1, plan).bind(2, nonce).step());
    used.reset();
  }
  if (!content.kept_plan.first.empty()) {
    Statement kept = CARBON_TRY(database_.prepare("INSERT INTO kept_plan VALUES (?1, ?2)"));
    CARBON_CHECK(kept.bind(1, content.kept_plan.first).bind(2, content.kept_plan.second).step());
  }
  Statement generation = CARBON_TRY(database_.prepare("UPDATE meta SET value = ?1 WHERE key = 'generation'"));
  CARBON_CHECK(generation.bind(1, fmt::format("{}", content.generation)).step());
  return transaction.commit();
}

Result<std::string> LocalStore::moved_to() {
  Statement read = CARBON_TRY(database_.prepare("SELECT value FROM meta WHERE key = 'moved_to'"));
  return CARBON_TRY(read.step()) ? read.text(0) : std::string();
}

Status LocalStore::retire(const std::string& moved_to) {
  Transaction transaction = CARBON_TRY(begin());
  Statement mark = CARBON_TRY(database_.prepare("INSERT OR REPLACE INTO meta VALUES ('moved_to', ?1)"));
  CARBON_CHECK(mark.bind(1, moved_to).step());
  return transaction.commit();
}

Result<std::vector<JournalEvent>> LocalStore::history() {
  return read_events(
      CARBON_TRY(database_.prepare("SELECT sequence, run, kind, address, operation, token, uid, CASE kind "
                                   "WHEN 'intent' THEN '' ELSE detail "
                                   "END, at FROM journal ORDER BY sequence")));
}

Result<bool> LocalStore::intended(std::string_view token) {
  Statement find = CARBON_TRY(database_.prepare(
      "SELECT 1 FROM journal WHERE token = ?1 AND kind = 'intent' AND NOT EXISTS (SELECT 1 "
      "FROM journal WHERE token = ?1 AND kind IN ('result', 'resolved') AND detail = 'done')"));
  return find.bind(1, token).step();
}

Result<bool> LocalStore::plan_was_used(const std::string& plan_id, const std::string& nonce) {
  Statement find = CARBON_TRY(database_.prepare("SELECT 1 FROM used_plan WHERE plan = ?1 AND nonce = ?2"));
  return find.bind(1, plan_id).bind(2, nonce).step();
}

Result<bool> LocalStore::use_plan(const std::string& plan_id, const std::string& nonce) {
  Transaction transaction = CARBON_TRY(begin());
  if (CARBON_TRY(plan_was_used(plan_id, nonce))) return false;
  Statement insert = CARBON_TRY(database_.prepare("INSERT INTO used_plan VALUES (?1, ?2)"));
  CARBON_CHECK(insert.bind(1, plan_id).bind(2, nonce).step());
  CARBON_CHECK(transaction.commit());
  return true;
}

Status LocalStore::keep_plan(const std::string& run, const std::string& plan) {
  Status written = write_plan(run, plan);
  return written ? written : fail(not_written(written.error()));
}

Status LocalStore::write_plan(const std::string& run, const std::string& plan) {
  Transaction transaction = CARBON_TRY(begin());
  CARBON_CHECK(database_.execute("DELETE FROM kept_plan"));
  Statement insert = CARBON_TRY(database_.prepare("INSERT INTO kept_plan VALUES (?1, ?2)"));
  CARBON_CHECK(insert.bind(1, run).bind(2, plan).step());
  return transaction.commit();
}

Result<std::string> LocalStore::plan_of(const std::string& run) {
  // Who only reads makes no tables, and an older carbon had none for this.
  Statement known = CARBON_TRY(database_.prepare("SELECT 1 FROM sqlite_master WHERE name = 'kept_plan'"));
  if (!CARBON_TRY(known.step())) return std::string();
  Statement read = CARBON_TRY(database_.prepare("SELECT plan FROM kept_plan WHERE run = ?1"));
  return CARBON_TRY(read.bind(1, run).step()) ? read.text(0) : std::string();
}

}  // namespace carbon
