#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace carbon::test {

namespace {

int listen_somewhere(int& port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, raw, length) != 0 || listen(fd, 64) != 0 || getsockname(fd, raw, &length) != 0)
    std::abort();
  port = ntohs(address.sin_port);
  return fd;
}

std::size_t body_length(std::string_view head) {
  auto at = head.find("Content-Length: ");
  return at == std::string_view::npos ? 0 : std::strtoul(head.data() + at + 16, nullptr, 10);
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = listen_somewhere(port_);
  accepting_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  close(listener_);
  for (int fd : open_) shutdown(fd, SHUT_RDWR);
  for (std::thread& thread : threads_) thread.join();
  for (int fd : open_) close(fd);
}

void LoopbackServer::accept_all() {
  for (;;) {
    int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    // A copy stays open so that the number is not given to somebody else before the server ends.
    open_.push_back(fd);
    threads_.emplace_back([this, fd] {
      handler_(fd);
      linger how{};
      socklen_t length = sizeof how;
      getsockopt(fd, SOL_SOCKET, SO_LINGER, &how, &length);
      if (how.l_onoff == 0) {
        shutdown(fd, SHUT_RDWR);
      } else {
        // The only way to send RST from an open descriptor is to dissolve the association (connect(2)).
        sockaddr nowhere{};
        nowhere.sa_family = AF_UNSPEC;
        connect(fd, &nowhere, sizeof nowhere);
      }
    });
  }
}

std::string LoopbackServer::read_request(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  std::size_t wanted = std::string::npos;
  while (text.size() < wanted) {
    ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return {};
    text.append(buffer.data(), static_cast<std::size_t>(got));
    auto end = text.find("\r\n\r\n");
    if (wanted == std::string::npos && end != std::string::npos) wanted = end + 4 + body_length(text);
  }
  return text;
}

void LoopbackServer::write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void LoopbackServer::reset_on_close(int fd) {
  linger how{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &how, sizeof how);
}

int free_port() {
  int port = 0;
  close(listen_somewhere(port));
  return port;
}

}  // namespace carbon::test
