#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace carbon::test {

/// A server on a loopback port, for tests that need bytes on a real socket. Each connection gets a thread.
class LoopbackServer {
 public:
  /// Called for each connection; the descriptor is closed afterwards.
  using Handler = std::function<void(int fd)>;

  explicit LoopbackServer(Handler handler);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int connections() const { return connections_; }

  /// Reads one HTTP request with its body (Content-Length); empty when the peer is gone.
  [[nodiscard]] static std::string read_request(int fd);
  static void write_all(int fd, std::string_view bytes);
  /// Makes close() send RST instead of FIN.
  static void reset_on_close(int fd);

 private:
  void accept_all();

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::vector<std::thread> threads_;  ///< touched by the accepting thread only, until it has ended
  std::vector<int> open_;
  std::thread accepting_;
};

/// A port on which nobody listens.
[[nodiscard]] int free_port();

}  // namespace carbon::test
