#pragma once

#include <memory>
#include <string>

#include "engine/ports/secrets.h"

namespace carbon {

/// A random 32-byte key in a file of mode 0600, made when it is missing. Losing it means one visible
/// "(secret, cannot compare)", or a saved plan that has to be made again; nothing else.
[[nodiscard]] Result<std::string> load_or_make_key(const std::string& path);

/// Puts a key in the place of what is there, for an inventory that another machine had before. Errors: C0908.
[[nodiscard]] Status store_key(const std::string& path, const std::string& key);

/// Where keys live: `$CARBON_STATE_DIR`, else `$XDG_STATE_HOME/carbon`, else `~/.local/state/carbon`. Never
/// beside the inventory that they protect.
[[nodiscard]] std::string key_folder();

/// What a missing secret becomes.
enum class MissingSecret : std::uint8_t {
  error,  ///< C0502: a live world
  fake,   ///< a fixed text: the sandbox world
};

/// Secrets from the process environment and from files beneath the package root.
class LocalSecrets : public SecretSource {
 public:
  LocalSecrets(std::string root, std::string digest_key, MissingSecret missing)
      : root_(std::move(root)), digest_key_(std::move(digest_key)), missing_(missing) {}

  Result<Value> resolve(const OpenTerm& leaf) override;
  std::string digest(std::string_view address, std::string_view field, std::string_view content) override;

 private:
  [[nodiscard]] Result<Value> missing(const OpenTerm& leaf, const std::string& why) const;

  std::string root_;
  std::string digest_key_;
  MissingSecret missing_;
};

/// OpenSSL's digests under the plan-signing key.
class OpenSslDigester : public Digester {
 public:
  explicit OpenSslDigester(std::string signing_key) : signing_key_(std::move(signing_key)) {}
  [[nodiscard]] std::string sha256_hex(std::string_view bytes) const override;
  [[nodiscard]] std::string sign(std::string_view bytes) const override;

 private:
  std::string signing_key_;
};

}  // namespace carbon
