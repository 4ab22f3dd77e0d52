#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/ports/io.h"

namespace carbon {

/// The database of PostgreSQL that a shared inventory is kept in.
struct SharedDatabase {
  SqlEndpoint endpoint;
  std::string database;
  /// A way to the network of its own: a store waits for its answers while the loop of a run stands still.
  std::function<std::unique_ptr<Io>()> make_io;

  [[nodiscard]] std::string place() const { return endpoint.name + "/" + database; }
};

/// Asks that database and waits for the answer. For one thread.
class SharedSession {
 public:
  explicit SharedSession(const SharedDatabase& database) : database_(database), io_(database.make_io()) {}

  /// All statements in one transaction; the rows of each. Errors: C0912 with the server's words; C0910 for
  /// statements behind `fence` when the lease is another's.
  [[nodiscard]] Result<std::vector<SqlRows>> ask(SqlRequest::Mode mode, std::vector<SqlStatement> statements,
                                                 Duration timeout = Duration{30'000'000'000});
  [[nodiscard]] const SharedDatabase& database() const { return database_; }
  [[nodiscard]] Io& io() { return *io_; }

 private:
  SharedDatabase database_;
  std::unique_ptr<Io> io_;
};

/// Makes what it stands in fail unless the lease of that epoch is held, and keeps it so until the end of the
/// transaction.
[[nodiscard]] SqlStatement fence(const std::string& store, const std::string& epoch);

}  // namespace carbon
