#include "platform/sandbox/kubernetes/store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <algorithm>
#include <array>
#include <utility>

namespace carbon::sandbox {

namespace {

constexpr const char* tables =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE IF NOT EXISTS objects (revision INTEGER PRIMARY KEY, storage TEXT NOT NULL, namespace TEXT "
    "NOT NULL,"
    " name TEXT NOT NULL, deleted INTEGER NOT NULL, previous INTEGER NOT NULL, uids TEXT NOT NULL,"
    " object TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS compaction (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), revision "
    "INTEGER NOT NULL);"
    "INSERT OR IGNORE INTO compaction VALUES (1, 0);"
    "CREATE TABLE IF NOT EXISTS settlement (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), revision "
    "INTEGER NOT NULL);"
    "INSERT OR IGNORE INTO settlement VALUES (1, 0);";

constexpr std::string_view columns =
    "SELECT revision, storage, namespace, name, deleted, previous, object FROM objects";

std::string_view view(sqlite3_stmt* statement, int column) {
  const auto* text = sqlite3_column_text(statement, column);
  // sqlite3's text is unsigned char; the bytes are the same.
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

void bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
  // A view of nothing has no address, which SQLite would take for NULL.
  sqlite3_bind_text(statement, index, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                    SQLITE_STATIC);
}

StoredObject row_of(sqlite3_stmt* statement) {
  StoredObject row;
  row.revision = sqlite3_column_int64(statement, 0);
  row.key = {std::string(view(statement, 1)), std::string(view(statement, 2)),
             std::string(view(statement, 3))};
  row.deleted = sqlite3_column_int64(statement, 4) != 0;
  row.previous = sqlite3_column_int64(statement, 5);
  row.json = view(statement, 6);
  return row;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace

struct ObjectStore::Backend {
  enum Query : std::uint8_t {
    insert,
    one,
    since_all,
    since_storage,
    keys_then,
    drop_old,
    set_compacted,
    set_settled,
    query_count
  };

  sqlite3* handle = nullptr;
  std::array<sqlite3_stmt*, query_count> statements{};
  bool batch = false;

  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  ~Backend() {
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
    sqlite3_close(handle);
  }

  [[nodiscard]] tl::unexpected<Error> failed(std::string_view doing) const {
    return fail(DiagnosticCode::file_failed,
                fmt::format("the sandbox's store: {}: {}", doing, sqlite3_errmsg(handle)));
  }
  [[nodiscard]] Status execute(const char* sql) const {
    if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed("execute");
    return {};
  }
  /// The one number that a query without parameters gives.
  [[nodiscard]] Result<std::int64_t> number(const char* sql) const {
    sqlite3_stmt* rows = nullptr;
    if (sqlite3_prepare_v2(handle, sql, -1, &rows, nullptr) != SQLITE_OK) return failed("read");
    std::int64_t value = sqlite3_step(rows) == SQLITE_ROW ? sqlite3_column_int64(rows, 0) : 0;
    sqlite3_finalize(rows);
    return value;
  }
  [[nodiscard]] Status prepare() {
    const std::array<std::string, query_count> texts{
        "INSERT INTO objects (revision, storage, namespace, name, deleted, previous, uids, object)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        fmt::format("{} WHERE revision = ?", columns),
        fmt::format("{} WHERE revision > ? ORDER BY revision LIMIT ?", columns),
        fmt::format("{} WHERE revision > ? AND storage = ?3 ORDER BY revision LIMIT ?2", columns),
        "SELECT max(revision), namespace, name, deleted FROM objects WHERE revision <= ? AND storage = ?"
        " GROUP BY namespace, name ORDER BY namespace, name",
        // The states that were replaced or ended before that revision.
        "DELETE FROM objects WHERE revision < ?1 AND (deleted = 1 OR revision IN (SELECT previous FROM "
        "objects WHERE"
        " revision <= ?1))",
        "UPDATE compaction SET revision = ?",
        "UPDATE settlement SET revision = ?",
    };
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (sqlite3_prepare_v3(handle, texts[i].c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statements[i],
                             nullptr) != SQLITE_OK) {
        return failed("prepare");
      }
    }
    return {};
  }
};

ObjectStore::ObjectStore(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
ObjectStore::~ObjectStore() = default;

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(const std::string& path) {
  auto backend = std::make_unique<Backend>();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &backend->handle, flags, nullptr) != SQLITE_OK) {
    return backend->failed(fmt::format("open {}", path));
  }
  CARBON_CHECK(backend->execute(tables));
  CARBON_CHECK(backend->prepare());
  std::unique_ptr<ObjectStore> store(new ObjectStore(std::move(backend)));
  CARBON_CHECK(store->load());
  return store;
}

Status ObjectStore::load() {
  sqlite3_stmt* rows = nullptr;
  const char* sql = "SELECT revision, storage, namespace, name, deleted, uids FROM objects ORDER BY revision";
  if (sqlite3_prepare_v2(backend_->handle, sql, -1, &rows, nullptr) != SQLITE_OK)
    return backend_->failed("read");
  while (sqlite3_step(rows) == SQLITE_ROW) {
    revision_ = sqlite3_column_int64(rows, 0);
    StoreKey key{std::string(view(rows, 1)), std::string(view(rows, 2)), std::string(view(rows, 3))};
    auto found = index_.find(key);
    if (found != index_.end()) forget(key, found->second);
    if (sqlite3_column_int64(rows, 4) != 0) {
      if (found != index_.end()) index_.erase(found);
      continue;
    }
    std::vector<std::string> uids = words(view(rows, 5));
    auto& [kept, row] = *index_.try_emplace(std::move(key)).first;
    row.revision = revision_;
    row.uid = uids.empty() ? std::string() : uids.front();
    index(kept, row, {uids.begin() + (uids.empty() ? 0 : 1), uids.end()});
  }
  sqlite3_finalize(rows);
  compacted_ = CARBON_TRY(backend_->number("SELECT revision FROM compaction"));
  settled_ = CARBON_TRY(backend_->number("SELECT revision FROM settlement"));
  revision_ = std::max(revision_, compacted_);
  return {};
}

void ObjectStore::begin() {
  if (backend_->batch) return;
  backend_->batch = backend_->execute("BEGIN IMMEDIATE").has_value();
}

Status ObjectStore::commit() {
  if (!backend_->batch) return {};
  backend_->batch = false;
  return backend_->execute("COMMIT");
}

std::int64_t ObjectStore::revision_of(const StoreKey& key) const {
  auto found = index_.find(key);
  return found == index_.end() ? 0 : found->second.revision;
}

std::optional<StoredObject> ObjectStore::get(const StoreKey& key) {
  std::int64_t revision = revision_of(key);
  return revision == 0 ? std::nullopt : at(revision);
}

std::optional<StoredObject> ObjectStore::at(std::int64_t revision) {
  sqlite3_stmt* one = backend_->statements[Backend::one];
  sqlite3_reset(one);
  sqlite3_bind_int64(one, 1, revision);
  std::optional<StoredObject> found;
  if (sqlite3_step(one) == SQLITE_ROW) found = row_of(one);
  sqlite3_reset(one);
  return found;
}

Status ObjectStore::append(const StoreKey& key, std::string_view json, std::string_view uids,
                           std::int64_t deleted) {
  sqlite3_stmt* insert = backend_->statements[Backend::insert];
  sqlite3_reset(insert);
  sqlite3_bind_int64(insert, 1, revision_ + 1);
  bind_text(insert, 2, key.storage);
  bind_text(insert, 3, key.namespace_name);
  bind_text(insert, 4, key.name);
  sqlite3_bind_int64(insert, 5, deleted);
  sqlite3_bind_int64(insert, 6, revision_of(key));
  bind_text(insert, 7, uids);
  bind_text(insert, 8, json);
  int done = sqlite3_step(insert);
  sqlite3_reset(insert);
  if (done != SQLITE_DONE) return backend_->failed("write");
  ++revision_;
  return {};
}

Status ObjectStore::put(const StoreKey& key, std::string_view json, std::string_view uid,
                        const std::vector<std::string>& owners) {
  CARBON_CHECK(append(key, json, fmt::format("{} {}", uid, fmt::join(owners, " ")), 0));
  auto& [kept, row] = *index_.try_emplace(key).first;
  row.revision = revision_;
  if (row.uid == uid && row.owners == owners) return {};
  forget(kept, row);
  row.uid = uid;
  index(kept, row, owners);
  return {};
}

Status ObjectStore::remove(const StoreKey& key, std::string_view json) {
  CARBON_CHECK(append(key, json, {}, 1));
  if (auto found = index_.find(key); found != index_.end()) {
    forget(key, found->second);
    index_.erase(found);
  }
  return {};
}

void ObjectStore::index(const StoreKey& key, Row& row, std::vector<std::string> owners) {
  for (const std::string& owner : owners) by_owner_.emplace(owner, key);
  // Both are parts of the index's node, which stays where it is.
  if (!row.uid.empty()) by_uid_[row.uid] = &key;
  row.owners = std::move(owners);
}

void ObjectStore::forget(const StoreKey& key, const Row& row) {
  by_uid_.erase(row.uid);
  for (const std::string& owner : row.owners) {
    auto [first, last] = by_owner_.equal_range(owner);
    auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second == key; });
    if (found != last) by_owner_.erase(found);
  }
}

