#include "platform/postgres_schema/migration.h"

#include <fmt/core.h>

#include <iterator>

#include "platform/postgres_schema/changes.h"
#include "platform/postgres_schema/object_steps.h"
#include "platform/postgres_schema/schedule.h"
#include "platform/postgres_schema/step_writer.h"
#include "platform/postgres_schema/target.h"

namespace carbon::postgres {

namespace {

/// Both sides with the renames behind them.
struct Sides {
  RenamedCatalog live;
  SchemaCatalog target;
};

Result<Sides> sides(const SchemaCatalog& live, const SchemaCatalog& desired,
                    const MigrationOptions& options) {
  if (live.schema != desired.schema) {
    return fail(Error(DiagnosticCode::server_refused,
                      fmt::format("the schema `{}` cannot become `{}`: the server's texts hold the name",
                                  live.schema, desired.schema))
                    .help("give both the same name"));
  }
  Sides out;
  out.live = CARBON_TRY(rename_objects(live, desired, options.renames));
  out.target = CARBON_TRY(keep_unknown(out.live.catalog, desired, options, out.live.former));
  return out;
}

Status write_steps(const ChangeSet& changes, StepWriter& out) {
  for (const Change& change : changes.all())
    if (change.id().object_class == ObjectClass::enumeration && change.kind == Change::Kind::alter)
      add_labels(change, out);
  for (std::size_t at : CARBON_TRY(drop_order(changes))) write_dropped(at, out);
  std::vector<std::size_t> set_aside = set_aside_order(changes);
  for (std::size_t at : set_aside) set_type_aside(changes.all()[at], out);
  std::vector<std::size_t> order = CARBON_TRY(make_order(changes));
  for (std::size_t at : order) {
    if (changes.all()[at].made()) {
      write_made(at, out);
    } else {
      write_altered(at, out);
    }
  }
  for (const Change& change : changes.all())
    if (change.id().object_class == ObjectClass::table) write_table_indexes(change, out);
  for (const Change& change : changes.all())
    if (change.id().object_class == ObjectClass::sequence) write_persistence(change, out);
  for (std::size_t at : set_aside) drop_type_set_aside(changes.all()[at], out);
  return {};
}

}  // namespace

std::string_view to_string(Risk risk) {
  switch (risk) {
    case Risk::none: return "none";
    case Risk::blocking: return "blocking";
    case Risk::one_way: return "one-way";
    case Risk::lossy: return "lossy";
  }
  return "";
}

Result<SchemaCatalog> target_catalog(const SchemaCatalog& live, const SchemaCatalog& desired,
                                     const MigrationOptions& options) {
  return CARBON_TRY(sides(live, desired, options)).target;
}

Result<std::vector<MigrationStep>> migrate(const SchemaCatalog& live, const SchemaCatalog& desired,
                                           const MigrationOptions& options) {
  Sides both = CARBON_TRY(sides(live, desired, options));
  ChangeSet changes = CARBON_TRY(ChangeSet::between(both.live.catalog, both.target));
  StepWriter writer(changes, live.schema, live.server_version, both.live.former);
  CARBON_CHECK(write_steps(changes, writer));
  std::vector<MigrationStep> steps = std::move(both.live.steps);
  std::vector<MigrationStep> rest = writer.take();
  steps.insert(steps.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  return steps;
}

std::vector<std::string> migration_settings(SettingScope scope) {
  std::string set = scope == SettingScope::transaction ? "SET LOCAL " : "SET ";
  return {set + "search_path = pg_catalog", set + "check_function_bodies = off",
          set + "intervalstyle = postgres"};
}

std::vector<std::string> reset_settings() {
  return {"RESET search_path", "RESET check_function_bodies", "RESET intervalstyle"};
}

}  // namespace carbon::postgres
