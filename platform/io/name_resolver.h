#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace carbon {

/// Name resolution off the event-loop thread: getaddrinfo has no other form that honours nsswitch. Results
/// come back through `post`. The destructor waits for what still runs (resolv.conf's own timeouts bound it).
class NameResolver {
 public:
  /// Runs a function on the event-loop thread; may be called from any thread.
  using Post = std::function<void(std::function<void()>)>;
  /// Addresses in numeric form, or none and why.
  struct Answer {
    std::vector<std::string> addresses;
    std::string failure;
  };

  explicit NameResolver(Post post) : post_(std::move(post)) {}
  NameResolver(const NameResolver&) = delete;
  NameResolver& operator=(const NameResolver&) = delete;
  ~NameResolver();

  void resolve(std::string host, std::function<void(Answer)> done);

 private:
  Post post_;
  std::vector<std::thread> threads_;
};

}  // namespace carbon
