#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace carbon {

/// A prepared statement. Bind in order, then step; `reset` makes it ready for the next use.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  /// True while there is a row. Errors: as Database::open.
  [[nodiscard]] Result<bool> step();
  void reset();
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::string_view view(int column) const;  ///< valid until the next step
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// One SQLite file, opened for this process alone to write. The only place that includes sqlite3.h in the
/// store.
class Database {
 public:
  /// Creates the file (0600) and its folder (0700) if need be. Errors, with SQLite's words: C0905 while
  /// another process writes, C0906 for a file that is damaged or no database, C0908 for everything else.
  static Result<Database> open(const std::string& path);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  [[nodiscard]] Status execute(const char* sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  [[nodiscard]] tl::unexpected<Error> failed(std::string_view doing) const;

  sqlite3* handle_ = nullptr;
  std::string path_;
};

/// BEGIN IMMEDIATE until commit; rolls back when it goes out of scope without one.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace carbon
