#include "platform/connectors/postgres/scratch_load.h"
#include "engine/model/secret_texts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/postgres_schema/catalog_queries.h"
#include "platform/postgres_schema/identifier.h"

namespace carbon {

namespace {

using postgres::quote_identifier;
using postgres::quote_literal;

/// Part of every key: another number forgets what was kept before.
constexpr int format = 1;
constexpr std::size_t most_roles = 100;
constexpr Duration longest_load{120'000'000'000};
constexpr Duration turn_pause{20'000'000};
constexpr int most_pauses = 6'000;  ///< as long as one load may take

/// What loads that were killed left behind; nothing else is ever made on the scratch server.
constexpr std::string_view leftovers = R"sql(
  SELECT 'DROP DATABASE ' || quote_ident(datname) || ' WITH (FORCE)' FROM pg_database WHERE datname ~ '^load_'
  UNION ALL
  SELECT 'DROP ROLE ' || quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user)sql";

constexpr std::string_view run_file = R"sql(DO $$ BEGIN EXECUTE current_setting('carbon.file'); END $$)sql";

SqlRequest request_for(std::string database, SqlRequest::Mode mode, std::vector<std::string> statements) {
  SqlRequest request;
  request.database = std::move(database);
  request.mode = mode;
  for (std::string& text : statements) request.statements.push_back({std::move(text), {}});
  request.timeout = longest_load;
  return request;
}

/// `role "reader" does not exist`: the server's words are in English, since it has the locale C.
std::string missing_role(const SqlReply& reply) {
  constexpr std::string_view before = "role \"";
  constexpr std::string_view after = "\" does not exist";
  std::string_view said = reply.message;
  if (reply.sqlstate != "42704" || !said.starts_with(before) || !said.ends_with(after)) return {};
  return std::string(said.substr(before.size(), said.size() - before.size() - after.size()));
}

/// The scratch server for one load; let go at the end.
class Turn {
 public:
  explicit Turn(ScratchServer& scratch) : scratch_(scratch) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { scratch_.release(); }

  Task<Status> take() {
    for (int pauses = 0; pauses < most_pauses; ++pauses) {
      Result<bool> held = scratch_.try_hold();
      if (!held) co_return fail(held.error());
      if (*held) co_return Status{};
      auto waiting = scratch_.io().sleep(turn_pause);
      co_await waiting;
    }
    co_return fail(Error(DiagnosticCode::sandbox_failed, "the scratch server is in use by another process")
                       .help("end the other plan or apply of this folder"));
  }

 private:
  ScratchServer& scratch_;
};

class Load {
 public:
  Load(ScratchServer& scratch, const SchemaSource& source, SqlEndpoint server)
      : scratch_(scratch), source_(source), server_(std::move(server)) {
    name_ = "load_" + hex_encode(scratch_.io().random(8));
    loader_ = server_;
    loader_.user = name_;
    loader_.password = hex_encode(scratch_.io().random(16));
  }

  Task<Result<postgres::SchemaCatalog>> run(int version) {
    Turn turn(scratch_);
    auto taking = turn.take();
    Status ready = co_await taking;
    if (!ready) co_return fail(ready.error());
    auto clearing = drop_leftovers();
    co_await clearing;
    auto preparing = prepare();
    ready = co_await preparing;
    Result<postgres::SchemaCatalog> catalog = fail(DiagnosticCode::sql_failed, "");
    if (ready) {
      auto loading = load_files();
      ready = co_await loading;
    }
    if (ready) {
      auto reading = ask(server_, postgres::catalog_request(name_, source_.schema, version));
      SqlReply reply = co_await reading;
      catalog = reply.ok ? postgres::read_catalog(reply, source_.schema, version) : fail(refused("", reply));
    } else {
      catalog = fail(ready.error());
    }
    auto cleaning = clean_up();
    co_await cleaning;
    co_return catalog;
  }

 private:
  Task<SqlReply> ask(SqlEndpoint endpoint, SqlRequest request) {
    auto asking = scratch_.io().sql(std::move(endpoint), std::move(request));
    co_return co_await asking;
  }

  /// `during` is what was being done, as `file 2 of sql`.
  [[nodiscard]] Error refused(std::string_view during, const SqlReply& reply) const {
    std::vector<std::string> secrets{server_.password, loader_.password};
    std::string where = during.empty() ? "" : fmt::format("{}: ", during);
    std::string state = reply.sqlstate.empty() ? "" : fmt::format(" (SQLSTATE {})", reply.sqlstate);
    Error error(DiagnosticCode::sql_failed, fmt::format("the scratch server: {}{}{}", where,
                                                        without_secrets(reply.message, secrets), state));
    if (!reply.detail.empty()) error.diagnostic().notes.push_back(without_secrets(reply.detail, secrets));
    return error;
  }

