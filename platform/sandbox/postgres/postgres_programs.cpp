#include "platform/sandbox/postgres/postgres_programs.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace carbon::sandbox {

namespace {

bool has_programs(const std::filesystem::path& folder) {
  return ::access((folder / "initdb").c_str(), X_OK) == 0 &&
         ::access((folder / "postgres").c_str(), X_OK) == 0;
}

std::string newest_of_debian() {
  std::string found;
  int newest = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error)) {
    std::string name = entry.path().filename();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    if (version <= newest || !has_programs(entry.path() / "bin")) continue;
    newest = version;
    found = entry.path() / "bin";
  }
  return found;
}

}  // namespace

Result<std::string> find_postgres_programs() {
  std::string found = newest_of_debian();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; found.empty() && std::getline(folders, folder, ':');) {
    if (folder.starts_with('/') && has_programs(folder)) found = folder;
  }
  if (!found.empty()) return found;
  return fail(
      Error(DiagnosticCode::sandbox_failed, "the sandbox needs a PostgreSQL server, and none is installed")
          .help("install it: `apt-get install postgresql` (other systems: package `postgresql` or "
                "`postgresql-server`)"));
}

}  // namespace carbon::sandbox
