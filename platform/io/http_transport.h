#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/ports/io.h"
#include "platform/io/event_loop.h"
#include "platform/io/wakeup.h"

namespace carbon {

/// HTTP/1.1 and HTTP/2 over libcurl's multi interface. Connections are kept and reused an endpoint; requests
/// share one HTTP/2 connection. TLS is always verified, redirects are never followed, netrc is never read,
/// and proxies are those of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, never for loopback.
///
/// A request with a body is sent at most once, and so is a PUT, POST or PATCH without one: libcurl's own
/// repetition on a dead kept-alive connection is switched off for it, because the first copy may have taken
/// effect. Owned by a driver; used on its event-loop thread, but for wake().
class HttpTransport {
 public:
  using Done = std::function<void(HttpReply)>;

  HttpTransport();
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  ~HttpTransport();

  /// Starts a request; what cannot be sent at all is completed by the next collect().
  void start(const HttpEndpoint& endpoint, HttpRequest request, Done done);
  /// Waits until something can go on, one of the other descriptors is ready, or the time is over.
  void wait(std::vector<WaitedDescriptor>& others, Duration at_most);
  /// Ends a wait() early. The only call that other threads may make.
  void wake();
  /// Moves transfers on and appends the completions of those that have ended.
  void collect(Completions& out);

 private:
  struct State;
  std::unique_ptr<State> state_;  ///< nothing before the first request
  Completions early_;             ///< completions of requests that were not started
  Wakeup wakeup_;
};

/// Largest reply body that is taken; a larger one is a failure.
inline constexpr std::size_t max_reply_bytes = std::size_t{64} << 20;

/// True for an address or name that cannot leave this machine: 127.0.0.0/8, ::1, localhost and below
/// (RFC 6761, section 6.3).
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace carbon
