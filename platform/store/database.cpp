#include "platform/store/database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fmt/core.h>
#include <filesystem>

namespace carbon {

namespace {

/// What SQLite says, as the code that tells what to do about it.
tl::unexpected<Error> failure(sqlite3* handle, std::string_view doing, std::string_view path) {
  std::string message = fmt::format("cannot {} {}: {}", doing, path,
                                    handle == nullptr ? "out of memory" : sqlite3_errmsg(handle));
  switch (handle == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(Error(DiagnosticCode::lock_held, std::move(message))
                      .help("end the program that has the file open, then run carbon again"));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return fail(Error(DiagnosticCode::inventory_damaged, std::move(message))
                      .help("put back a copy that is whole, or move the file away; nothing that it names is "
                            "changed or deleted"));
    default:
      return fail(Error(DiagnosticCode::file_failed, std::move(message))
                      .help("check the disk's free space and the file's rights"));
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int index, std::string_view text) {
  // The transient destructor is a cast of -1 in SQLite's header; the 64-bit form takes any length.
  sqlite3_bind_text64(statement_, index, text.data() == nullptr ? "" : text.data(), text.size(),
                      reinterpret_cast<sqlite3_destructor_type>(-1), SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
  return *this;
}

Result<bool> Statement::step() {
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* handle = sqlite3_db_handle(statement_);
  const char* path = sqlite3_db_filename(handle, "main");
  return failure(handle, "use", path == nullptr ? "the database" : path);
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::string_view Statement::view(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::string Statement::text(int column) const { return std::string(view(column)); }

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }

namespace {

/// Makes the folder readable for its owner alone; the database holds names of everything that runs.
Status make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::exists(folder, error)) return {};
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail(DiagnosticCode::file_failed,
                fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  }
  ::chmod(folder.c_str(), 0700);
  return {};
}

}  // namespace

Result<Database> Database::open(const std::string& path) {
  CARBON_CHECK(make_folder(std::filesystem::path(path).parent_path()));
  sqlite3* handle = nullptr;
  mode_t before = ::umask(0077);
  int code = sqlite3_open_v2(path.c_str(), &handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  ::umask(before);
  Database database(handle, path);
  if (code != SQLITE_OK) return database.failed("open");
  sqlite3_busy_timeout(handle, 5000);
  CARBON_CHECK(database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"));
  return database;
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(path_, other.path_);
  return *this;
}

Database::~Database() { sqlite3_close_v2(handle_); }

tl::unexpected<Error> Database::failed(std::string_view doing) const {
  return failure(handle_, doing, path_);
}

Status Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed("use");
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    return failed("use");
  }
  return Statement(statement);
}

Result<Transaction> Transaction::begin(Database& database) {
  CARBON_CHECK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Status Transaction::commit() {
  CARBON_CHECK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

}  // namespace carbon