const StoreKey* ObjectStore::find_uid(std::string_view uid) const {
  auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : found->second;
}

void ObjectStore::visit(std::string_view storage, std::string_view namespace_name, const StoreKey* after,
                        const Visit& visit) const {
  StoreKey first{std::string(storage), std::string(namespace_name), {}};
  auto place = after == nullptr ? index_.lower_bound(first) : index_.upper_bound(*after);
  for (; place != index_.end() && place->first.storage == storage; ++place) {
    if (!namespace_name.empty() && place->first.namespace_name != namespace_name) break;
    if (!visit(place->first, place->second.revision)) break;
  }
}

std::size_t ObjectStore::count(std::string_view storage, std::string_view namespace_name) const {
  std::size_t found = 0;
  visit(storage, namespace_name, nullptr, [&](const StoreKey&, std::int64_t) { return ++found != 0; });
  return found;
}

std::vector<StoredObject> ObjectStore::since(std::int64_t revision, std::string_view storage,
                                             std::size_t limit) {
  sqlite3_stmt* rows = backend_->statements[storage.empty() ? Backend::since_all : Backend::since_storage];
  sqlite3_reset(rows);
  sqlite3_bind_int64(rows, 1, revision);
  sqlite3_bind_int64(rows, 2, static_cast<std::int64_t>(limit));
  if (!storage.empty()) bind_text(rows, 3, storage);
  std::vector<StoredObject> found;
  while (sqlite3_step(rows) == SQLITE_ROW) found.push_back(row_of(rows));
  sqlite3_reset(rows);
  return found;
}

