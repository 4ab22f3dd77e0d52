#include "platform/connectors/http/http_reply.h"

#include <fmt/core.h>

#include <array>

#include "base/value_json.h"
#include "engine/model/secret_texts.h"
#include "platform/connectors/http/http_client.h"
#include "platform/connectors/s3/xml_body.h"

namespace carbon {

namespace {

using Kind = WriteOutcome::Kind;

constexpr std::size_t longest_quote = 300;

/// What S3 says in an element of its error, or MinIO's admin API in a member of its own; or nothing.
std::string error_part(const HttpReply& reply, std::string_view name) {
  bool xml = looks_like_xml(reply.header("Content-Type"), reply.body);
  Result<Value> body = xml ? parse_xml(reply.body) : parse_json(reply.body);
  const Value* error = body && body->is_fields() ? &*body : nullptr;
  if (error != nullptr && xml) error = error->find("Error");
  const Value* found = error != nullptr && error->is_fields() ? error->find(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->text()) : "";
}

/// `NoSuchBucket: The specified bucket does not exist`; empty where it is no such error.
std::string coded_words(const HttpReply& reply) {
  std::string code = error_part(reply, "Code");
  std::string message = error_part(reply, "Message");
  if (!code.empty() && !message.empty()) return code + ": " + message;
  // In JSON one of the two alone may be anything.
  return looks_like_xml(reply.header("Content-Type"), reply.body) ? code + message : "";
}

/// The server's words, where they usually stand.
std::string words_of(const HttpReply& reply) {
  constexpr std::array<std::string_view, 6> names{"message", "error", "detail", "msg", "title", "errors"};
  const std::string* type = reply.header("Content-Type");
  if (type != nullptr && type->find("html") != std::string::npos) return "";
  if (std::string coded = coded_words(reply); !coded.empty()) return coded;
  Result<Value> body = parse_json(reply.body);
  if (!body) return reply.body;
  for (std::string_view name : names) {
    const Value* found = body->is_fields() ? body->find(name) : nullptr;
    if (found == nullptr || found->is_null()) continue;
    return found->is_string() ? std::string(found->text()) : to_json(*found);
  }
  return reply.body;
}

/// One line, without secrets first and cut then: half of a secret is one too.
std::string quoted(const HttpReply& reply, const HttpSubject& subject) {
  std::string words = without_secrets(words_of(reply), subject.secrets).substr(0, longest_quote);
  for (char& c : words) c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  return words;
}

DiagnosticCode code_of(const HttpReply& reply) {
  switch (reply.status) {
    case 0:
      return reply.cause == HttpReply::Cause::tls ? DiagnosticCode::tls_failed : DiagnosticCode::unreachable;
    case 401: return DiagnosticCode::unauthorized;
    case 403: return DiagnosticCode::forbidden;
    case 409:
    case 412: return DiagnosticCode::conflict;
    case 429: return DiagnosticCode::server_error;
    default: break;
  }
  if (reply.status >= 500) return DiagnosticCode::server_error;
  return reply.status < 400 ? DiagnosticCode::bad_reply : DiagnosticCode::server_refused;
}

/// By the code that S3 has for it: one status says that the keys are wrong and that they have no right.
std::string_view help_of_refusal(std::string_view code) {
  if (code == "SignatureDoesNotMatch" || code == "InvalidAccessKeyId")
    return "check `access_key`, `secret_key` and `region` of the provider";
  if (code == "RequestTimeTooSkewed")
    return "set the clock of this machine: requests are signed with its time";
  return "give the provider's user the right to do it, or use another one";
}

std::string_view help_of(const HttpReply& reply) {
  switch (reply.status) {
    case 0:
      return reply.failure.starts_with("plain http")
                 ? "write an https address, or give the connection a field `plain_http` that is true"
                 : "check the provider's address, and that the server runs";
    case 401: return "renew the credentials of the provider";
    case 403: return help_of_refusal(error_part(reply, "Code"));
    case 404: return "check the address of the provider, and that what the object belongs to exists";
    default: break;
  }
  if (reply.status >= 300 && reply.status < 400)
    return "redirects are not followed: write the address that it leads to";
  return "";
}

Kind kind_of(const HttpReply& reply, HttpWrite write) {
  if (reply.status == 0) {
    if (reply.sent) return Kind::unknown;
    // Nothing was sent: trying again is safe, but a bad certificate or address stays bad.
    bool lasting = reply.cause == HttpReply::Cause::tls || reply.cause == HttpReply::Cause::other;
    return lasting ? Kind::refused : Kind::not_admitted;
  }
  if (reply.status >= 200 && reply.status < 300) return Kind::done;
  switch (reply.status) {
    case 404: return write == HttpWrite::remove ? Kind::done : Kind::refused;
    case 409: return Kind::conflict;
    case 412: return write == HttpWrite::create ? Kind::refused : Kind::conflict;
    case 429:
    case 503: return Kind::not_admitted;
    // The server gave up waiting for a part of the request, or does not know the method.
    case 408: return Kind::unknown;
    case 501: return Kind::refused;
    default: break;
  }
  // A redirect may follow what was done (303 after a POST).
  return reply.status < 400 || reply.status >= 500 ? Kind::unknown : Kind::refused;
}

}  // namespace

Error http_error(const HttpReply& reply, const HttpSubject& subject) {
  std::string message;
  if (reply.status == 0) {
    std::string_view what = reply.cause == HttpReply::Cause::tls ? "is not trusted" : "does not answer";
    message =
        fmt::format("{} {}: {}", subject.endpoint, what, without_secrets(reply.failure, subject.secrets));
  } else {
    std::string words = quoted(reply, subject);
    message = fmt::format("{}: status {}{}{}", subject.text, reply.status, words.empty() ? "" : ": ", words);
  }
  Error error(code_of(reply), std::move(message));
  if (std::string_view help = help_of(reply); !help.empty())
    error.diagnostic().helps.push_back({std::string(help), std::nullopt});
  return error;
}

WriteOutcome outcome_of_write(const HttpReply& reply, const HttpOperationRun& run, const Operation& operation,
                              HttpWrite write, const HttpSubject& subject) {
  WriteOutcome outcome;
  outcome.kind = kind_of(reply, write);
  if (reply.status != 0) {
    // Closest to the vendor's page first.
    if (run.says(operation.done)) {
      outcome.kind = Kind::done;
    } else if (run.says(operation.exists) || run.says(operation.conflict)) {
      outcome.kind = Kind::conflict;
    } else if (run.says(operation.retry)) {
      outcome.kind = Kind::not_admitted;
    }
  }
  if (outcome.kind != Kind::done) outcome.error = http_error(reply, subject);
  outcome.retry_after = retry_after(reply);
  return outcome;
}

}  // namespace carbon
