#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/postgres_schema/changes.h"
#include "platform/postgres_schema/migration.h"

namespace carbon::postgres {

/// Names that the live schema has before the migration, for queries that run then.
struct FormerNames {
  std::map<ObjectId, std::string> names;

  [[nodiscard]] std::string of(const ObjectId& id) const {
    auto found = names.find(id);
    return found == names.end() ? id.name : found->second;
  }
};

/// Collects the steps of one migration. What can wait until the transaction is over, because it needs none,
/// goes to the end.
class StepWriter {
 public:
  StepWriter(const ChangeSet& changes, std::string schema, int server_version, FormerNames former)
      : changes_(changes),
        schema_(std::move(schema)),
        server_version_(server_version),
        former_(std::move(former)) {}

  [[nodiscard]] const ChangeSet& changes() const { return changes_; }
  [[nodiscard]] int server_version() const { return server_version_; }
  [[nodiscard]] const std::string& schema() const { return schema_; }

  /// The reference stays valid until the next step.
  MigrationStep& add(const ObjectId& id, std::string sql, std::string summary);
  MigrationStep& add_last(const ObjectId& id, std::string sql, std::string summary);
  /// Whatever is added now goes to the end, until the guard's end.
  class AtEnd {
   public:
    explicit AtEnd(StepWriter& writer) : writer_(writer) { writer_.at_end_ = true; }
    AtEnd(const AtEnd&) = delete;
    AtEnd& operator=(const AtEnd&) = delete;
    ~AtEnd() { writer_.at_end_ = false; }

   private:
    StepWriter& writer_;
  };
  [[nodiscard]] std::vector<MigrationStep> take();

  /// `"schema"."name"`.
  [[nodiscard]] std::string qualified(std::string_view name) const;
  /// `ALTER TABLE "schema"."table" `.
  [[nodiscard]] std::string alter_table(std::string_view table) const;
  /// The live table for a query before the migration.
  [[nodiscard]] std::string counted_table(const std::string& table) const;
  [[nodiscard]] std::string counted_column(const std::string& table, const std::string& column) const;
  /// Gives a step the query that counts rows of a table.
  void count(MigrationStep& step, Counted counted, const std::string& table, std::string_view where) const;

 private:
  const ChangeSet& changes_;
  std::string schema_;
  int server_version_;
  FormerNames former_;
  std::vector<MigrationStep> steps_;
  std::vector<MigrationStep> last_;
  bool at_end_ = false;
};

/// `TABLE "s"."t"`, `CONSTRAINT "c" ON "s"."t"`: as DROP and COMMENT ON name an object.
[[nodiscard]] std::string reference(const SchemaObject& object, std::string_view schema);

/// A name for something that lives no longer than a migration. Nothing that begins so is ever kept.
inline constexpr std::string_view temporary_prefix = "carbon_tmp_";
[[nodiscard]] std::string temporary_name(std::string_view purpose, const ObjectId& id);
[[nodiscard]] bool is_temporary(const ObjectId& id);

}  // namespace carbon::postgres
