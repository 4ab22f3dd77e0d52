#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "platform/sandbox/kubernetes/server.h"
#include "platform/sandbox/kubernetes_controllers/controllers.h"

namespace carbon::simulation {

/// A write that the server carried out.
struct Write {
  std::string method;
  std::string path;
};

/// The server and its controllers: what goes on while processes of carbon come and go. One clock, which only
/// grows; every die from one seed.
class Cluster {
 public:
  explicit Cluster(std::uint64_t seed);

  [[nodiscard]] sandbox::ApiResponse handle(const sandbox::ApiRequest& request);
  /// Moves the clock to a time: requests on their way arrive, controllers do what is due.
  void advance_to(std::int64_t time);
  [[nodiscard]] std::int64_t now() const { return now_; }
  /// A request whose sender has given up on it; it arrives at that time.
  void arrive_late(std::int64_t time, sandbox::ApiRequest request);
  /// Lets everything arrive that is on its way.
  void deliver();

  struct Made {
    std::string uid;
    std::string token;
  };
  /// Objects that bear carbon's operation token, by `configmaps n1/o3`.
  [[nodiscard]] std::map<std::string, Made> carbon_objects();
  [[nodiscard]] std::optional<Value> object(const std::string& storage, const std::string& name_space,
                                            const std::string& name);

  // Somebody else
  void edit(const std::string& name_space, const std::string& name, const std::string& field,
            const std::string& value);
  void remove(const std::string& storage, const std::string& name_space, const std::string& name);
  void squat(const std::string& name_space, const std::string& name);

  /// Carbon's, without dry runs and what came late: that belongs to an earlier plan. Cleared by who looks.
  std::vector<Write> writes;
  /// While it is set, carbon reads what it plans from, and so knows of every change before.
  bool planning = true;
  /// Paths that somebody else changed behind the plan's back, and those that carbon wrote over after that.
  std::set<std::string> edited;
  std::vector<std::string> overwritten;

 private:
  [[nodiscard]] sandbox::Occasion occasion();
  [[nodiscard]] sandbox::ApiResponse carry_out(const sandbox::ApiRequest& request, bool logged);
  void settle();

  std::mt19937_64 random_;
  std::int64_t now_ = 1'700'000'000'000'000'000;
  std::unique_ptr<sandbox::KubernetesSandbox> server_;
  std::unique_ptr<sandbox::Controllers> controllers_;
  std::multimap<std::int64_t, sandbox::ApiRequest> on_the_way_;
};

}  // namespace carbon::simulation
