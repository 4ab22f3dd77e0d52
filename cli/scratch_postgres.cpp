#include "cli/scratch_postgres.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "platform/secrets/secrets.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// Schemas of a platform, times the states of their files that a branch or two may have.
constexpr std::size_t most_kept = 200;

}  // namespace

Result<SqlEndpoint> ScratchPostgres::start() {
  if (!server_) {
    std::error_code error;
    fs::create_directories(folder_, error);
    auto started = sandbox::PrivatePostgres::open(folder_ + "/postgres");
    if (!started) return fail(started.error());
    server_.emplace(std::move(*started));
  }
  const sandbox::PostgresAddress& address = server_->address();
  SqlEndpoint endpoint;
  endpoint.name = "the scratch server";
  endpoint.host = address.socket_folder;
  endpoint.port = address.port;
  endpoint.user = address.user;
  endpoint.password = address.password;
  endpoint.sslmode = "disable";
  return endpoint;
}

Result<bool> ScratchPostgres::try_hold() {
  load_ = CARBON_TRY(sandbox::FileLock::attempt(folder_ + "/load.lock", sandbox::FileLock::Kind::exclusive));
  return load_.held();
}

std::string ScratchPostgres::file_of(std::string_view key) const {
  return folder_ + "/schemas/" + OpenSslDigester("").sha256_hex(key) + ".json";
}

std::optional<std::string> ScratchPostgres::kept(std::string_view key) {
  std::ifstream file(file_of(key), std::ios::binary);
  if (!file) return std::nullopt;
  std::error_code error;
  fs::last_write_time(file_of(key), fs::file_time_type::clock::now(), error);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void ScratchPostgres::keep(std::string_view key, std::string_view text) {
  std::error_code error;
  fs::create_directories(folder_ + "/schemas", error);
  // Another process may read at the same time: a file appears whole.
  std::string file = file_of(key);
  std::string fresh = file + "." + std::to_string(::getpid());
  std::ofstream out(fresh, std::ios::binary);
  out << text;
  out.close();
  if (out) {
    fs::rename(fresh, file, error);
    forget_oldest();
  } else {
    fs::remove(fresh, error);
  }
}

void ScratchPostgres::forget_oldest() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ + "/schemas", error))
    files.emplace_back(entry.last_write_time(error), entry.path());
  std::sort(files.begin(), files.end(), std::greater<>());
  for (std::size_t i = most_kept; i < files.size(); ++i) fs::remove(files[i].second, error);
}

}  // namespace carbon
