#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/server.h"
#include "platform/sandbox/kubernetes_controllers/controllers.h"

namespace carbon::sandbox {

/// A server in memory with its controllers and a clock that the test moves.
class SmallCluster {
 public:
  SmallCluster();

  /// POSTs an object and lets the controllers work. The status code.
  int create(std::string_view json);
  /// POSTs to any path, the same way.
  int post(std::string_view path, std::string_view json);
  /// Merge-patches `/apis/…/NAME` and lets the controllers work.
  int patch(std::string_view path, std::string_view json);
  int remove(std::string_view path);
  /// Time passes: the controllers are called whenever they want to be.
  void pass(std::int64_t seconds);
  /// As after a restart of the process.
  void restart();

  /// The object, or null. `storage` is `pods` or `deployments.apps`.
  [[nodiscard]] Value get(std::string_view storage, std::string_view name,
                          std::string_view place = "default");
  [[nodiscard]] std::vector<Value> all(std::string_view storage);
  /// Whether an event with that reason and a message that contains `part` was recorded.
  [[nodiscard]] bool has_event(std::string_view reason, std::string_view part);

  [[nodiscard]] KubernetesSandbox& server() { return *server_; }
  [[nodiscard]] std::size_t work_done() { return controllers_->work_done(); }

 private:
  [[nodiscard]] Occasion occasion() const { return {now_, random_}; }
  int send(std::string_view method, std::string_view path, std::string_view body, std::string_view type);

  std::int64_t now_ = 1'795'540'000'000'000'000;
  std::function<std::uint64_t()> random_;
  std::unique_ptr<KubernetesSandbox> server_;
  std::optional<Controllers> controllers_;
};

}  // namespace carbon::sandbox
