#include "platform/connectors/postgres/schema_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "platform/connectors/postgres/schema_source.h"
#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/step_writer.h"

namespace carbon {

namespace {

using postgres::MigrationStep;
using postgres::Risk;

const postgres::SchemaObject* object_at(const postgres::SchemaCatalog& catalog, const std::string& path) {
  auto found = std::find_if(
      catalog.objects.begin(), catalog.objects.end(),
      [&](const postgres::SchemaObject& object) { return postgres::path_of(object.id).text() == path; });
  return found == catalog.objects.end() ? nullptr : &*found;
}

StepRisk risk_of(Risk risk) {
  switch (risk) {
    case Risk::none: return StepRisk::none;
    case Risk::blocking: return StepRisk::blocking;
    case Risk::one_way: return StepRisk::one_way;
    case Risk::lossy: return StepRisk::lossy;
  }
  return StepRisk::lossy;
}

void add(SqlRequest& request, std::vector<std::string> statements) {
  for (std::string& text : statements) request.statements.push_back({std::move(text), {}});
}

/// Hours, not a minute: a table may be large. Locks are waited for ten seconds at most.
constexpr Duration longest_statement{4LL * 3600 * 1'000'000'000};

}  // namespace

NamedRenames applicable_renames(const NamedRenames& renames, const postgres::SchemaCatalog& live,
                                const postgres::SchemaCatalog& wanted) {
  NamedRenames applicable;
  for (const auto& [path, to] : renames) {
    if (object_at(live, path) != nullptr && object_at(wanted, path) == nullptr)
      applicable.emplace_back(path, to);
  }
  return applicable;
}

Result<std::vector<postgres::Rename>> renames_of(const NamedRenames& renames,
                                                 const postgres::SchemaCatalog& live) {
  std::vector<postgres::Rename> all;
  for (const auto& [path, to] : renames) {
    const postgres::SchemaObject* object = object_at(live, path);
    if (object == nullptr) return fail(DiagnosticCode::sql_failed, fmt::format("nothing is at `{}`", path));
    all.push_back({object->id, to});
  }
  return all;
}

namespace {

Value renamed(const Value& tree, std::span<const FieldStep> path, const std::string& to) {
  if (!tree.is_fields() || path.empty()) return tree;
  const FieldStep& step = path.front();
  const std::string& name =
      step.kind == FieldStep::Kind::key && !step.key.empty() ? step.key.front() : step.name;
  std::vector<Entry> entries(tree.entries().begin(), tree.entries().end());
  for (Entry& entry : entries) {
    if (entry.key.text() != name) continue;
    if (path.size() == 1) {
      entry.key = Value::string(to);
    } else {
      entry.value = renamed(entry.value, path.subspan(1), to);
    }
  }
  return Value::map(std::move(entries));
}

void collect_removals(const Value& tree, FieldPath& at, std::vector<FieldPath>& out) {
  if (tree.is_null()) return out.push_back(at);
  if (!tree.is_fields()) return;
  for (const Entry& entry : tree.entries()) {
    at.steps.push_back(FieldStep::field(std::string(entry.key.text())));
    collect_removals(entry.value, at, out);
    at.steps.pop_back();
  }
}

}  // namespace

Value renamed_tree(Value tree, const NamedRenames& renames) {
  // What is within something renamed is named by the names of before: inner ones go first.
  for (auto each = renames.rbegin(); each != renames.rend(); ++each) {
    if (Result<FieldPath> path = FieldPath::parse(each->first))
      tree = renamed(tree, path->steps, each->second);
  }
  return tree;
}

std::vector<FieldPath> removals_in(const Value& tree) {
  std::vector<FieldPath> out;
  FieldPath at;
  collect_removals(tree, at, out);
  return out;
}

std::vector<FieldPath> below_objects(const std::vector<FieldPath>& paths) {
  std::vector<FieldPath> below;
  for (const FieldPath& path : paths) {
    if (path.steps.size() < 2 || path.steps.front().name != "objects") continue;
    below.push_back(FieldPath{{path.steps.begin() + 1, path.steps.end()}});
  }
  return below;
}

Value how_value(const postgres::SchemaCatalog& wanted, const NamedRenames& renames,
                const std::vector<FieldPath>& dropped, std::string_view role) {
  std::vector<Value> going;
  for (const FieldPath& path : dropped) going.push_back(Value::string(path.text()));
  std::vector<Entry> renaming;
  for (const auto& [path, to] : renames) renaming.push_back({Value::string(path), Value::string(to)});
  return Value::map({{Value::string("dependencies"), postgres::dependencies_to_value(wanted)},
                     {Value::string("dropped"), Value::list(std::move(going))},
                     {Value::string("renames"), Value::map(std::move(renaming))},
                     {Value::string("role"), Value::string(std::string(role))},
                     {Value::string("version"), Value::integer(wanted.server_version)}});
}

WriteStep write_step(const MigrationStep& step) {
  WriteStep made;
  made.text = step.sql;
  made.summary = step.summary;
  made.path.steps.push_back(FieldStep::field("objects"));
  made.path.steps.insert(made.path.steps.end(), step.path.steps.begin(), step.path.steps.end());
  made.risk = risk_of(step.risk);
  return made;
}

std::string count_text(postgres::Counted counted, std::string_view number) {
  std::string_view rows = number == "1" ? "row" : "rows";
  switch (counted) {
    case postgres::Counted::nothing: return {};
    case postgres::Counted::lost: return fmt::format("{} {} lost", number, rows);
    case postgres::Counted::rewritten: return fmt::format("{} {} rewritten", number, rows);
    case postgres::Counted::violating: return fmt::format("{} {} in the way", number, rows);
  }
  return {};
}

Status as_reviewed(const WriteRequest& request, const std::vector<MigrationStep>& steps) {
  std::set<std::string_view> reviewed;
  if (request.steps) reviewed.insert(request.steps->begin(), request.steps->end());
  for (const MigrationStep& step : steps) {
    // What an interrupted build of carbon's own left behind is always in the way, and never anybody's.
    bool leftover =
        !step.path.steps.empty() && step.path.steps.back().name.starts_with(postgres::temporary_prefix);
    if (request.steps && !leftover && !reviewed.contains(step.sql)) {
      return fail(Error(DiagnosticCode::stale_plan, fmt::format("the plan does not say `{}`", step.summary))
                      .note("the schema is not as it was when the plan was made")
                      .help("make the plan again and review what it says now"));
    }
    if (!request.steps && step.risk >= Risk::one_way) {
      return fail(Error(DiagnosticCode::data_bearing_delete,
                        fmt::format("`{}` loses data, and no plan showed it", step.summary))
                      .help("run `carbon plan` again, now that the server is there"));
    }
  }
  return {};
}

std::vector<SqlRequest> schema_requests(const std::vector<MigrationStep>& steps, const std::string& role,
                                        const std::string& database, const std::string& token) {
  std::vector<SqlRequest> requests;
  for (const MigrationStep& step : steps) {
    auto mode = step.outside_transaction ? SqlRequest::Mode::plain : SqlRequest::Mode::transaction;
    bool alone = step.outside_transaction;
    auto scope = alone ? postgres::SettingScope::session : postgres::SettingScope::transaction;
    if (requests.empty() || alone || requests.back().mode != mode) {
      SqlRequest& request = requests.emplace_back();
      request.database = database;
      request.mode = mode;
      request.timeout = longest_statement;
      add(request, postgres::migration_settings(scope));
      if (!role.empty())
        add(request, {fmt::format("SET {}ROLE {}", alone ? "" : "LOCAL ", postgres::quote_identifier(role))});
    }
    add(requests.back(), {fmt::format("/* carbon {} */ {}", token, step.sql)});
    if (!alone) continue;
    if (!role.empty()) add(requests.back(), {"RESET ROLE"});
    add(requests.back(), postgres::reset_settings());
  }
  return requests;
}

Task<void> name_blockers(Io* io, const SqlEndpoint* endpoint, const WriteRequest* request, Error* error) {
  SqlRequest asking;
  asking.database = text_at(request->key.identity, "database");
  asking.statements = {
      {"SELECT DISTINCT a.pid::text, coalesce(a.usename::text, ''), a.application_name, "
       "coalesce(date_trunc('second', now() - a.xact_start)::text, '') "
       "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation "
       "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
       "JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
       "WHERE l.granted AND n.nspname = $1 AND a.pid <> pg_catalog.pg_backend_pid() "
       "ORDER BY 1 LIMIT 5",
       {text_at(request->key.identity, "name")}}};
  auto sent = io->sql(*endpoint, std::move(asking));
  SqlReply reply = co_await sent;
  if (!reply.ok || reply.results.empty()) co_return;
  for (const auto& row : reply.results.front().rows) {
    error->diagnostic().notes.push_back(fmt::format("session {} of {} ({}) holds locks in the schema, for {}",
                                                    row[0].value_or(""), row[1].value_or(""),
                                                    row[2].value_or(""), row[3].value_or("")));
  }
}

}  // namespace carbon
