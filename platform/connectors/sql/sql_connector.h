#pragma once

#include <string>
#include <vector>

#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/sql/sql_error.h"
#include "platform/connectors/sql/sql_operation.h"

namespace carbon {

/// The way to the objects of one database server, by the operations that their types declare (`via sql`).
/// Reads run in READ ONLY transactions, writes in one transaction but for `outside_transaction` steps. SQL
/// objects have neither uid nor version: an update reads the object first and shows it to the operation as
/// `live`, and types that must not run at once say `exclusive by`.
class SqlConnector final : public Connector {
 public:
  /// `database`: where statements run whose type does not say `in`.
  SqlConnector(Io& io, SqlEndpoint endpoint, std::string database, const FunctionTable& functions)
      : io_(io), endpoint_(std::move(endpoint)), database_(std::move(database)), functions_(functions) {}

  Task<Result<TargetIdentity>> identify() override;
  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override;
  Task<std::optional<Result<Value>>> preview(WriteRequest request) override;
  Task<WriteOutcome> create(WriteRequest request) override;
  Task<WriteOutcome> update(WriteRequest request) override;
  Task<WriteOutcome> remove(WriteRequest request) override;
  Task<Result<Readiness>> readiness(ObjectKey key) override;

 private:
  [[nodiscard]] Task<LiveObject> read(ObjectKey key);
  [[nodiscard]] Task<void> read_into(ObjectKey key, LiveObject* into);
  [[nodiscard]] Task<WriteOutcome> write(const WriteRequest* request,
                                         std::vector<const Operation*> operations, Value live);
  [[nodiscard]] Task<WriteOutcome> run_requests(std::vector<SqlRequest> requests, SqlSubject about);
  [[nodiscard]] Result<std::string> database_of(const ResourceType& type, SqlOperationRun& run) const;
  [[nodiscard]] SqlSubject subject(const ObjectKey& key, const Value& desired) const;

  Io& io_;
  SqlEndpoint endpoint_;
  std::string database_;
  const FunctionTable& functions_;
};

}  // namespace carbon
