#include "platform/connectors/kubernetes/api_error.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/value_json.h"
#include "engine/model/secret_texts.h"
#include "platform/connectors/http/http_client.h"
#include "platform/connectors/kubernetes/json_edit.h"

namespace carbon {

namespace {

constexpr std::size_t longest_quote = 500;

/// The manager's name in `conflict with "kubectl-edit" using apps/v1 at 2026-…`.
std::string quoted_manager(std::string_view message) {
  auto first = message.find('"');
  if (first == std::string_view::npos) return std::string(message);
  auto last = message.find('"', first + 1);
  return std::string(message.substr(first + 1, last == std::string_view::npos ? last : last - first - 1));
}

bool starts_as(const HttpReply& reply, std::string_view type) {
  const std::string* value = reply.header("Content-Type");
  return value != nullptr && value->starts_with(type);
}

DiagnosticCode code_without_reply(const HttpReply& reply) {
  return reply.cause == HttpReply::Cause::tls ? DiagnosticCode::tls_failed : DiagnosticCode::unreachable;
}

DiagnosticCode code_of(const ApiFailure& failure, const HttpReply& reply) {
  if (failure.code == 0) return code_without_reply(reply);
  if (failure.code == 401) return DiagnosticCode::unauthorized;
  if (failure.code == 403) return DiagnosticCode::forbidden;
  if (failure.code == 409) return DiagnosticCode::conflict;
  if (failure.code == 429 || failure.code >= 500) return DiagnosticCode::server_error;
  if (failure.code < 400 || !failure.is_status) return DiagnosticCode::bad_reply;
  return DiagnosticCode::server_refused;
}

/// A server's words as they may be repeated. First without secrets, then cut: half of one is one too.
std::string quoted(std::string_view words, const Subject& subject) {
  return without_secrets(std::string(words), subject.secrets).substr(0, longest_quote);
}

/// Field by field, so that a plan can say which line of the platform file is meant.
void add_causes(const ApiFailure& failure, const Subject& subject, Diagnostic& diagnostic) {
  if (!failure.causes.is_sequence()) return;
  for (const Value& cause : failure.causes.items()) {
    std::string field(text_at(cause, {"field"}));
    if (field.empty()) continue;
    std::string said = quoted(text_at(cause, {subject.secret ? "reason" : "message"}), subject);
    std::string note = fmt::format("field `{}`: {}", field.starts_with('.') ? field.substr(1) : field, said);
    auto& notes = diagnostic.notes;
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
  }
}

/// True for words that the API machinery makes from names. Others, such as an admission webhook's, may quote
/// content.
bool names_alone(const ApiFailure& failure) {
  std::string_view said = failure.message;
  if (!failure.is_status) return false;
  switch (failure.code) {
    case 401: return said == "Unauthorized";
    case 403: return said.find(" is forbidden: User ") != std::string_view::npos;
    case 404: return said.ends_with(" not found");
    case 409:
      return said.starts_with("Operation cannot be fulfilled on ") || said.starts_with("Apply failed with ");
    default: return false;
  }
}

void add_conflict_helps(const std::vector<FieldConflict>& conflicts, Diagnostic& diagnostic) {
  for (const FieldConflict& conflict : conflicts) {
    std::string field = conflict.field.starts_with('.') ? conflict.field.substr(1) : conflict.field;
    diagnostic.helps.push_back({fmt::format("leave `{}` to `{}`: take it out of the resource, or write "
                                            "`ignore {}`; or make `{}` let go of it",
                                            field, conflict.manager, field, conflict.manager),
                                std::nullopt});
  }
}

void add_help(const ApiFailure& failure, const HttpReply& reply, Diagnostic& diagnostic) {
  auto help = [&](std::string text) { diagnostic.helps.push_back({std::move(text), std::nullopt}); };
  if (failure.code == 0) {
    switch (reply.cause) {
      case HttpReply::Cause::dns: return help("check the server's name in the kubeconfig");
      case HttpReply::Cause::refused: return help("is the API server running, and is its port right?");
      case HttpReply::Cause::tls: return help("check `certificate-authority-data` and `tls-server-name`");
      case HttpReply::Cause::timeout: return help("check the network, VPN and proxy (HTTPS_PROXY, NO_PROXY)");
      case HttpReply::Cause::none:
      case HttpReply::Cause::reset:
      case HttpReply::Cause::other: return;
    }
  }
  if (failure.code == 401) return help("renew the token or client certificate of the kubeconfig's user");
  if (failure.code == 403)
    return help("give this user a Role with the verb and resource that the server names");
  if (failure.kind_absent())
    return help(
        "the cluster does not serve this kind: install what defines it, or declare its definition, as "
        "`velero.Definitions` does for Velero's");
}

}  // namespace

bool ApiFailure::object_absent(const ObjectName& wanted) const {
  if (code != 404 || !is_status || reason != "NotFound" || name.empty()) return false;
  return kind == "namespaces" && !wanted.name_space.empty() ? name == wanted.name_space : name == wanted.name;
}

bool ApiFailure::kind_absent() const {
  if (code != 404) return false;
  if (is_status) return reason == "NotFound" && name.empty();
  return message.starts_with("404 page not found");
}

bool ApiFailure::has_cause(std::string_view wanted, std::string_view field) const {
  if (!causes.is_sequence()) return false;
  return std::any_of(causes.items().begin(), causes.items().end(), [&](const Value& cause) {
    return text_at(cause, {"reason"}) == wanted && (field.empty() || text_at(cause, {"field"}) == field);
  });
}

std::vector<FieldConflict> ApiFailure::conflicts() const {
  std::vector<FieldConflict> found;
  if (code != 409 || !causes.is_sequence()) return found;
  for (const Value& cause : causes.items()) {
    if (text_at(cause, {"reason"}) != "FieldManagerConflict") continue;
    std::string_view text = text_at(cause, {"message"});
    bool subresource = text.find(" with subresource ") != std::string_view::npos;
    bool update = text.find(" using ") != std::string_view::npos;
    std::string manager = quoted_manager(text);
    bool by_hand = !subresource || manager == "kubectl" || manager.starts_with("kubectl-");
    found.push_back({std::string(text_at(cause, {"field"})), std::move(manager), update && by_hand});
  }
  return found;
}

ApiFailure read_failure(const HttpReply& reply) {
  ApiFailure failure;
  failure.code = reply.status;
  if (reply.status == 0) {
    failure.message = reply.failure;
    return failure;
  }
  failure.message = starts_as(reply, "text/plain") ? reply.body : fmt::format("status {}", reply.status);
  if (!starts_as(reply, "application/json")) return failure;
  Result<Value> body = parse_json(reply.body);
  if (!body || text_at(*body, {"kind"}) != "Status" || text_at(*body, {"status"}) == "Success")
    return failure;
  // A Status about another outcome than that of this very request says nothing.
  const Value* code = body->find("code");
  bool other = code != nullptr && code->kind() == ValueKind::integer && code->as_int() != reply.status;
  if (other) return failure;
  failure.is_status = true;
  failure.reason = text_at(*body, {"reason"});
  failure.message = text_at(*body, {"message"});
  failure.kind = text_at(*body, {"details", "kind"});
  failure.name = text_at(*body, {"details", "name"});
  if (const Value* causes = find_field(*body, {"details", "causes"})) failure.causes = *causes;
  return failure;
}

Result<Value> json_body(const HttpReply& reply) {
  const std::string* type = reply.header("Content-Type");
  if (type != nullptr && !type->starts_with("application/json"))
    return fail(DiagnosticCode::bad_reply, fmt::format("`{}` came instead of JSON", type->substr(0, 80)));
  return parse_json(reply.body);
}

Error failure_error(const ApiFailure& failure, const HttpReply& reply, const Subject& subject) {
  std::vector<FieldConflict> conflicts = failure.conflicts();
  std::string message;
  if (!conflicts.empty()) {
    const FieldConflict& first = conflicts.front();
    message =
        fmt::format("`{}` of {} belongs to `{}`", first.field.substr(first.field.starts_with('.') ? 1 : 0),
                    subject.text, first.manager);
    if (conflicts.size() > 1) message += fmt::format(", and {} more fields", conflicts.size() - 1);
  } else if (failure.code == 0) {
    std::string_view what = reply.cause == HttpReply::Cause::tls ? "is not trusted" : "does not answer";
    message = fmt::format("{} {}: {}", subject.endpoint, what, failure.message);
  } else {
    // The server may quote a value that it did not like, and here that value is a secret.
    bool quiet = subject.secret && !names_alone(failure);
    message = fmt::format(
        "{}: {}", subject.text,
        quiet ? fmt::format("status {} {}", failure.code, failure.reason) : quoted(failure.message, subject));
  }
  Error error(code_of(failure, reply), std::move(message));
  add_causes(failure, subject, error.diagnostic());
  add_conflict_helps(conflicts, error.diagnostic());
  add_help(failure, reply, error.diagnostic());
  if (failure.has_cause("NamespaceTerminating", ""))
    error.diagnostic().helps.assign(
        1, {"wait until the namespace is gone, then run carbon again", std::nullopt});
  return error;
}

namespace {

WriteOutcome::Kind kind_of(const ApiFailure& failure, const HttpReply& reply) {
  using Kind = WriteOutcome::Kind;
  switch (failure.code) {
    case 0:
      if (reply.sent) return Kind::unknown;
      // Nothing was sent: trying again is safe, but a bad certificate or address stays bad.
      return reply.cause == HttpReply::Cause::tls || reply.cause == HttpReply::Cause::other
                 ? Kind::refused
                 : Kind::not_admitted;
    case 409: return Kind::conflict;
    case 429:
    case 503: return Kind::not_admitted;
    case 404:
      // A kind whose definition is seconds old is not served by every API server yet.
      return failure.kind_absent() ? Kind::not_admitted : Kind::refused;
    case 422:
      // An apply with the uid of an object that was replaced meanwhile (tests/real/recorded/404).
      return failure.has_cause("FieldValueInvalid", "metadata.uid") ? Kind::conflict : Kind::refused;
    case 500:
      // A body that does not fit the schema: no effect, and none when repeated (tests/real/recorded/136).
      return failure.message.starts_with("failed to create typed patch object") ? Kind::refused
                                                                                : Kind::unknown;
    // What is neither success nor failure (a redirect, half a reply) may have had an effect.
    default: return failure.code < 400 || failure.code > 500 ? Kind::unknown : Kind::refused;
  }
}

}  // namespace

WriteOutcome failed_write(const HttpReply& reply, const Subject& subject) {
  ApiFailure failure = read_failure(reply);
  WriteOutcome outcome;
  outcome.kind = kind_of(failure, reply);
  outcome.error = failure_error(failure, reply, subject);
  outcome.retry_after = retry_after(reply);
  return outcome;
}

}  // namespace carbon
