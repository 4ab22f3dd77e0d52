#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace carbon {

/// How many random bytes a body is encrypted with: a salt of 32, a nonce of 8.
inline constexpr std::size_t encryption_randomness = 40;

/// A body as MinIO's admin API takes it, encrypted with the secret key of whoever signs the request: salt,
/// cipher (1 byte), nonce, and a stream of fragments. The key is derived by PBKDF2-HMAC-SHA256, 8192 rounds,
/// the cipher is AES-256-GCM. `random` is fresh for each body. Pure. Sources: EncryptData of
/// github.com/minio/madmin-go/v3 (encrypt.go) and github.com/secure-io/sio-go. Errors: type_mismatch where
/// the cipher library fails, so that nothing is sent unencrypted.
[[nodiscard]] Result<std::string> encrypted_body(std::string_view text, std::string_view secret_key,
                                                 std::string_view random);

/// What such a body says. Replies come with a key derived by Argon2id (64 MiB, four lanes, one pass: about a
/// tenth of a second) and AES-256-GCM or ChaCha20-Poly1305, or with what encrypted_body makes. Errors:
/// bad_reply for one that is no such body, has more than 8 MiB, was changed or cut off, or was encrypted with
/// another key.
[[nodiscard]] Result<std::string> decrypted_body(std::string_view data, std::string_view secret_key);

}  // namespace carbon
