#include "tests/support/schema_database.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/task.h"
#include "base/value_json.h"
#include "platform/postgres_schema/catalog_queries.h"
#include "platform/postgres_schema/identifier.h"

namespace carbon::test {

namespace {

using postgres::quote_identifier;
using postgres::SchemaCatalog;

Task<void> ask(Io& io, SqlEndpoint server, SqlRequest request, SqlReply* out) {
  SqlReply reply = co_await io.sql(server, request);
  *out = std::move(reply);
}

std::string words(const SqlRequest& request, const SqlReply& reply) {
  std::string text = fmt::format("{} {} {}", reply.sqlstate, reply.message, reply.detail);
  if (reply.failed_statement < request.statements.size())
    text += "\n  in: " + request.statements[reply.failed_statement].text;
  return text;
}

SqlRequest request_of(const std::string& database, SqlRequest::Mode mode,
                      const std::vector<std::string>& statements) {
  SqlRequest request;
  request.database = database;
  request.mode = mode;
  for (const std::string& text : statements) request.statements.push_back({text, {}});
  return request;
}

}  // namespace

SchemaDatabase::SchemaDatabase(SqlEndpoint server, std::string name)
    : server_(std::move(server)), name_(std::move(name)) {
  using Mode = SqlRequest::Mode;
  std::string quoted = quote_identifier(name_);
  static_cast<void>(
      checked(request_of("postgres", Mode::plain, {"DROP DATABASE IF EXISTS " + quoted + " (FORCE)"})));
  static_cast<void>(checked(request_of("postgres", Mode::plain, {"CREATE DATABASE " + quoted})));
}

SchemaDatabase::~SchemaDatabase() {
  std::string drop = "DROP DATABASE IF EXISTS " + quote_identifier(name_) + " (FORCE)";
  static_cast<void>(reply(request_of("postgres", SqlRequest::Mode::plain, {drop})));
}

SqlReply SchemaDatabase::reply(SqlRequest request) {
  SqlReply reply;
  Task<void> task = ask(io_, server_, std::move(request), &reply);
  io_.run(task);
  return reply;
}

SqlReply SchemaDatabase::checked(SqlRequest request) {
  SqlReply answer = reply(request);
  if (!answer.ok) throw std::runtime_error(words(request, answer));
  return answer;
}

void SchemaDatabase::run(const std::vector<std::string>& statements) {
  static_cast<void>(checked(request_of(name_, SqlRequest::Mode::transaction, statements)));
}

std::vector<std::string> SchemaDatabase::query(const std::string& sql) {
  SqlReply answer = checked(request_of(name_, SqlRequest::Mode::transaction, {sql}));
  std::vector<std::string> rows;
  for (const auto& row : answer.results.at(0).rows) {
    std::string text;
    for (const auto& cell : row) text += (text.empty() ? "" : "|") + cell.value_or("");
    rows.push_back(std::move(text));
  }
  return rows;
}

SchemaCatalog SchemaDatabase::read(std::string_view schema) {
  int version = server_version(*this);
  SqlReply answer = checked(postgres::catalog_request(name_, schema, version));
  Result<SchemaCatalog> catalog = postgres::read_catalog(answer, schema, version);
  if (!catalog) throw std::runtime_error(catalog.error().message());
  return *std::move(catalog);
}

void SchemaDatabase::apply(const std::vector<postgres::MigrationStep>& steps) {
  std::vector<std::string> transaction;
  auto flush = [&] {
    if (transaction.empty()) return;
    std::vector<std::string> all = postgres::migration_settings(postgres::SettingScope::transaction);
    all.insert(all.end(), transaction.begin(), transaction.end());
    run(all);
    transaction.clear();
  };
  for (const postgres::MigrationStep& step : steps) {
    if (!step.outside_transaction) {
      transaction.push_back(step.sql);
      continue;
    }
    flush();
    std::vector<std::string> all = postgres::migration_settings(postgres::SettingScope::session);
    all.push_back(step.sql);
    for (const std::string& each : postgres::reset_settings()) all.push_back(each);
    static_cast<void>(checked(request_of(name_, SqlRequest::Mode::plain, all)));
  }
  flush();
}

std::string SchemaDatabase::program(const std::string& command, std::string_view input) {
  std::string file = (std::filesystem::temp_directory_path() / "carbon-sql-XXXXXX").string();
  int descriptor = mkstemp(file.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file");
  std::FILE* in = fdopen(descriptor, "w");
  std::fwrite(input.data(), 1, input.size(), in);
  std::fclose(in);
  setenv("PGPASSWORD", server_.password.c_str(), 1);
  std::string line = fmt::format("{} -h {} -p {} -U {} -d {} <{} 2>&1", command, server_.host, server_.port,
                                 server_.user, name_, file);
  std::FILE* pipe = popen(line.c_str(), "r");
  std::string output;
  char buffer[4096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, got);
  int status = pclose(pipe);
  std::filesystem::remove(file);
  if (status != 0) throw std::runtime_error(output);
  return output;
}

void SchemaDatabase::load(std::string_view script) {
  static_cast<void>(program("psql -X -q -1 -v ON_ERROR_STOP=1", script));
}

std::string SchemaDatabase::dump(const std::string& schema) {
  std::string text = program(fmt::format("pg_dump --schema-only --no-owner --schema='{}'", schema), "");
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    bool changes = line.rfind("\\restrict", 0) == 0 || line.rfind("\\unrestrict", 0) == 0;
    if (!changes) out += line + "\n";
    at = end + 1;
  }
  return out;
}

int server_version(SchemaDatabase& database) {
  return std::stoi(database.query("SHOW server_version_num").at(0));
}

std::string difference(const SchemaCatalog& a, const SchemaCatalog& b) {
  for (const auto& object : a.objects) {
    const postgres::SchemaObject* other = b.find(object.id);
    if (other == nullptr) return "only the first has " + describe(object.id);
    if (!(other->properties == object.properties))
      return fmt::format("{}:\n  {}\n  {}", describe(object.id), to_json(object.properties),
                         to_json(other->properties));
  }
  for (const auto& object : b.objects)
    if (a.find(object.id) == nullptr) return "only the second has " + describe(object.id);
  return "";
}

}  // namespace carbon::test
