#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "engine/ports/io.h"
#include "platform/connectors/adaptive_window.h"

namespace carbon {

/// Requests to one server, under one window. Reads are repeated while that can help: 429 and 503 as long
/// as the server asks to wait, lost replies and 5xx a few times. Writes are sent once; their caller decides.
/// What a server says in a reply that is no success comes without the secrets that requests carry. Owned by a
/// connector.
class HttpClient {
 public:
  /// What carries one request out where that is more than sending it, such as renewing credentials. What it
  /// refers to outlives the client.
  using Sender = std::function<Task<HttpReply>(HttpRequest)>;

  /// `headers` go with every request. `secrets` are the texts in them that nothing may repeat.
  HttpClient(Io& io, HttpEndpoint endpoint, std::vector<Header> headers = {},
             std::vector<std::string> secrets = {}, Sender sender = {});
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  [[nodiscard]] const HttpEndpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::vector<std::string>& secrets() const { return secrets_; }
  [[nodiscard]] Io& io() { return io_; }

  [[nodiscard]] Task<HttpReply> read(HttpRequest request);
  [[nodiscard]] Task<HttpReply> write(HttpRequest request);

 private:
  [[nodiscard]] Task<HttpReply> send(HttpRequest request);
  [[nodiscard]] Duration jittered(Duration pause);

  Io& io_;
  HttpEndpoint endpoint_;
  std::vector<Header> headers_;
  std::vector<std::string> secrets_;
  Sender sender_;
  AdaptiveWindow window_;
};

/// `Retry-After` in seconds, at most a minute.
[[nodiscard]] std::optional<Duration> retry_after(const HttpReply& reply);

}  // namespace carbon
