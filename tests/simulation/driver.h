#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "tests/simulation/cluster.h"
#include "tests/support/simulated_io.h"

namespace carbon::simulation {

/// Thrown out of the event loop where the process dies: nothing of it runs any more.
struct Killed {};

/// What goes wrong in one process, as parts of a thousand requests, and when it dies.
struct Trouble {
  unsigned lost_requests = 0;               ///< never sent: the connection is refused
  unsigned lost_replies = 0;                ///< carried out, and reset before the reply
  unsigned late = 0;                        ///< reset, and carried out up to a minute later
  unsigned refused = 0;                     ///< 429 or 503, not carried out
  unsigned failed = 0;                      ///< 500 or 504, before or after it was carried out
  unsigned interference = 0;                ///< somebody else edits or deletes an object in between
  std::optional<std::uint64_t> kill_after;  ///< steps of the event loop
  bool partition = false;                   ///< for some seconds nobody reaches the server
};

/// The Io of one process that talks to the Cluster over a wire that loses, delays and repeats nothing by
/// itself. Equal seeds give equal runs.
class SimulationDriver final : public test::SimulatedIo {
 public:
  SimulationDriver(Cluster& cluster, std::uint64_t seed, const Trouble& trouble);

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;
  [[nodiscard]] std::int64_t wall_clock() override { return begin_ + now(); }
  void run(Task<void>& root) override;

  /// Called now and then when `interference` strikes.
  std::function<void()> interfere;

 private:
  [[nodiscard]] bool strikes(unsigned thousandths) { return dice_() % 1000 < thousandths; }
  [[nodiscard]] std::int64_t some(std::int64_t most) {
    return static_cast<std::int64_t>(dice_() % static_cast<std::uint64_t>(most));
  }
  void carry_out(const HttpRequest& request, bool reply_lost, bool fails, const Done<HttpReply>& done);

  Cluster& cluster_;
  std::int64_t begin_;
  std::mt19937_64 dice_;
  Trouble trouble_;
  std::uint64_t steps_ = 0;
  std::int64_t partition_begin_ = 0;
  std::int64_t partition_end_ = 0;
};

}  // namespace carbon::simulation
