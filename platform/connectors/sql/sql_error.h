#pragma once

#include <string>

#include "base/value.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"

namespace carbon {

/// What an error is about. `secrets` holds texts that must not appear in a message, whatever the server says.
struct SqlSubject {
  std::string text;      ///< `postgres.Role orders`
  std::string endpoint;  ///< `postgres://user@host:port`
  std::vector<std::string> secrets;
};

/// The diagnostic for a reply that is not ok, with a remedy where one is known.
[[nodiscard]] Error sql_error(const SqlReply& reply, const SqlSubject& subject);

/// Says of a failed write what became of it, by SQLSTATE (documentation, appendix A).
[[nodiscard]] WriteOutcome failed_sql_write(const SqlReply& reply, const SqlSubject& subject);

}  // namespace carbon
