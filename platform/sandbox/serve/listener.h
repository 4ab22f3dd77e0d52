#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "platform/sandbox/kubernetes_tables/table.h"
#include "platform/sandbox/sandbox.h"

namespace carbon::sandbox {

/// A watch that is being sent to one client.
struct WatchStream {
  WatchStart watch;
  std::optional<TableRequest> table;
  std::string first;  ///< what the response began with
  std::int64_t end = 0;
  std::int64_t next_bookmark = 0;
};

/// The world behind one mutex, for the threads of a server: requests, watches and the controllers' clock.
/// Knows nothing of sockets.
class Listener {
 public:
  explicit Listener(Sandbox& world) : world_(world) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// A response, as a Table where the client asks for one.
  [[nodiscard]] ApiResponse handle(const ApiRequest& request);
  [[nodiscard]] std::shared_ptr<WatchStream> open_watch(const ApiRequest& request, ApiResponse response);
  /// What to send next; waits for something up to a second, so the caller can look whether the client is
  /// still there.
  struct Part {
    std::string lines;
    bool last = false;
  };
  [[nodiscard]] Part next_part(WatchStream& stream);

  /// The uid of a ServiceAccount, or empty.
  [[nodiscard]] std::string account_uid(const std::string& name_space, const std::string& name);
  /// The world's time, nanoseconds since 1970.
  [[nodiscard]] std::int64_t now() const;

  /// Lets the controllers work when it is time, until stop().
  void run_controllers();
  /// Ends watches and the controllers.
  void stop();

 private:
  [[nodiscard]] std::optional<TableRequest> table_of(const ApiRequest& request);

  Sandbox& world_;
  std::mutex lock_;                  ///< around world_
  std::condition_variable changed_;  ///< after any write
  bool stopped_ = false;             ///< guarded by lock_
};

}  // namespace carbon::sandbox
