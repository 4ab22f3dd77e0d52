#include "platform/secrets/secrets.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/base64.h"

namespace carbon {

namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t largest_secret = 1024 * 1024;

std::string hmac_hex(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data(), &length);
  return hex_encode({reinterpret_cast<const char*>(out.data()), length});
}

/// Length-prefixed, so that no two different triples give the same bytes.
std::string joined(std::string_view address, std::string_view field, std::string_view content) {
  return fmt::format("{}:{}{}:{}{}:", address.size(), address, field.size(), field, content.size())
      .append(content);
}

Result<std::string> read_all(int descriptor, std::size_t limit) {
  std::string text;
  std::array<char, 4096> block{};
  ssize_t got = 0;
  while ((got = ::read(descriptor, block.data(), block.size())) > 0) {
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > limit) return fail(DiagnosticCode::file_failed, "it is larger than 1 MiB");
  }
  if (got < 0) return fail(DiagnosticCode::file_failed, std::strerror(errno));
  return text;
}

struct Descriptor {
  int value = -1;
  explicit Descriptor(int opened) : value(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

}  // namespace

std::string key_folder() {
  if (const char* own = std::getenv("CARBON_STATE_DIR"); own != nullptr && *own != '\0') return own;
  if (const char* xdg = std::getenv("XDG_STATE_HOME"); xdg != nullptr && *xdg != '\0') {
    return std::string(xdg) + "/carbon";
  }
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "/tmp" : home) + "/.local/state/carbon";
}

Result<std::string> load_or_make_key(const std::string& path) {
  auto failed = [&path](const char* why) {
    return fail(Error(DiagnosticCode::file_failed, fmt::format("cannot use the key file {}: {}", path, why))
                    .help("set CARBON_STATE_DIR to a folder that only you can write"));
  };
  std::error_code error;
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder, error);
  if (error) return failed(error.message().c_str());
  ::chmod(folder.c_str(), 0700);
  if (Descriptor existing(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)); existing.value >= 0) {
    std::string key = CARBON_TRY(read_all(existing.value, key_size));
    if (key.size() != key_size) return failed("it does not hold 32 bytes");
    return key;
  }
  if (errno != ENOENT) return failed(std::strerror(errno));
  std::string key(key_size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    return failed("no random bytes");
  }
  // Written beside and linked into place: two first runs at once agree on one key.
  std::string beside = fmt::format("{}.{}", path, ::getpid());
  Descriptor made(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.value < 0) return failed(std::strerror(errno));
  bool written = ::write(made.value, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                 ::fsync(made.value) == 0;
  bool linked = written && ::link(beside.c_str(), path.c_str()) == 0;
  int why = errno;
  ::unlink(beside.c_str());
  if (linked) return key;
  if (written && why == EEXIST) return load_or_make_key(path);
  return failed(std::strerror(why));
}

Status store_key(const std::string& path, const std::string& key) {
  (void)CARBON_TRY(load_or_make_key(path));  // makes the folder
  std::string beside = fmt::format("{}.{}", path, ::getpid());
  Descriptor made(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  bool written = made.value >= 0 &&
                 ::write(made.value, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                 ::fsync(made.value) == 0 && ::rename(beside.c_str(), path.c_str()) == 0;
  if (written) return {};
  return fail(DiagnosticCode::file_failed,
              fmt::format("cannot write the key file {}: {}", path, std::strerror(errno)));
}

Result<Value> LocalSecrets::missing(const OpenTerm& leaf, const std::string& why) const {
  std::string name(leaf.arguments.front().text());
  if (missing_ == MissingSecret::fake)
    return Value::string("sandbox-" + leaf.function.substr(7) + "-" + name);
  return fail(
      Error(DiagnosticCode::secret_missing, fmt::format("the secret {}(\"{}\") {}", leaf.function, name, why))
          .help(leaf.function == "secret.env" ? fmt::format("set the environment variable {}", name)
                                              : "write the file, with mode 0600"));
}

Result<Value> LocalSecrets::resolve(const OpenTerm& leaf) {
  bool known = leaf.function == "secret.env" || leaf.function == "secret.file";
  if (!known || leaf.arguments.size() != 1 || !leaf.arguments.front().is_string()) {
    return fail(DiagnosticCode::secret_missing,
                fmt::format("`{}` is not a source of secrets here", leaf.function));
  }
  std::string name(leaf.arguments.front().text());
  if (leaf.function == "secret.env") {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return missing(leaf, "is not set");
    return Value::string(value);
  }
  // Beneath the package root, links not followed: a file of a branch cannot point at somebody's keys.
  std::filesystem::path relative = std::filesystem::path(name).lexically_normal();
  if (relative.is_absolute() || relative.string().starts_with("..")) {
    return fail(DiagnosticCode::import_path,
                fmt::format("the secret file \"{}\" lies outside the package", name));
  }
  std::string path = (std::filesystem::path(root_) / relative).string();
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.value < 0) return missing(leaf, std::string("cannot be read: ") + std::strerror(errno));
  std::string text = CARBON_TRY(read_all(file.value, largest_secret));
  if (text.ends_with('\n')) text.pop_back();
  return Value::string(text);
}

std::string LocalSecrets::digest(std::string_view address, std::string_view field, std::string_view content) {
  return hmac_hex(digest_key_, joined(address, field, content));
}

std::string OpenSslDigester::sha256_hex(std::string_view bytes) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr);
  return hex_encode({reinterpret_cast<const char*>(out.data()), length});
}

std::string OpenSslDigester::sign(std::string_view bytes) const { return hmac_hex(signing_key_, bytes); }

}  // namespace carbon
