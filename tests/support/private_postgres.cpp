#include "tests/support/private_postgres.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace carbon::test {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

PrivatePostgres::PrivatePostgres() {
  std::string pattern = (std::filesystem::temp_directory_path() / "carbon-pg-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  if (script("start") != 0) {
    why_not_ = "tests/real/postgres could not start a PostgreSQL";
    return;
  }
  endpoint_.host = "127.0.0.1";
  endpoint_.port = std::stoi(first_line(folder_ + "/port"));
  endpoint_.user = "postgres";
  endpoint_.password = first_line(folder_ + "/password");
  endpoint_.name = "postgres://postgres@127.0.0.1:" + std::to_string(endpoint_.port);
}

PrivatePostgres::~PrivatePostgres() {
  if (why_not_.empty() && script("stop") != 0) std::abort();
  std::filesystem::remove_all(folder_);
}

int PrivatePostgres::script(const std::string& verb) const {
  std::string command = CARBON_SOURCE_ROOT "/tests/real/postgres " + verb + " " + folder_ + " 2>&1";
  return std::system(command.c_str());
}

}  // namespace carbon::test
