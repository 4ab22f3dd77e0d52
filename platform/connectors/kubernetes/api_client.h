#pragma once

#include <string>

#include "base/task.h"
#include "engine/ports/io.h"
#include "platform/connectors/http/http_client.h"
#include "platform/connectors/kubernetes/login.h"

namespace carbon {

/// Requests to one API server (HttpClient), with what a kubeconfig says of logging in: what the server does
/// not let in (401) is sent once more with renewed credentials, if they can be renewed. Owned by a connector.
class KubernetesClient {
 public:
  KubernetesClient(Io& io, HttpEndpoint endpoint, KubernetesLogin login = {})
      : io_(io),
        endpoint_(std::move(endpoint)),
        credentials_(io, std::move(login)),
        client_(io, endpoint_, {}, {},
                [this](HttpRequest request) { return send_signed(std::move(request)); }) {}
  KubernetesClient(const KubernetesClient&) = delete;
  KubernetesClient& operator=(const KubernetesClient&) = delete;

  /// Of each request from now on; a minute where nothing else is said.
  void set_timeout(Duration timeout) { timeout_ = timeout; }
  [[nodiscard]] const HttpEndpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] Io& io() { return io_; }

  /// Gets the credentials that do not last, so that a login that fails is told as one. Errors: C0701, C0703.
  [[nodiscard]] Task<Status> log_in();

  [[nodiscard]] Task<HttpReply> read(std::string target, std::string accept = "application/json");
  /// The same, for one of several that are asked at once.
  [[nodiscard]] Task<void> read_into(std::string target, HttpReply* into);
  [[nodiscard]] Task<HttpReply> write(std::string method, std::string target, std::string content_type,
                                      std::string body, std::string accept = "application/json");

 private:
  [[nodiscard]] Task<HttpReply> send_signed(HttpRequest request);

  Io& io_;
  HttpEndpoint endpoint_;
  KubernetesCredentials credentials_;
  HttpClient client_;
  Duration timeout_ = HttpRequest().timeout;
};

}  // namespace carbon
