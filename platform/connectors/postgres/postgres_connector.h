#pragma once

#include <string>
#include <vector>

#include "engine/expr/function.h"
#include "engine/ports/connector.h"
#include "platform/connectors/postgres/schema_objects.h"
#include "platform/connectors/sql/sql_connector.h"

namespace carbon {

/// The way to the objects of one PostgreSQL server: whole schemas by SchemaObjects, all else by what the
/// types' own operations say.
class PostgresConnector final : public Connector {
 public:
  PostgresConnector(Io& io, const SqlEndpoint& endpoint, const std::string& database,
                    const FunctionTable& functions, ScratchServer* scratch)
      : objects_(io, endpoint, database, functions), schemas_(io, endpoint, database, scratch) {}

  Task<Result<TargetIdentity>> identify() override { return objects_.identify(); }
  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override;
  Task<Result<Derived>> derive(DeriveRequest request) override { return schemas_.derive(std::move(request)); }
  Task<Result<std::vector<WriteStep>>> steps(WriteRequest request) override {
    return schemas_.steps(std::move(request));
  }
  Task<std::optional<Result<Value>>> preview(WriteRequest request) override {
    return objects_.preview(std::move(request));
  }
  Task<WriteOutcome> create(WriteRequest request) override;
  Task<WriteOutcome> update(WriteRequest request) override;
  Task<WriteOutcome> remove(WriteRequest request) override;
  Task<Result<Readiness>> readiness(ObjectKey key) override;

 private:
  [[nodiscard]] Task<void> read_into(ObjectKey key, LiveObject* into);

  SqlConnector objects_;
  SchemaObjects schemas_;
};

}  // namespace carbon
