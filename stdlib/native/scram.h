#pragma once

#include <string>
#include <string_view>

namespace carbon {

/// The verifier that PostgreSQL stores for a password (RFC 5802, RFC 7677; the form is that of
/// src/common/scram-common.c): `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`. Sent instead of the password,
/// so that it never stands in a statement or a server log. The password must be ASCII: other text would need
/// SASLprep (RFC 4013) to agree with clients.
[[nodiscard]] std::string scram_verifier(std::string_view password, std::string_view salt);

/// 16 bytes: the HMAC of a fixed text under the password. Not random, because the same password must give the
/// same verifier, or each plan would show a change and each apply would rewrite the role. What a random salt
/// would add is that equal passwords of two roles cannot be seen in pg_authid, which only superusers read.
[[nodiscard]] std::string scram_salt(std::string_view password);

}  // namespace carbon
