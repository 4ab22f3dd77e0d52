#pragma once

#include <string>

#include "base/result.h"

namespace carbon::sandbox {

/// A self-signed certificate for 127.0.0.1 and localhost with its key (ECDSA P-256), valid for ten years.
/// kubectl sends a token over TLS only, so a server that wants one needs this.
struct ServedCertificate {
  std::string certificate_pem;
  std::string key_pem;
};

/// Errors: sandbox_failed.
[[nodiscard]] Result<ServedCertificate> make_loopback_certificate();

}  // namespace carbon::sandbox
