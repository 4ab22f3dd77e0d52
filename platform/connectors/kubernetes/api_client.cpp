#include "platform/connectors/kubernetes/api_client.h"

#include <vector>

#include "engine/model/secret_texts.h"

namespace carbon {

Task<Status> KubernetesClient::log_in() {
  auto refreshing = credentials_.refresh(&endpoint_, 0);
  Status done = co_await refreshing;
  co_return done;
}

Task<HttpReply> KubernetesClient::send_signed(HttpRequest request) {
  for (const Header& header : credentials_.impersonation()) request.headers.push_back(header);
  std::uint64_t rejected = 0;
  while (true) {
    auto refreshing = credentials_.refresh(&endpoint_, rejected);
    Status signed_in = co_await refreshing;
    if (!signed_in) {
      HttpReply none;
      none.failure = signed_in.error().message();
      none.cause = HttpReply::Cause::other;
      co_return none;
    }
    std::uint64_t generation = credentials_.generation();
    HttpRequest copy = request;
    auto sending = io_.http(endpoint_, std::move(copy));
    HttpReply reply = co_await sending;
    bool again = reply.status == 401 && generation != 0 && rejected == 0;
    if (!again) {
      std::vector<std::string> secrets{endpoint_.bearer_token};
      if (reply.status > 299) reply.body = without_secrets(std::move(reply.body), secrets);
      co_return reply;
    }
    rejected = generation;
  }
}

Task<HttpReply> KubernetesClient::read(std::string target, std::string accept) {
  HttpRequest request;
  request.method = "GET";
  request.target = std::move(target);
  request.headers.push_back({"Accept", std::move(accept)});
  request.timeout = timeout_;
  auto reading = client_.read(std::move(request));
  HttpReply reply = co_await reading;
  co_return reply;
}

Task<void> KubernetesClient::read_into(std::string target, HttpReply* into) {
  auto reading = read(std::move(target));
  HttpReply reply = co_await reading;
  *into = std::move(reply);
}

Task<HttpReply> KubernetesClient::write(std::string method, std::string target, std::string content_type,
                                        std::string body, std::string accept) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.push_back({"Content-Type", std::move(content_type)});
  request.headers.push_back({"Accept", std::move(accept)});
  request.body = std::move(body);
  request.timeout = timeout_;
  auto writing = client_.write(std::move(request));
  HttpReply reply = co_await writing;
  co_return reply;
}

}  // namespace carbon
