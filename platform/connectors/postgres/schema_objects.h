#pragma once

#include <map>
#include <string>

#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/postgres/schema_source.h"
#include "platform/connectors/postgres/scratch_server.h"
#include "platform/connectors/sql/sql_error.h"
#include "platform/postgres_schema/migration.h"

namespace carbon {

/// The objects of `postgres.Schema`: whole schemas, each read with a few queries, compared as a tree, and
/// changed by statements that are worked out from what is there at that moment. How: docs/systems/
/// postgres-schema.md. Used by PostgresConnector; same lifetime and thread.
class SchemaObjects {
 public:
  /// `scratch` may be null where nothing can be derived.
  SchemaObjects(Io& io, SqlEndpoint endpoint, std::string database, ScratchServer* scratch)
      : io_(io), endpoint_(std::move(endpoint)), database_(std::move(database)), scratch_(scratch) {}

  Task<LiveObject> read(ObjectKey key);
  Task<Result<Derived>> derive(DeriveRequest request);
  Task<Result<std::vector<WriteStep>>> steps(WriteRequest request);
  Task<WriteOutcome> write(WriteRequest request);
  Task<WriteOutcome> remove(WriteRequest request);

 private:
  /// What one write comes to, against what was there when it was worked out.
  struct Migration {
    std::vector<postgres::MigrationStep> steps;
    std::string role;
  };

  Task<Result<int>> version();
  Task<Result<postgres::SchemaCatalog>> catalog(const ObjectKey* key);
  [[nodiscard]] Result<Migration> migration(const WriteRequest& request,
                                            const postgres::SchemaCatalog& live) const;
  Task<Result<Value>> derived_late(const WriteRequest* request);
  Task<SqlReply> send(const WriteRequest* request, const Migration* migration, std::size_t* done);
  /// What was reviewed: the statements, or that the object goes.
  enum class Review : std::uint8_t { statements, no_more };
  /// Works out what is left to do and does it, until nothing is left: also after a lost connection.
  Task<WriteOutcome> run(const WriteRequest* request, Review review);
  [[nodiscard]] SqlSubject subject(const ObjectKey& key) const;

  Io& io_;
  SqlEndpoint endpoint_;
  std::string database_;
  ScratchServer* scratch_;
  int version_ = 0;
  /// What `read` saw last, by database and schema.
  std::map<std::string, postgres::SchemaCatalog> seen_;
};

}  // namespace carbon
