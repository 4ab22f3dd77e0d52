#include "stdlib/native/scram.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "base/base64.h"

namespace carbon {

namespace {

constexpr int iterations = 4096;  // PostgreSQL's default, and RFC 7677's minimum
constexpr std::size_t salt_size = 16;
using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
std::string_view text(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest hmac(std::string_view key, std::string_view message) {
  Digest out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(message), message.size(), out.data(),
       &size);
  return out;
}

}  // namespace

std::string scram_salt(std::string_view password) {
  Digest source = hmac(password, "carbon scram_sha_256 salt 1");
  return std::string(text(source).substr(0, salt_size));
}

std::string scram_verifier(std::string_view password, std::string_view salt) {
  Digest salted{};
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt),
                    static_cast<int>(salt.size()), iterations, EVP_sha256(), static_cast<int>(salted.size()),
                    salted.data());
  Digest client_key = hmac(text(salted), "Client Key");
  Digest stored_key{};
  SHA256(client_key.data(), client_key.size(), stored_key.data());
  Digest server_key = hmac(text(salted), "Server Key");
  return fmt::format("SCRAM-SHA-256${}:{}${}:{}", iterations, base64_encode(salt),
                     base64_encode(text(stored_key)), base64_encode(text(server_key)));
}

}  // namespace carbon
