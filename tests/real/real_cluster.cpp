#include "tests/real/real_cluster.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace carbon::test {

namespace {

const std::string scripts = CARBON_SOURCE_ROOT "/tests/real/";

}  // namespace

std::string RealCluster::why_not() {
  bool built = std::system((scripts + "setup --check >/dev/null 2>&1").c_str()) == 0;
  return built ? "" : "the Kubernetes servers are not built: run tests/real/setup";
}

RealCluster::RealCluster() {
  std::string pattern = (std::filesystem::temp_directory_path() / "carbon-cluster-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  script("start " + folder_);
}

RealCluster::~RealCluster() {
  script("stop " + folder_);
  std::filesystem::remove_all(folder_);
}

std::string RealCluster::text(const std::string& file) const {
  std::ifstream stream(path(file));
  std::string line;
  std::getline(stream, line);
  return line;
}

void RealCluster::kill(const std::string& server) const { script("kill " + folder_ + " " + server); }

void RealCluster::restart(const std::string& server) const { script("restart " + folder_ + " " + server); }

void RealCluster::script(const std::string& arguments) const {
  if (std::system((scripts + "cluster " + arguments).c_str()) == 0) return;
  std::fprintf(stderr, "tests/real/cluster %s failed\n", arguments.c_str());
  std::abort();
}

}  // namespace carbon::test
