#pragma once

#include <string>
#include <string_view>

#include "engine/ports/io.h"
#include "platform/connectors/operations/operation_run.h"

namespace carbon {

/// The requests of an HTTP type's operations over one object, and what the last reply was. Pure. Made for one
/// object and one operation.
class HttpOperationRun {
 public:
  HttpOperationRun(const FunctionTable& functions, Value self, Value live, Value provider,
                   Transport transport = Transport::http);

  /// The request of a step: every `${}` of its path one path segment or query value, `send` as JSON; of S3 a
  /// record with one member as XML, and text as it is. `random` is what a body that the step has an encoding
  /// for is encrypted with (encryption_randomness bytes, fresh each time). Errors: those of the expressions,
  /// of to_xml and of encrypted_body, and bad_type_declaration for a segment that would be empty, `.` or
  /// `..`.
  [[nodiscard]] Result<HttpRequest> request(const OperationStep& step, std::string_view random) const;
  /// Where to ask what became of the work that the last reply is about: a path, or what the reply says behind
  /// `base`. Errors: those of `request` and target_behind.
  [[nodiscard]] Result<std::string> poll_target(const OperationPoll& poll, std::string_view base) const;
  /// Makes `body`, `status` and `headers` from a reply, which has an encoding only where it is a success.
  /// Errors: bad_reply for a success that says it is JSON, or of S3 XML, and is not, and those of
  /// decrypted_body.
  [[nodiscard]] Status reply(const HttpReply& reply, BodyEncoding encoding = BodyEncoding::none);
  /// Of an operation with so many steps, each of which `replies` holds the body of, null before its reply.
  void expect(std::size_t steps);
  /// Puts the last reply's body where `replies` has that of the step.
  void remember(std::size_t step);
  /// A condition over a reply that may be no success and hold anything: one that cannot be evaluated on it
  /// does not hold.
  [[nodiscard]] bool says(const Expr* condition) const;

  [[nodiscard]] Transport transport() const { return transport_; }
  [[nodiscard]] OperationRun& run() { return run_; }
  [[nodiscard]] const OperationRun& run() const { return run_; }

 private:
  [[nodiscard]] Result<std::string> target(const Expr& path) const;
  [[nodiscard]] Result<Value> sent(const Expr& body) const;
  [[nodiscard]] Status add_body(const Expr& body, BodyEncoding encoding, HttpRequest& request) const;
  /// What bodies are encrypted with, of the connection.
  [[nodiscard]] std::string_view secret_key() const;

  OperationRun run_;
  Transport transport_;
};

/// A path that another part of the reply gave, as a target behind `base`: it must begin with `/`, or with the
/// base itself. Errors: bad_reply, since it would send credentials somewhere else.
[[nodiscard]] Result<std::string> target_behind(std::string_view base, std::string_view path);

}  // namespace carbon
