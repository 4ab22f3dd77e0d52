#pragma once

#include <string>

namespace carbon::test {

/// A Kubernetes control plane of this process alone (tests/real/cluster), in a temporary folder, gone with
/// this object.
class RealCluster {
 public:
  /// Empty when the servers are built; else why there can be no cluster.
  [[nodiscard]] static std::string why_not();

  RealCluster();
  RealCluster(const RealCluster&) = delete;
  RealCluster& operator=(const RealCluster&) = delete;
  ~RealCluster();

  /// A file of the folder: `kubeconfig`, `kubeconfig-token`.
  [[nodiscard]] std::string path(const std::string& file) const { return folder_ + "/" + file; }
  /// Content of a file of one line: `url`, `token-guest`.
  [[nodiscard]] std::string text(const std::string& file) const;
  /// `kill -9`, and start again on the same port. SERVER is etcd, apiserver or controller-manager.
  void kill(const std::string& server) const;
  void restart(const std::string& server) const;

 private:
  void script(const std::string& arguments) const;

  std::string folder_;
};

}  // namespace carbon::test
