// Lives of a platform under trouble: docs/simulation.md.
//
//   simulation [FIRST [LAST]]     seeds, default 1 to 20; a single one tells its story

#include <fmt/format.h>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include <unistd.h>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "tests/simulation/session.h"

using namespace carbon::simulation;

namespace {

Trouble random_trouble(std::mt19937_64& random) {
  Trouble trouble;
  auto some = [&](unsigned most) { return random() % 2 == 0 ? static_cast<unsigned>(random() % most) : 0; };
  trouble.lost_requests = some(150);
  trouble.lost_replies = some(200);
  trouble.late = some(100);
  trouble.refused = some(300);
  trouble.failed = some(150);
  trouble.interference = some(60);
  trouble.partition = random() % 8 == 0;
  if (random() % 2 == 0) trouble.kill_after = random() % (8U << random() % 7);
  return trouble;
}

/// Somebody else's object with a name that carbon may want.
class Squatter {
 public:
  Squatter(Cluster& cluster, bool comes, std::string name) : cluster_(cluster), name_(std::move(name)) {
    if (comes && !object()) {
      cluster_.squat("n0", name_);
      if (object()) uid_ = text_at({"metadata", "uid"});  // the namespace was there
    }
  }
  /// Interference may have deleted it; what has its name then is not its.
  [[nodiscard]] bool was_changed() {
    bool its = !uid_.empty() && object() && text_at({"metadata", "uid"}) == uid_;
    return its && (text_at({"data", "mine"}) != "yes" ||
                   cluster_.carbon_objects().contains("configmaps n0/" + name_));
  }
  void leave() {
    if (!uid_.empty() && object() && text_at({"metadata", "uid"}) == uid_)
      cluster_.remove("configmaps", "n0", name_);
  }

 private:
  [[nodiscard]] std::optional<carbon::Value> object() { return cluster_.object("configmaps", "n0", name_); }
  [[nodiscard]] std::string text_at(carbon::sandbox::Names path) {
    return std::string(carbon::sandbox::text_at(*object(), path));
  }

  Cluster& cluster_;
  std::string name_;
  std::string uid_;
};

/// Some changes of the platform, each applied through some troubled processes and then one quiet one after
/// the other; at last everything is destroyed in the same way.
void live(History& history, std::uint64_t seed) {
  std::mt19937_64 random(seed * 7919);
  auto troubled = [&](bool destroy) {
    for (std::uint64_t left = 1 + random() % 3; left > 0; --left) {
      history.run(random_trouble(random), destroy);
      history.cluster.advance_to(history.cluster.now() +
                                 static_cast<std::int64_t>(random() % 60'000'000'000));
    }
  };
  for (std::uint64_t left = 1 + random() % 3; left > 0 && history.violations.empty(); --left) {
    // In braces, so that the dice are thrown in this order.
    Squatter squatter{history.cluster, random() % 4 == 0, "o" + std::to_string(random() % 12)};
    history.publish();
    history.story += history.platform.text();
    troubled(false);
    history.cluster.deliver();
    if (squatter.was_changed()) history.violations.push_back("an object of somebody else was changed");
    squatter.leave();
    history.converge();
    history.platform.change();
  }
  if (!history.violations.empty()) return;
  troubled(true);
  history.cluster.deliver();
  history.converge(true);
  history.expect_nothing();
}

using Ends = std::array<std::uint64_t, 5>;

bool survives(const std::string& root, std::uint64_t seed, bool tell, Ends& ends) {
  std::string folder = fmt::format("{}/{}", root, seed);
  std::filesystem::create_directories(folder);
  // Most platforms are small, where every order of events is likely; some are large.
  unsigned blocks = seed % 50 == 0 ? 200 : 1 + static_cast<unsigned>(seed % 17);
  History history(folder, seed, blocks);
  live(history, seed);
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] += history.ends[i];
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (tell) fmt::print("{}", history.story);
  for (const std::string& what : history.violations) fmt::print("seed {}: {}\n", seed, what);
  return history.violations.empty();
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t first = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1;
  std::uint64_t last = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : count > 1 ? first : 20;
  // Memory, where there is: the journal is synchronous, and here the disk is not what is tested.
  std::filesystem::path base =
      std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
  std::string root = (base / fmt::format("carbon-simulation-{}", ::getpid())).string();
  std::filesystem::create_directories(root);
  ::setenv("CARBON_STATE_DIR", (root + "/state").c_str(), 1);
  ::setenv("SIMULATION_CANARY", "canary-7d1f0c", 1);
  std::uint64_t failed = 0;
  Ends ends{};
  for (std::uint64_t seed = first; seed <= last; ++seed)
    if (!survives(root, seed, first == last, ends)) ++failed;
  std::filesystem::remove_all(root);
  fmt::print("processes: {} killed, {} refused, {} with nothing to do, {} done, {} in part\n", ends[0],
             ends[1], ends[2], ends[3], ends[4]);
  fmt::print("{} seeds, {} failed\n", last - first + 1, failed);
  if (failed > 0) fmt::print("tell the story of one: {} SEED\n", arguments[0]);
  return failed == 0 ? 0 : 1;
}
