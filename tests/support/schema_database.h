#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/io/network_driver.h"
#include "platform/postgres_schema/migration.h"

namespace carbon::test {

/// A database of a real server, for tests of schemas; made empty, and dropped with this object. What fails
/// throws std::runtime_error with the server's words.
class SchemaDatabase {
 public:
  SchemaDatabase(SqlEndpoint server, std::string name);
  SchemaDatabase(const SchemaDatabase&) = delete;
  SchemaDatabase& operator=(const SchemaDatabase&) = delete;
  ~SchemaDatabase();

  [[nodiscard]] const SqlEndpoint& server() const { return server_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Runs a script as psql does, all or nothing.
  void load(std::string_view script);
  /// Runs statements in one transaction.
  void run(const std::vector<std::string>& statements);
  /// Rows of a query, columns joined by `|`.
  [[nodiscard]] std::vector<std::string> query(const std::string& sql);
  [[nodiscard]] SqlReply reply(SqlRequest request);

  [[nodiscard]] postgres::SchemaCatalog read(std::string_view schema);
  /// Steps as carbon runs them: neighbours inside of transactions in one, the others alone.
  void apply(const std::vector<postgres::MigrationStep>& steps);
  /// The answer of `pg_dump --schema-only --schema=...`, without what differs from run to run.
  [[nodiscard]] std::string dump(const std::string& schema);

 private:
  [[nodiscard]] SqlReply checked(SqlRequest request);
  [[nodiscard]] std::string program(const std::string& command, std::string_view input);

  SqlEndpoint server_;
  std::string name_;
  NetworkDriver io_;
};

/// The version of the tests' server, as `server_version_num`.
[[nodiscard]] int server_version(SchemaDatabase& database);

/// The first difference of two catalogs in words, or nothing.
[[nodiscard]] std::string difference(const postgres::SchemaCatalog& a, const postgres::SchemaCatalog& b);

}  // namespace carbon::test