  /// One that cannot be dropped is told by what it is in the way of.
  Task<void> drop_leftovers() {
    auto asking =
        ask(server_, request_for("postgres", SqlRequest::Mode::read_only, {std::string(leftovers)}));
    SqlReply reply = co_await asking;
    if (!reply.ok || reply.results.empty()) co_return;
    std::vector<std::string> drops;
    for (const auto& row : reply.results.front().rows) drops.push_back(row.front().value_or(""));
    auto dropping = drop(std::move(drops));
    co_await dropping;
  }

  Task<void> drop(std::vector<std::string> drops) {
    for (std::string& text : drops) {
      auto dropping = ask(server_, request_for("postgres", SqlRequest::Mode::plain, {std::move(text)}));
      (void)co_await dropping;
    }
  }

  Task<Status> prepare() {
    auto creating = ask(
        server_,
        request_for(
            "postgres", SqlRequest::Mode::plain,
            {fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", quote_identifier(name_)),
             fmt::format("CREATE ROLE {} LOGIN NOSUPERUSER PASSWORD {}", quote_identifier(name_),
                         quote_literal(loader_.password)),
             fmt::format("ALTER ROLE {} SET temp_file_limit = '1GB'", quote_identifier(name_))}));
    SqlReply created = co_await creating;
    if (!created.ok) co_return fail(refused("", created));
    std::string schema = quote_identifier(source_.schema);
    std::vector<std::string> statements{
        fmt::format("REVOKE ALL ON DATABASE {} FROM PUBLIC", quote_identifier(name_)),
        fmt::format("GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {0} TO {0}", quote_identifier(name_)),
        source_.schema == "public"
            ? fmt::format("ALTER SCHEMA public OWNER TO {}", quote_identifier(name_))
            : fmt::format("CREATE SCHEMA {} AUTHORIZATION {}", schema, quote_identifier(name_))};
    for (const auto& [extension, where] : source_.extensions) {
      statements.push_back(fmt::format("CREATE SCHEMA IF NOT EXISTS {}", quote_identifier(where)));
      statements.push_back(
          fmt::format("GRANT USAGE ON SCHEMA {} TO {}", quote_identifier(where), quote_identifier(name_)));
      statements.push_back(fmt::format("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}",
                                       quote_identifier(extension), quote_identifier(where)));
    }
    auto furnishing = ask(server_, request_for(name_, SqlRequest::Mode::transaction, std::move(statements)));
    SqlReply furnished = co_await furnishing;
    if (furnished.ok) co_return Status{};
    Error error = refused("extensions", furnished);
    error.diagnostic().helps.push_back({"install the extension's package on this machine too", std::nullopt});
    co_return fail(std::move(error));
  }

  [[nodiscard]] SqlRequest files_request() const {
    std::string path = quote_identifier(source_.schema);
    for (const auto& [extension, where] : source_.extensions) {
      if (where != source_.schema) path += ", " + quote_identifier(where);
    }
    SqlRequest request =
        request_for(name_, SqlRequest::Mode::transaction, {"SET LOCAL search_path = " + path});
    for (const std::string& file : source_.files) {
      request.statements.push_back({"SELECT pg_catalog.set_config('carbon.file', $1, true)", {file}});
      request.statements.push_back({std::string(run_file), {}});
    }
    return request;
  }

  Task<Status> load_files() {
    while (true) {
      auto loading = ask(loader_, files_request());
      SqlReply reply = co_await loading;
      if (reply.ok) co_return Status{};
      std::string role = missing_role(reply);
      bool makes = !role.empty() && roles_.size() < most_roles &&
                   std::find(roles_.begin(), roles_.end(), role) == roles_.end();
      if (!makes) co_return fail(explain(reply));
      auto making = make_role(role);
      Status made = co_await making;
      if (!made) co_return made;
    }
  }

  [[nodiscard]] Error explain(const SqlReply& reply) const {
    std::size_t file = reply.failed_statement == 0 ? 0 : (reply.failed_statement - 1) / 2 + 1;
    Error error = refused(fmt::format("file {} of `sql`", file), reply);
    if (reply.sqlstate == "42704" && reply.message.find("type") != std::string::npos)
      return std::move(error).help("a type of an extension? Name it: `extensions = { citext = \"public\" }`");
    if (reply.sqlstate == "3F000" || reply.sqlstate == "42P01")
      return std::move(error).help("the files may use only what they make themselves, in their own schema");
    if (reply.sqlstate == "42501")
      return std::move(error).help("the files are loaded by a role without special rights");
    return error;
  }

