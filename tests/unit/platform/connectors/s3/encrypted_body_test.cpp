#include "platform/connectors/s3/encrypted_body.h"

#include <doctest/doctest.h>
#include <openssl/sha.h>

#include "base/base64.h"

using namespace carbon;

namespace {

// Known answers: what github.com/minio/madmin-go/v3 v3.0.109 (AGPL-3.0, run, not copied) makes with
// github.com/secure-io/sio-go v0.3.1 of a password, the salt 00 01 … 1f and the nonce a0 … a7, and reads back
// by its own DecryptData.
constexpr std::string_view password = "hunter2hunter2";
constexpr std::string_view hex_head =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f%a0a1a2a3a4a5a6a7";

std::string unhex(std::string_view text) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
  return out;
}

/// The head with that cipher, and what follows it.
std::string body_of(std::string_view cipher, std::string_view hex) {
  std::string all(hex_head);
  all.replace(all.find('%'), 1, cipher);
  return unhex(all + std::string(hex));
}

/// Salt and nonce alone.
std::string random_of_answers() { return body_of("", ""); }

std::string letters(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>('a' + i % 23);
  return out;
}

std::string sha256_of(std::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return hex_encode(digest);
}

bool unreadable(std::string_view data, std::string_view key = password) {
  Result<std::string> text = decrypted_body(data, key);
  return !text && text.error().code() == DiagnosticCode::bad_reply &&
         text.error().message().find(key) == std::string::npos;
}

}  // namespace

TEST_CASE("a body is encrypted as madmin-go does it") {
  std::string random = random_of_answers();
  REQUIRE(random.size() == encryption_randomness);
  CHECK(*encrypted_body("", password, random) == body_of("02", "a1229faba0d4a6640d66777b1d0724f9"));
  CHECK(*encrypted_body("abcde", password, random) ==
        body_of("02", "84790c03b6659c18531a49ffe2a19f5521bbeaaebc"));
  // One fragment exactly, one byte more, two exactly, and more of them.
  CHECK(sha256_of(*encrypted_body(letters(16384), password, random)) ==
        "a679592b686fecdc2f6700cc1c4e9f843bef818c3ec07e845e0a5b59a6d6637b");
  CHECK(sha256_of(*encrypted_body(letters(16385), password, random)) ==
        "a1f7be32f9cfc5ca71c6be0f8f742799f0ca546829b732deadf62da940d8bebd");
  CHECK(sha256_of(*encrypted_body(letters(32768), password, random)) ==
        "8a6c889bf73180bcf65f42854753cf0747ef23eef41b82717d33911776246f43");
  CHECK(sha256_of(*encrypted_body(letters(40000), password, random)) ==
        "a4cbd48b80b0630fee2ad0845ffdc9ace9a35a86af7c261bde8760365b4d1ba8");
}

TEST_CASE("what madmin-go encrypts is read, with each of its ciphers") {
  CHECK(decrypted_body(body_of("00", "d93d8dbb1bf412b8a4d16e32431a0376"), password)->empty());
  CHECK(*decrypted_body(body_of("00", "56fbf52a1c85e5333ba821401cd14f995dfbf0900b"), password) == "abcde");
  CHECK(*decrypted_body(body_of("01", "a8a46d2326845bbcbe20bc779000cdda620f368135"), password) == "abcde");
  CHECK(*decrypted_body(body_of("02", "84790c03b6659c18531a49ffe2a19f5521bbeaaebc"), password) == "abcde");
  // By EncryptData itself, with a salt and a nonce of its own.
  CHECK(
      *decrypted_body(unhex("2be2d5562d46b66c8855ebc6b4b64f22bd23858dba619906f1fbcb02f6e74d76009b761a770d5556"
                            "dd66623134104cf9e97055f659da2283ee8bcfd293569a5b5383abff0bde17bc03fc76a10d"),
                      password) == "{\"status\":\"enabled\"}");
}

TEST_CASE("a round trip gives the text back, at every edge of a fragment") {
  std::string random = random_of_answers();
  for (std::size_t size : {0U, 1U, 16383U, 16384U, 16385U, 32767U, 32768U, 32769U, 70000U}) {
    std::string text = letters(size);
    CHECK(*decrypted_body(*encrypted_body(text, "another", random), "another") == text);
  }
}

TEST_CASE("another key, a changed bit and a lost end are refused") {
  std::string random = random_of_answers();
  std::string body = *encrypted_body("abcde", password, random);
  CHECK(unreadable(body, "hunter2hunter3"));
  CHECK(unreadable(body, "x"));
  // Each bit: of the salt, the cipher, the nonce, the text and its tag. Cipher 2 with a bit changed is 0
  // (slow), or one that is not there.
  for (std::size_t at = 0; at < body.size(); ++at)
    for (unsigned int bit = 0; bit < 8; ++bit) {
      std::string changed = body;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
      CHECK(unreadable(changed));
    }
  for (std::size_t size = 0; size < body.size(); ++size) CHECK(unreadable(body.substr(0, size)));
  CHECK(unreadable(body + "x"));

  std::string longer = *encrypted_body(letters(40000), password, random);
  constexpr std::size_t head = 41;
  constexpr std::size_t fragment = 16384 + 16;
  CHECK(unreadable(longer.substr(0, head + 2 * fragment)));  // cut between fragments
  CHECK(unreadable(longer.substr(0, head + fragment)));
  CHECK(unreadable(longer.substr(0, head) + longer.substr(head + fragment)));
  std::string swapped = longer.substr(0, head) + longer.substr(head + fragment, fragment) +
                        longer.substr(head, fragment) + longer.substr(head + 2 * fragment);
  CHECK(unreadable(swapped));
}

TEST_CASE("a body that is too large is not decrypted, though it is authentic") {
  std::string random = random_of_answers();
  constexpr std::size_t most = std::size_t{8} << 20;
  std::string large = letters(most - 16384);
  CHECK(*decrypted_body(*encrypted_body(large, password, random), password) == large);
  auto refused = decrypted_body(*encrypted_body(letters(most), password, random), password);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().find("more than 8 MiB") != std::string::npos);
}

TEST_CASE("what is no such body is refused") {
  CHECK(unreadable(""));
  CHECK(unreadable("{\"status\":\"enabled\",\"policyName\":\"readwrite\",\"memberOf\":[\"everybody\"]}"));
  CHECK(unreadable(body_of("03", "84790c03b6659c18531a49ffe2a19f5521bbeaaebc")));
  CHECK(unreadable(body_of("ff", "84790c03b6659c18531a49ffe2a19f5521bbeaaebc")));
  // Said before a key is derived for it.
  auto unknown = decrypted_body(body_of("03", "84790c03b6659c18531a49ffe2a19f5521bbeaaebc"), password);
  CHECK(unknown.error().message().find("does not know its cipher 3") != std::string::npos);
}
