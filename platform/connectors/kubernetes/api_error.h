#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/kubernetes/api_path.h"

namespace carbon {

/// One field that a server-side apply may not take, from a FieldManagerConflict cause.
struct FieldConflict {
  std::string field;  ///< as the server writes it: `.spec.ports[port=80,protocol="TCP"].targetPort`
  std::string manager;
  /// True when the manager wrote by plain updates (kubectl edit, a script), or is kubectl at a subresource
  /// (kubectl scale). False for another applier, and for a controller that writes through a subresource (an
  /// autoscaler): these would write again.
  bool by_update = false;
};

/// A reply that is no success, read as the API machinery's Status where it is one.
struct ApiFailure {
  int code = 0;  ///< HTTP status; 0 when there was no reply
  std::string reason;
  std::string message;  ///< the server's words, as long as they are: they may quote secrets
  std::string kind;     ///< details.kind: `namespaces` when it is the namespace that is missing
  std::string name;     ///< details.name
  Value causes;         ///< details.causes
  bool is_status = false;

  [[nodiscard]] std::vector<FieldConflict> conflicts() const;
  /// An absent object, or an absent namespace around it, as opposed to a path that the server does not serve
  /// (tests/real/recorded/500 to 502). What the server says of another object is nothing said of this one.
  [[nodiscard]] bool object_absent(const ObjectName& wanted) const;
  /// The server does not serve this kind (now).
  [[nodiscard]] bool kind_absent() const;
  [[nodiscard]] bool has_cause(std::string_view reason, std::string_view field) const;
};

[[nodiscard]] ApiFailure read_failure(const HttpReply& reply);

/// The JSON document of a reply. Errors: C0706 for another content type (a proxy's page) and for what is no
/// JSON.
[[nodiscard]] Result<Value> json_body(const HttpReply& reply);

/// What a message is about: `Deployment data/web`, and whether its content is secret. Then nothing that the
/// server quotes from it is repeated. `secrets` are taken out of whatever is.
struct Subject {
  std::string text;
  std::string endpoint;
  bool secret = false;
  std::vector<std::string> secrets = {};
};

/// The diagnostic for a failure, with a remedy.
[[nodiscard]] Error failure_error(const ApiFailure& failure, const HttpReply& reply, const Subject& subject);

/// What became of a write that was not answered by success (design, "Apply": outcomes).
[[nodiscard]] WriteOutcome failed_write(const HttpReply& reply, const Subject& subject);

}  // namespace carbon
