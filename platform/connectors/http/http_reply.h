#pragma once

#include <string>
#include <vector>

#include "engine/ports/connector.h"
#include "engine/ports/io.h"
#include "platform/connectors/http/http_operation.h"

namespace carbon {

/// What an error is about. `secrets` holds texts that must not appear in a message, whatever the server says.
struct HttpSubject {
  std::string text;      ///< `grafana.Folder platform`
  std::string endpoint;  ///< `https://grafana.example.com`
  std::vector<std::string> secrets;
};

enum class HttpWrite : std::uint8_t { create, update, remove };

/// The diagnostic for a reply that is no success, with a remedy where one is known.
[[nodiscard]] Error http_error(const HttpReply& reply, const HttpSubject& subject);

/// What became of a write, by the operation's words, else by the status (docs/systems/via-http.md). The reply
/// is in `run`.
[[nodiscard]] WriteOutcome outcome_of_write(const HttpReply& reply, const HttpOperationRun& run,
                                            const Operation& operation, HttpWrite write,
                                            const HttpSubject& subject);

}  // namespace carbon
