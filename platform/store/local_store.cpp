#include "platform/store/local_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/core.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

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
CREATE TABLE IF NOT EXISTS used_plan (plan TEXT, nonce TEXT, PRIMARY KEY (plan, nonce)) WITHOUT ROWID;
)";

constexpr std::array<std::string_view, 8> kind_names{"begin",   "intent",   "sent", "result",
                                                     "unknown", "resolved", "stop", "end"};

std::string_view kind_name(JournalKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

Result<JournalKind> kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    if (kind_names[i] == name) return static_cast<JournalKind>(i);
  }
  return fail(DiagnosticCode::inventory_damaged,
              fmt::format("the journal holds an event `{}`", name.substr(0, 40)));
}

/// A file name from names that users choose: everything but letters, digits, `-` and `_` becomes `_`.
std::string file_stem(const LocalStore::Name& name) {
  std::string stem = name.platform + "." + name.environment + "." + name.world;
  for (char& c : stem) {
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return stem;
}

std::string holder_of(int descriptor) {
  std::array<char, 64> text{};
  ssize_t length = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "an unknown process";
}

Result<int> take_lock(const std::string& path) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return fail(DiagnosticCode::file_failed, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    std::string holder = holder_of(descriptor);
    ::close(descriptor);
    return fail(Error(DiagnosticCode::lock_held, fmt::format("{} is running here", holder))
                    .note("the lock is " + path)
                    .help("wait until it has ended; the lock goes with its process"));
  }
  std::string own = fmt::format("process {}", ::getpid());
  bool written = ::ftruncate(descriptor, 0) == 0 &&
                 ::pwrite(descriptor, own.data(), own.size(), 0) == static_cast<ssize_t>(own.size());
  (void)written;  // only for the message of the next one
  return descriptor;
}

}  // namespace

Result<std::unique_ptr<LocalStore>> LocalStore::open(const std::string& folder, const Name& name,
                                                     Access access) {
  std::string stem = (std::filesystem::path(folder) / file_stem(name)).string();
  Database database = CARBON_TRY(Database::open(stem + ".db"));
  int lock = access == Access::write ? CARBON_TRY(take_lock(stem + ".lock")) : -1;
  std::unique_ptr<LocalStore> store(new LocalStore(std::move(database), name, lock));
  CARBON_CHECK(store->prepare_schema());
  return store;
}

LocalStore::~LocalStore() {
  if (lock_ >= 0) ::close(lock_);
}

Status LocalStore::prepare_schema() {
  CARBON_CHECK(database_.execute(schema));
  Statement insert =
      CARBON_TRY(database_.prepare("INSERT OR IGNORE INTO meta VALUES ('format', '1'), ('generation', '0')"));
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

Status LocalStore::update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  Transaction transaction = CARBON_TRY(Transaction::begin(database_));
  Statement insert = CARBON_TRY(database_.prepare("INSERT OR REPLACE INTO inventory VALUES (?1, ?2)"));
  for (const InventoryEntry& entry : put) {
    CARBON_CHECK(insert.bind(1, entry.address).bind(2, encode_entry(entry)).step());
    insert.reset();
  }
  Statement erase = CARBON_TRY(database_.prepare("DELETE FROM inventory WHERE address = ?1"));
  for (const Address& address : remove) {
    CARBON_CHECK(erase.bind(1, address).step());
    erase.reset();
  }
  CARBON_CHECK(
      database_.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"));
  return transaction.commit();
}

Status LocalStore::append(const std::vector<JournalEvent>& events) {
  auto write = [&]() -> Status {
    Transaction transaction = CARBON_TRY(Transaction::begin(database_));
    Statement insert =
        CARBON_TRY(database_.prepare("INSERT INTO journal (run, kind, address, operation, token, uid, "
                                     "detail, at) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)"));
    for (const JournalEvent& event : events) {
      insert.bind(1, event.run)
          .bind(2, kind_name(event.kind))
          .bind(3, event.address)
          .bind(4, event.operation);
      insert.bind(5, event.token).bind(6, event.uid).bind(7, event.detail).bind(8, event.wall_clock);
      CARBON_CHECK(insert.step());
      insert.reset();
    }
    return transaction.commit();
  };
  Status written = write();
  if (written) return written;
  return fail(Error(DiagnosticCode::journal_failed,
                    fmt::format("the journal in {} cannot be written", database_.path()))
                  .note(written.error().message()));
}

Result<std::vector<JournalEvent>> LocalStore::unfinished() {
  // By two partial indexes: costs the number of runs, not that of events.
  Statement rows = CARBON_TRY(database_.prepare(
      "SELECT sequence, run, kind, address, operation, token, uid, detail, at FROM journal WHERE sequence >= "
      "(SELECT min(begun.sequence) FROM journal begun WHERE begun.kind = 'begin' AND NOT EXISTS "
      "(SELECT 1 FROM journal ended WHERE ended.kind = 'end' AND ended.run = begun.run)) ORDER BY sequence"));
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
  Transaction transaction = CARBON_TRY(Transaction::begin(database_));
  if (CARBON_TRY(plan_was_used(plan_id, nonce))) return false;
  Statement insert = CARBON_TRY(database_.prepare("INSERT INTO used_plan VALUES (?1, ?2)"));
  CARBON_CHECK(insert.bind(1, plan_id).bind(2, nonce).step());
  CARBON_CHECK(transaction.commit());
  return true;
}

}  // namespace carbon
