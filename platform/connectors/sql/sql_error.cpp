#include "platform/connectors/sql/sql_error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/model/secret_texts.h"

namespace carbon {

namespace {

using Kind = WriteOutcome::Kind;

struct Rule {
  std::string_view sqlstate;
  Kind kind;
  DiagnosticCode code;
  std::string_view help;
};

/// What is not here is refused, C0709.
constexpr std::array<Rule, 20> rules{{
    {"28P01", Kind::refused, DiagnosticCode::unauthorized, "check `user` and `password` of the provider"},
    {"28000", Kind::refused, DiagnosticCode::unauthorized,
     "check `user` and `sslmode` of the provider, and pg_hba.conf"},
    {"42501", Kind::refused, DiagnosticCode::forbidden, "let the provider's user do it, or use another one"},
    {"25006", Kind::refused, DiagnosticCode::sql_failed,
     "the server is a standby, or takes no writes from this user: use the primary's address"},
    {"3D000", Kind::refused, DiagnosticCode::sql_failed, "check `database`, or make that database first"},
    {"53100", Kind::refused, DiagnosticCode::sql_failed,
     "make room on the server's disk; what it had begun is undone"},
    {"2BP01", Kind::refused, DiagnosticCode::sql_failed,
     "objects depend on it: remove or reassign them first"},
    {"42P04", Kind::conflict, DiagnosticCode::conflict, ""},
    {"42710", Kind::conflict, DiagnosticCode::conflict, ""},
    {"42P06", Kind::conflict, DiagnosticCode::conflict, ""},
    {"42P07", Kind::conflict, DiagnosticCode::conflict, ""},
    {"55P03", Kind::not_admitted, DiagnosticCode::sql_failed, "somebody holds a lock on it"},
    {"55006", Kind::not_admitted, DiagnosticCode::sql_failed, "somebody is connected to it"},
    {"40P01", Kind::not_admitted, DiagnosticCode::sql_failed, ""},
    {"40001", Kind::not_admitted, DiagnosticCode::sql_failed, ""},
    {"57P01", Kind::not_admitted, DiagnosticCode::unreachable, ""},
    {"57P02", Kind::not_admitted, DiagnosticCode::unreachable, ""},
    {"57P03", Kind::not_admitted, DiagnosticCode::unreachable, "the server is starting or stopping"},
    {"53300", Kind::not_admitted, DiagnosticCode::unreachable, "all connections of the server are taken"},
    // "tuple concurrently updated": two GRANTs at once. Nothing was written.
    {"XX000", Kind::refused, DiagnosticCode::sql_failed, ""},
}};

const Rule* rule_of(const SqlReply& reply) {
  auto found = std::find_if(rules.begin(), rules.end(),
                            [&](const Rule& rule) { return rule.sqlstate == reply.sqlstate; });
  return found == rules.end() ? nullptr : &*found;
}

/// libpq writes hints on lines of their own.
std::string one_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
    std::size_t end = text.find_first_not_of(" \t\n", at);
    text.replace(at, (end == std::string::npos ? text.size() : end) - at, "; ");
  }
  return text;
}

Kind kind_of(const SqlReply& reply) {
  if (reply.committed_unknown) return Kind::unknown;
  // Without a code the connection failed, or broke before COMMIT: nothing has happened.
  if (reply.sqlstate.empty()) return Kind::not_admitted;
  bool collided = reply.sqlstate == "XX000" && reply.message.find("concurrently") != std::string::npos;
  if (collided) return Kind::not_admitted;
  const Rule* rule = rule_of(reply);
  return rule == nullptr ? Kind::refused : rule->kind;
}

}  // namespace

Error sql_error(const SqlReply& reply, const SqlSubject& subject) {
  const Rule* rule = rule_of(reply);
  std::string said = one_line(without_secrets(reply.message, subject.secrets));
  if (reply.sqlstate.empty()) {
    auto code = reply.committed_unknown ? DiagnosticCode::outcome_unknown : DiagnosticCode::unreachable;
    std::string about = subject.text == subject.endpoint ? "" : subject.text + ": ";
    return Error(code, fmt::format("{}{} does not answer: {}", about, subject.endpoint, said))
        .help("check the host, the port and that PostgreSQL runs");
  }
  Error error(rule == nullptr ? DiagnosticCode::sql_failed : rule->code,
              fmt::format("{}: {} (SQLSTATE {})", subject.text, said, reply.sqlstate));
  if (!reply.detail.empty())
    error.diagnostic().notes.push_back(without_secrets(reply.detail, subject.secrets));
  if (rule != nullptr && !rule->help.empty())
    error.diagnostic().helps.push_back({std::string(rule->help), std::nullopt});
  return error;
}

WriteOutcome failed_sql_write(const SqlReply& reply, const SqlSubject& subject) {
  WriteOutcome outcome;
  outcome.kind = kind_of(reply);
  outcome.error = sql_error(reply, subject);
  return outcome;
}

}  // namespace carbon
