#include "platform/sandbox/postgres/postgres_servers.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "platform/sandbox/postgres/database_folder.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789.-";
constexpr char escape = '%';
constexpr int hexadecimal = 16;

/// `db.example.com_5432`; what may not stand in a file's name is written as %XX.
std::string folder_name(const PostgresEndpoint& endpoint) {
  std::string name;
  for (char letter : endpoint.host) {
    bool kept = plain.find(letter) != std::string_view::npos && !(name.empty() && letter == '.');
    name +=
        kept ? std::string(1, letter) : fmt::format("{}{:02X}", escape, static_cast<unsigned char>(letter));
  }
  return fmt::format("{}_{}", name, endpoint.port);
}

/// Nothing for a folder that is not ours.
std::optional<PostgresEndpoint> endpoint_of(std::string_view name) {
  PostgresEndpoint endpoint;
  std::size_t bar = name.rfind('_');
  if (bar == std::string_view::npos) return std::nullopt;
  std::from_chars(name.data() + bar + 1, name.data() + name.size(), endpoint.port);
  for (std::size_t i = 0; i < bar; ++i) {
    unsigned code = static_cast<unsigned char>(name[i]);
    if (name[i] == escape && i + 2 < bar) {
      std::from_chars(name.data() + i + 1, name.data() + i + 3, code, hexadecimal);
      i += 2;
    }
    endpoint.host.push_back(static_cast<char>(code));
  }
  if (folder_name(endpoint) != name) return std::nullopt;
  return endpoint;
}

}  // namespace

PostgresEndpoint PostgresEndpoint::normal() const {
  PostgresEndpoint out = *this;
  std::ranges::transform(out.host, out.host.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return out;
}

Result<PostgresAddress> PostgresServers::start(const PostgresEndpoint& endpoint) {
  PostgresEndpoint wanted = endpoint.normal();
  auto found = started_.find(wanted);
  if (found == started_.end()) {
    PrivatePostgres server = CARBON_TRY(PrivatePostgres::open(folder_ + "/" + folder_name(wanted)));
    found = started_.emplace(wanted, std::move(server)).first;
  }
  return found->second.address();
}

std::vector<PostgresEndpoint> PostgresServers::existing() const {
  std::vector<PostgresEndpoint> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    auto endpoint = endpoint_of(entry.path().filename().string());
    if (endpoint && !DatabaseFolder{entry.path().string()}.password().empty()) found.push_back(*endpoint);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace carbon::sandbox