std::vector<StoreKey> ObjectStore::dependents(std::string_view owner_uid) const {
  std::vector<StoreKey> found;
  auto [first, last] = by_owner_.equal_range(owner_uid);
  for (auto place = first; place != last; ++place) found.push_back(place->second);
  return found;
}

std::vector<std::pair<StoreKey, std::int64_t>> ObjectStore::keys_at(std::int64_t revision,
                                                                    std::string_view storage) {
  sqlite3_stmt* rows = backend_->statements[Backend::keys_then];
  sqlite3_reset(rows);
  sqlite3_bind_int64(rows, 1, revision);
  bind_text(rows, 2, storage);
  std::vector<std::pair<StoreKey, std::int64_t>> found;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    if (sqlite3_column_int64(rows, 3) != 0) continue;
    StoreKey key{std::string(storage), std::string(view(rows, 1)), std::string(view(rows, 2))};
    found.emplace_back(std::move(key), sqlite3_column_int64(rows, 0));
  }
  sqlite3_reset(rows);
  return found;
}

Status ObjectStore::set_settled(std::int64_t revision) {
  if (revision == settled_) return {};
  sqlite3_stmt* statement = backend_->statements[Backend::set_settled];
  sqlite3_reset(statement);
  sqlite3_bind_int64(statement, 1, revision);
  int done = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (done != SQLITE_DONE) return backend_->failed("write");
  settled_ = revision;
  return {};
}

Status ObjectStore::compact(std::int64_t revision) {
  revision = std::min(revision, revision_);
  for (Backend::Query query : {Backend::drop_old, Backend::set_compacted}) {
    sqlite3_stmt* statement = backend_->statements[query];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, revision);
    int done = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (done != SQLITE_DONE) return backend_->failed("compact");
  }
  compacted_ = revision;
  return {};
}

}  // namespace carbon::sandbox