  /// It may own what the files say that it owns.
  Task<Status> make_role(std::string role) {
    std::string name = quote_identifier(role);
    auto making = ask(server_, request_for(name_, SqlRequest::Mode::transaction,
                                           {fmt::format("CREATE ROLE {}", name),
                                            fmt::format("GRANT {} TO {}", name, quote_identifier(name_)),
                                            fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}",
                                                        quote_identifier(source_.schema), name)}));
    SqlReply made = co_await making;
    if (!made.ok) co_return fail(refused(fmt::format("role {}", name), made));
    roles_.push_back(std::move(role));
    co_return Status{};
  }

  /// What cannot be dropped now the next load drops.
  Task<void> clean_up() {
    std::vector<std::string> drops{
        fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_identifier(name_)),
        fmt::format("DROP ROLE IF EXISTS {}", quote_identifier(name_))};
    for (const std::string& role : roles_) drops.push_back("DROP ROLE IF EXISTS " + quote_identifier(role));
    auto dropping = drop(std::move(drops));
    co_await dropping;
  }

  ScratchServer& scratch_;
  const SchemaSource& source_;
  SqlEndpoint server_;
  SqlEndpoint loader_;
  std::string name_;
  std::vector<std::string> roles_;
};

Value texts(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<Value> all;
  for (const auto& [a, b] : pairs) all.push_back(Value::list({Value::string(a), Value::string(b)}));
  return Value::list(std::move(all));
}

std::string key_of(const SchemaSource& source, int version) {
  std::vector<Value> files;
  for (const std::string& file : source.files) files.push_back(Value::string(file));
  return to_json(Value::list({Value::integer(format), Value::integer(version), Value::string(source.schema),
                              texts(source.extensions), Value::list(std::move(files))}));
}

std::optional<postgres::SchemaCatalog> kept_catalog(ScratchServer& scratch, const std::string& key,
                                                    const std::string& schema, int version) {
  std::optional<std::string> text = scratch.kept(key);
  if (!text) return std::nullopt;
  Result<Value> value = decode_value(*text);
  const Value* tree = value && value->is_fields() ? value->find("tree") : nullptr;
  const Value* depends = tree == nullptr ? nullptr : value->find("dependencies");
  if (depends == nullptr) return std::nullopt;
  Result<postgres::SchemaCatalog> catalog = postgres::from_value(schema, version, *tree, *depends);
  return catalog ? std::optional(std::move(*catalog)) : std::nullopt;
}

}  // namespace

Task<Result<postgres::SchemaCatalog>> load_schema(ScratchServer* scratch, const SchemaSource* source,
                                                  int target_version) {
  Result<SqlEndpoint> server = scratch->start();
  if (!server) co_return fail(server.error());
  SqlRequest asking_version =
      request_for("postgres", SqlRequest::Mode::read_only, {"SHOW server_version_num"});
  auto asking = scratch->io().sql(*server, std::move(asking_version));
  SqlReply reply = co_await asking;
  bool told = reply.ok && !reply.results.empty() && !reply.results.front().rows.empty();
  if (!told) co_return fail(DiagnosticCode::sandbox_failed, "the scratch server: " + reply.message);
  int version = std::atoi(reply.results.front().rows.front().front().value_or("0").c_str());
  if (version / 10000 != target_version / 10000 && !source->any_version) {
    co_return fail(
        Error(DiagnosticCode::sql_failed,
              fmt::format("the server is PostgreSQL {}, and this machine has {} to try the schema in",
                          target_version / 10000, version / 10000))
            .help(fmt::format("install PostgreSQL {} here, or write `any_version = true`: what the two print "
                              "differently will show as differences",
                              target_version / 10000)));
  }
  std::string key = key_of(*source, version);
  if (auto kept = kept_catalog(*scratch, key, source->schema, version)) co_return std::move(*kept);
  Load load(*scratch, *source, *server);
  auto loading = load.run(version);
  Result<postgres::SchemaCatalog> catalog = co_await loading;
  if (catalog) {
    Value tree = Value::record({{Value::string("tree"), postgres::to_value(*catalog)},
                                {Value::string("dependencies"), postgres::dependencies_to_value(*catalog)}});
    scratch->keep(key, encode_value(tree));
  }
  co_return catalog;
}

}  // namespace carbon
