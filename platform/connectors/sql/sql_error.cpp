#include "platform/connectors/sql/sql_error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

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
constexpr std::array<Rule, 18> rules{{
    {"28P01", Kind::refused, DiagnosticCode::unauthorized, "check `user` and `password` of the provider"},
    {"28000", Kind::refused, DiagnosticCode::unauthorized,
     "check `user` and `sslmode` of the provider, and pg_hba.conf"},
    {"42501", Kind::refused, DiagnosticCode::forbidden, "let the provider's user do it, or use another one"},
    {"25006", Kind::refused, DiagnosticCode::sql_failed,
     "the server is a standby: use the primary's address"},
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

std::string without_secrets(std::string text, const SqlSubject& subject) {
  for (const std::string& secret : subject.secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
      text.replace(at, secret.size(), "(secret)");
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

std::vector<std::string> secret_texts(const Value& value, const Type& schema) {
  std::vector<std::string> texts;
  for (const FieldType& field : schema.fields) {
    const Value* found = value.find(field.name);
    bool secret = has(field.flags, FieldFlag::sensitive) || has(field.flags, FieldFlag::write_only) ||
                  (field.type != nullptr &&
                   (field.type->kind == TypeKind::secret || (field.type->kind == TypeKind::optional &&
                                                             field.type->element->kind == TypeKind::secret)));
    if (secret && found != nullptr && found->is_string() && !found->text().empty())
      texts.emplace_back(found->text());
  }
  return texts;
}

Error sql_error(const SqlReply& reply, const SqlSubject& subject) {
  const Rule* rule = rule_of(reply);
  std::string said = without_secrets(reply.message, subject);
  if (reply.sqlstate.empty()) {
    auto code = reply.committed_unknown ? DiagnosticCode::outcome_unknown : DiagnosticCode::unreachable;
    return Error(code, fmt::format("{}: {} does not answer: {}", subject.text, subject.endpoint, said))
        .help("check the host, the port and that PostgreSQL runs");
  }
  Error error(rule == nullptr ? DiagnosticCode::sql_failed : rule->code,
              fmt::format("{}: {} (SQLSTATE {})", subject.text, said, reply.sqlstate));
  if (!reply.detail.empty()) error.diagnostic().notes.push_back(without_secrets(reply.detail, subject));
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
