#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// Where the content of secrets comes from, and the key under which it is compared. The only port through
/// which a secret's content enters the process.
class SecretSource {
 public:
  virtual ~SecretSource() = default;

  /// Content of `secret.env(name)` or `secret.file(path)` as a string value. Errors: C0502. In the sandbox
  /// world a missing one gives a fixed fake value.
  virtual Result<Value> resolve(const OpenTerm& leaf) = 0;

  /// HMAC-SHA-256 over (address, field, content) under this inventory's key, in hex: says whether a secret
  /// changed, and nothing else.
  virtual std::string digest(std::string_view address, std::string_view field, std::string_view content) = 0;
};

/// SecretSource::digest alone, for what has to compare and may not resolve.
using KeyedDigest =
    std::function<std::string(std::string_view address, std::string_view field, std::string_view content)>;

/// Digest functions that the engine needs and may not bring along (OpenSSL lives in platform/).
class Digester {
 public:
  virtual ~Digester() = default;
  [[nodiscard]] virtual std::string sha256_hex(std::string_view bytes) const = 0;
  /// HMAC-SHA-256 under the plan-signing key, in hex.
  [[nodiscard]] virtual std::string sign(std::string_view bytes) const = 0;
};

}  // namespace carbon
