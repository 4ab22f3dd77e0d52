#include "platform/connectors/s3/encrypted_body.h"

#include <argon2.h>
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace carbon {

namespace {

constexpr std::size_t salt_size = 32;
constexpr std::size_t nonce_size = 8;
constexpr std::size_t head_size = salt_size + 1 + nonce_size;
constexpr std::size_t key_size = 32;
constexpr std::size_t tag_size = 16;
constexpr std::size_t fragment_size = std::size_t{1} << 14;
constexpr std::size_t most_encrypted = std::size_t{8} << 20;
constexpr char more_follow = '\x00';
constexpr char last_one = '\x80';

/// How the key is derived and what encrypts with it: the byte behind the salt.
enum class Sealing : std::uint8_t { argon2id_aes = 0, argon2id_chacha = 1, pbkdf2_aes = 2 };

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// A key that is gone from memory with its last user.
class DerivedKey {
 public:
  DerivedKey() : bytes_(key_size, '\0') {}
  ~DerivedKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  DerivedKey(const DerivedKey&) = delete;
  DerivedKey& operator=(const DerivedKey&) = delete;

  [[nodiscard]] bool derive(Sealing sealing, std::string_view secret, std::string_view salt) {
    if (sealing == Sealing::pbkdf2_aes)
      return PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()), raw(salt),
                               static_cast<int>(salt.size()), 8192, EVP_sha256(),
                               static_cast<int>(bytes_.size()), raw(bytes_)) == 1;
    std::string password(secret);
    std::string copy(salt);
    argon2_context context{};
    context.out = raw(bytes_);
    context.outlen = static_cast<std::uint32_t>(bytes_.size());
    context.pwd = raw(password);
    context.pwdlen = static_cast<std::uint32_t>(password.size());
    context.salt = raw(copy);
    context.saltlen = static_cast<std::uint32_t>(copy.size());
    context.t_cost = 1;
    context.m_cost = 64 * 1024;
    context.lanes = 4;
    context.threads = 1;  // lanes decide what comes out, threads only how fast
    context.version = ARGON2_VERSION_13;
    context.flags = ARGON2_DEFAULT_FLAGS;
    bool derived = argon2_ctx(&context, Argon2_id) == ARGON2_OK;
    OPENSSL_cleanse(password.data(), password.size());
    return derived;
  }

  [[nodiscard]] const unsigned char* bytes() const { return raw(std::string_view(bytes_)); }

 private:
  std::string bytes_;
};

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// The fragments of one body, in order. Each is bound to its number, and the last one to being the last: a
/// stream that lost its end, or has its parts in another order, is not authentic.
class FragmentStream {
 public:
  FragmentStream(Sealing sealing, const DerivedKey& key, std::string_view nonce)
      : cipher_(sealing == Sealing::argon2id_chacha ? EVP_chacha20_poly1305() : EVP_aes_256_gcm()),
        key_(key),
        nonce_(nonce),
        context_(EVP_CIPHER_CTX_new()) {
    // The tag of nothing under number 0 stands for data that would be authenticated along; there are none.
    std::optional<std::string> empty = seal("", "");
    ready_ = empty.has_value();
    bound_ = more_follow + empty.value_or("");
  }

  [[nodiscard]] std::optional<std::string> sealed(std::string_view text, bool last) {
    bound_.front() = last ? last_one : more_follow;
    if (!ready_) return std::nullopt;
    return seal(text, bound_);
  }

