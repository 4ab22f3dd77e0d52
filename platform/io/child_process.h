#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "engine/ports/io.h"

namespace carbon {

/// Programs off the event-loop thread: each is waited for by a thread of its own, and its end comes back
/// through `post`. A program gets the environment that it is given and no other, nothing on standard input,
/// and no descriptor but these; what it says on standard error is dropped. It and everything that it started
/// are killed at the time limit. The destructor waits for what still runs.
class ProcessRunner {
 public:
  /// Runs a function on the event-loop thread; may be called from any thread.
  using Post = std::function<void(std::function<void()>)>;

  explicit ProcessRunner(Post post) : post_(std::move(post)) {}
  ProcessRunner(const ProcessRunner&) = delete;
  ProcessRunner& operator=(const ProcessRunner&) = delete;
  ~ProcessRunner();

  void start(ProcessRequest request, std::function<void(ProcessReply)> done);

 private:
  Post post_;
  std::vector<std::thread> threads_;
};

/// Runs a program and waits for its end.
[[nodiscard]] ProcessReply run_process(const ProcessRequest& request);

}  // namespace carbon
