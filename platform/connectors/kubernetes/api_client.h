#pragma once

#include <string>

#include "base/task.h"
#include "engine/ports/io.h"
#include "platform/connectors/adaptive_window.h"

namespace carbon {

/// Requests to one API server, under one window. Reads are repeated while that can help: 429 and 503 as long
/// as the server asks to wait, lost replies and 5xx a few times. Writes are sent once; their caller decides.
/// Owned by a connector.
class KubernetesClient {
 public:
  KubernetesClient(Io& io, HttpEndpoint endpoint) : io_(io), endpoint_(std::move(endpoint)) {}
  KubernetesClient(const KubernetesClient&) = delete;
  KubernetesClient& operator=(const KubernetesClient&) = delete;

  [[nodiscard]] const HttpEndpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] Io& io() { return io_; }

  [[nodiscard]] Task<HttpReply> read(std::string target);
  [[nodiscard]] Task<HttpReply> write(std::string method, std::string target, std::string content_type,
                                      std::string body);

 private:
  [[nodiscard]] Task<HttpReply> send(HttpRequest request);
  [[nodiscard]] Duration jittered(Duration pause);

  Io& io_;
  HttpEndpoint endpoint_;
  AdaptiveWindow window_;
};

}  // namespace carbon