  /// The text, or nothing where it is not what was sealed at this place.
  [[nodiscard]] std::optional<std::string> opened(std::string_view fragment, bool last) {
    if (!ready_ || fragment.size() < tag_size) return std::nullopt;
    bound_.front() = last ? last_one : more_follow;
    std::string tag(fragment.substr(fragment.size() - tag_size));
    std::string_view text = fragment.substr(0, fragment.size() - tag_size);
    std::string out(text.size() + tag_size, '\0');
    std::string number = numbered();
    int length = 0;
    int rest = 0;
    EVP_CIPHER_CTX* context = context_.get();
    bool good =
        context != nullptr && EVP_DecryptInit_ex(context, cipher_, nullptr, key_.bytes(), raw(number)) == 1 &&
        EVP_DecryptUpdate(context, nullptr, &length, raw(std::string_view(bound_)),
                          static_cast<int>(bound_.size())) == 1 &&
        EVP_DecryptUpdate(context, raw(out), &length, raw(text), static_cast<int>(text.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context, raw(out) + length, &rest) == 1;
    if (!good) return std::nullopt;
    out.resize(static_cast<std::size_t>(length) + static_cast<std::size_t>(rest));
    return out;
  }

 private:
  [[nodiscard]] std::optional<std::string> seal(std::string_view text, std::string_view bound) {
    std::string out(text.size() + tag_size, '\0');
    std::string number = numbered();
    int length = 0;
    int rest = 0;
    EVP_CIPHER_CTX* context = context_.get();
    bool good =
        context != nullptr && EVP_EncryptInit_ex(context, cipher_, nullptr, key_.bytes(), raw(number)) == 1 &&
        (bound.empty() ||
         EVP_EncryptUpdate(context, nullptr, &length, raw(bound), static_cast<int>(bound.size())) == 1) &&
        EVP_EncryptUpdate(context, raw(out), &length, raw(text), static_cast<int>(text.size())) == 1 &&
        EVP_EncryptFinal_ex(context, raw(out) + length, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                            out.data() + text.size()) == 1;
    if (!good) return std::nullopt;
    return out;
  }

  /// The nonce of the next fragment: 8 bytes of the stream, and the fragment's number in 4, lowest first.
  [[nodiscard]] std::string numbered() {
    std::string out = nonce_;
    for (unsigned int shift = 0; shift < 32; shift += 8)
      out += static_cast<char>(static_cast<unsigned char>(number_ >> shift & 0xffU));
    ++number_;
    return out;
  }

  const EVP_CIPHER* cipher_;
  const DerivedKey& key_;
  std::string nonce_;
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context_;
  std::string bound_;  ///< whether it is the last one, and the tag of nothing
  std::uint32_t number_ = 0;
  bool ready_ = false;
};

tl::unexpected<Error> not_encrypted(std::string_view why) {
  return fail(DiagnosticCode::bad_reply,
              fmt::format("the reply is not encrypted as MinIO's admin API does it: {}", why));
}

}  // namespace

Result<std::string> encrypted_body(std::string_view text, std::string_view secret_key,
                                   std::string_view random) {
  std::string_view salt = random.substr(0, salt_size);
  std::string_view nonce = random.substr(salt_size, nonce_size);
  DerivedKey key;
  std::string out = std::string(salt) + static_cast<char>(Sealing::pbkdf2_aes) + std::string(nonce);
  bool good = key.derive(Sealing::pbkdf2_aes, secret_key, salt);
  FragmentStream stream(Sealing::pbkdf2_aes, key, nonce);
  for (bool last = false; good && !last; text.remove_prefix(std::min(text.size(), fragment_size))) {
    last = text.size() <= fragment_size;
    std::optional<std::string> fragment = stream.sealed(text.substr(0, fragment_size), last);
    good = fragment.has_value();
    if (good) out += *fragment;
  }
  if (good) return out;
  return fail(DiagnosticCode::type_mismatch, "the body of a request cannot be encrypted on this machine");
}

Result<std::string> decrypted_body(std::string_view data, std::string_view secret_key) {
  if (data.size() > most_encrypted) return not_encrypted("it has more than 8 MiB");
  if (data.size() < head_size + tag_size) return not_encrypted("it is too short");
  auto id = static_cast<unsigned char>(data[salt_size]);
  if (id > static_cast<unsigned char>(Sealing::pbkdf2_aes))
    return not_encrypted(fmt::format("carbon does not know its cipher {}", id));
  auto sealing = static_cast<Sealing>(id);
  DerivedKey key;
  if (!key.derive(sealing, secret_key, data.substr(0, salt_size)))
    return not_encrypted("its key cannot be derived, which takes 64 MiB of memory");
  FragmentStream stream(sealing, key, data.substr(salt_size + 1, nonce_size));
  data.remove_prefix(head_size);
  std::string out;
  for (bool last = false; !last; data.remove_prefix(std::min(data.size(), fragment_size + tag_size))) {
    last = data.size() <= fragment_size + tag_size;
    std::optional<std::string> text = stream.opened(data.substr(0, fragment_size + tag_size), last);
    if (!text) return not_encrypted("it was changed, is cut off, or was encrypted with another key");
    out += *text;
  }
  return out;
}

}  // namespace carbon
