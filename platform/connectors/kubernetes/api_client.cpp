#include "platform/connectors/kubernetes/api_client.h"

#include <algorithm>
#include <vector>

#include "engine/model/secret_texts.h"
#include "platform/connectors/kubernetes/api_error.h"

namespace carbon {

namespace {

constexpr int most_busy = 10;
constexpr int most_broken = 3;
constexpr Duration first_pause{200'000'000};
constexpr Duration longest_pause{5'000'000'000};
// The server gives up on a write after 34 s (apiserver, "requestTimeoutUpperBound"); a reply after that is
// lost.
constexpr Duration write_timeout{40'000'000'000};

bool is_busy(const HttpReply& reply) { return reply.status == 429 || reply.status == 503; }

bool is_broken(const HttpReply& reply) {
  if (reply.status != 0) return reply.status == 500 || reply.status == 502 || reply.status == 504;
  return reply.cause == HttpReply::Cause::refused || reply.cause == HttpReply::Cause::reset ||
         reply.cause == HttpReply::Cause::timeout;
}

}  // namespace

Duration KubernetesClient::jittered(Duration pause) {
  auto byte = static_cast<unsigned char>(io_.random(1).front());
  return Duration{pause.nanoseconds + pause.nanoseconds / 4 * byte / 256};
}

Task<HttpReply> KubernetesClient::send(HttpRequest request) {
  request.headers.push_back({"Accept", "application/json"});
  auto entering = window_.enter();
  co_await entering;
  auto sending = io_.http(endpoint_, std::move(request));
  HttpReply reply = co_await sending;
  if (reply.status > 299) {
    std::vector<std::string> secrets{endpoint_.bearer_token};
    reply.body = without_secrets(std::move(reply.body), secrets);
  }
  bool overloaded = is_busy(reply) || reply.cause == HttpReply::Cause::timeout;
  window_.leave(overloaded ? AdaptiveWindow::Sign::overloaded : AdaptiveWindow::Sign::fine);
  co_return reply;
}

Task<HttpReply> KubernetesClient::read(std::string target) {
  Duration pause = first_pause;
  int busy = 0;
  int broken = 0;
  while (true) {
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    auto sending = send(std::move(request));
    HttpReply reply = co_await sending;
    bool again = (is_busy(reply) && ++busy < most_busy) || (is_broken(reply) && ++broken < most_broken);
    if (!again) co_return reply;
    Duration wait = jittered(retry_after(reply).value_or(pause));
    auto sleeping = io_.sleep(wait);
    static_cast<void>(co_await sleeping);
    pause = std::min(Duration{pause.nanoseconds * 2}, longest_pause);
  }
}

Task<HttpReply> KubernetesClient::write(std::string method, std::string target, std::string content_type,
                                        std::string body) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.push_back({"Content-Type", std::move(content_type)});
  request.body = std::move(body);
  request.timeout = write_timeout;
  auto sending = send(std::move(request));
  HttpReply reply = co_await sending;
  co_return reply;
}

}  // namespace carbon
