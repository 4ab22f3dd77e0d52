#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/apply/run.h"
#include "engine/plan/plan.h"
#include "tests/simulation/driver.h"
#include "tests/simulation/platform.h"

namespace carbon::simulation {

enum class Ended : std::uint8_t {
  killed,
  refused,    ///< the plan had errors: nothing was applied
  unchanged,  ///< the plan was empty
  applied,    ///< everything done
  partly,     ///< some steps failed
};

/// A platform, the cluster that it lives in, and what carbon keeps on disk in between. Each call is one
/// process of carbon, the real one from the text to the requests; what it must never do is checked after each
/// (engine.md, section 1: I1 to I12) and remembered as a violation.
class History {
 public:
  /// `folder` is empty and belongs to this object.
  History(std::string folder, std::uint64_t seed, unsigned blocks);

  /// Writes the platform's text; whoever runs carbon next plans with it.
  void publish();
  Ended run(const Trouble& trouble, bool destroy = false);
  /// Runs without trouble until nothing is to change; a violation when that does not come about.
  void converge(bool destroy = false);
  /// Nothing of carbon's is left, there and in the inventory.
  void expect_nothing();

  Platform platform;
  Cluster cluster;
  std::vector<std::string> violations;
  std::string story;                    ///< what happened, a line a process
  std::array<std::uint64_t, 5> ends{};  ///< processes by how they ended, see Ended

 private:
  Ended plan_and_apply(SimulationDriver& driver, bool destroy);
  void check_plan(const Plan& plan, bool destroy);
  void check_writes(const Plan& plan, ResourceTypes& types);
  void check_run(const Plan& plan, const Run& run);
  /// Everything that carbon made is in the inventory or in the journal; after a run that ended well the
  /// inventory is what is there.
  void check_objects(bool ended_well);
  void check_secrets();
  void violate(const std::string& what);

  std::string folder_;
  std::uint64_t seed_;
  std::uint64_t processes_ = 0;
};

}  // namespace carbon::simulation
