#include "platform/secrets/secrets.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace carbon;

namespace {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/carbon-secrets-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

OpenTerm leaf(const std::string& function, const std::string& name) {
  return {function, {Value::string(name)}};
}

LocalSecrets live(const std::string& root) { return {root, "key", MissingSecret::error}; }

DiagnosticCode refusal(LocalSecrets secrets, const OpenTerm& term) {
  Result<Value> got = secrets.resolve(term);
  REQUIRE_FALSE(got);
  return got.error().code();
}

}  // namespace

TEST_CASE("a secret comes from the environment or from a file of the package") {
  Folder folder;
  write(folder.path + "/keys/a", "hunter2\n");
  LocalSecrets secrets = live(folder.path);
  CHECK(secrets.resolve(leaf("secret.file", "keys/a"))->text() == "hunter2");
  CHECK(secrets.resolve(leaf("secret.file", "keys/../keys/a"))->text() == "hunter2");
  ::setenv("CARBON_TEST_SECRET", "hunter3", 1);
  CHECK(secrets.resolve(leaf("secret.env", "CARBON_TEST_SECRET"))->text() == "hunter3");
  ::unsetenv("CARBON_TEST_SECRET");
  CHECK_FALSE(secrets.resolve(leaf("secret.vault", "a")));
}

TEST_CASE("a file outside of the package, or a link to one, is no secret") {
  Folder folder;
  write(folder.path + "/outside", "somebody's key");
  write(folder.path + "/package/a", "x");
  REQUIRE(::symlink("../outside", (folder.path + "/package/link").c_str()) == 0);
  LocalSecrets secrets = live(folder.path + "/package");
  CHECK(refusal(secrets, leaf("secret.file", "../outside")) == DiagnosticCode::import_path);
  CHECK(refusal(secrets, leaf("secret.file", "a/../../outside")) == DiagnosticCode::import_path);
  CHECK(refusal(secrets, leaf("secret.file", folder.path + "/outside")) == DiagnosticCode::import_path);
  CHECK(refusal(secrets, leaf("secret.file", "link")) == DiagnosticCode::secret_missing);
}

TEST_CASE("a secret has at most 1 MiB") {
  Folder folder;
  write(folder.path + "/most", std::string(1024 * 1024, 'x'));
  write(folder.path + "/more", std::string(1024 * 1024 + 1, 'x'));
  LocalSecrets secrets = live(folder.path);
  CHECK(secrets.resolve(leaf("secret.file", "most"))->text().size() == 1024 * 1024);
  CHECK(refusal(secrets, leaf("secret.file", "more")) == DiagnosticCode::file_failed);
}

TEST_CASE("a missing secret is an error in a live world, and a fixed text in the sandbox") {
  Folder folder;
  OpenTerm term = leaf("secret.env", "CARBON_TEST_NOT_SET");
  CHECK(refusal(live(folder.path), term) == DiagnosticCode::secret_missing);
  LocalSecrets sandbox(folder.path, "key", MissingSecret::fake);
  CHECK(sandbox.resolve(term)->text() == "sandbox-env-CARBON_TEST_NOT_SET");
}

TEST_CASE("a digest tells address, field, content and key apart, wherever one ends") {
  LocalSecrets secrets = live("/");
  std::string digest = secrets.digest("ab", "c", "d");
  CHECK(digest.size() == 64);
  CHECK(digest == live("/").digest("ab", "c", "d"));
  CHECK(digest != secrets.digest("a", "bc", "d"));
  CHECK(digest != secrets.digest("ab", "cd", ""));
  CHECK(digest != secrets.digest("ab", "c", "e"));
  CHECK(digest != LocalSecrets("/", "another key", MissingSecret::error).digest("ab", "c", "d"));
}

TEST_CASE("a signature depends on its key, and a digest does not") {
  // FIPS 180-4's example, and test case 2 of RFC 4231.
  CHECK(OpenSslDigester("").sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(OpenSslDigester("Jefe").sign("what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a key is made once, for its owner alone") {
  Folder folder;
  std::string path = folder.path + "/state/digest.key";
  std::string key = *load_or_make_key(path);
  CHECK(key.size() == 32);
  CHECK(*load_or_make_key(path) == key);
  CHECK(*load_or_make_key(folder.path + "/state/other.key") != key);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat((folder.path + "/state").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  REQUIRE(store_key(path, std::string(32, 'k')));
  CHECK(*load_or_make_key(path) == std::string(32, 'k'));
}

TEST_CASE("a key file that is cut, or is a link, is not used and not replaced") {
  Folder folder;
  write(folder.path + "/cut.key", std::string(31, 'k'));
  CHECK_FALSE(load_or_make_key(folder.path + "/cut.key"));
  CHECK(std::filesystem::file_size(folder.path + "/cut.key") == 31);
  write(folder.path + "/elsewhere", std::string(32, 'k'));
  REQUIRE(::symlink("elsewhere", (folder.path + "/link.key").c_str()) == 0);
  CHECK_FALSE(load_or_make_key(folder.path + "/link.key"));
}
