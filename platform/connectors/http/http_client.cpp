#include "platform/connectors/http/http_client.h"

#include <algorithm>
#include <charconv>

#include "engine/model/secret_texts.h"

namespace carbon {

namespace {

constexpr int most_busy = 10;
constexpr int most_broken = 3;
constexpr Duration first_pause{200'000'000};
constexpr Duration longest_pause{5'000'000'000};
// Kubernetes gives up on a write after 34 s (apiserver, "requestTimeoutUpperBound"); a reply after that is
// lost.
constexpr Duration write_timeout{40'000'000'000};

bool is_busy(const HttpReply& reply) { return reply.status == 429 || reply.status == 503; }

bool is_broken(const HttpReply& reply) {
  if (reply.status != 0) return reply.status == 500 || reply.status == 502 || reply.status == 504;
  return reply.cause == HttpReply::Cause::refused || reply.cause == HttpReply::Cause::reset ||
         reply.cause == HttpReply::Cause::timeout;
}

}  // namespace

HttpClient::HttpClient(Io& io, HttpEndpoint endpoint, std::vector<Header> headers,
                       std::vector<std::string> secrets, Sender sender)
    : io_(io),
      endpoint_(std::move(endpoint)),
      headers_(std::move(headers)),
      secrets_(std::move(secrets)),
      sender_(std::move(sender)) {}

Duration HttpClient::jittered(Duration pause) {
  auto byte = static_cast<unsigned char>(io_.random(1).front());
  return Duration{pause.nanoseconds + pause.nanoseconds / 4 * byte / 256};
}

Task<HttpReply> HttpClient::send(HttpRequest request) {
  request.headers.insert(request.headers.end(), headers_.begin(), headers_.end());
  auto entering = window_.enter();
  co_await entering;
  HttpReply reply;
  if (sender_) {
    auto sending = sender_(std::move(request));
    reply = co_await sending;
  } else {
    auto sending = io_.http(endpoint_, std::move(request));
    reply = co_await sending;
  }
  if (reply.status > 299) reply.body = without_secrets(std::move(reply.body), secrets_);
  bool overloaded = is_busy(reply) || reply.cause == HttpReply::Cause::timeout;
  window_.leave(overloaded ? AdaptiveWindow::Sign::overloaded : AdaptiveWindow::Sign::fine);
  co_return reply;
}

Task<HttpReply> HttpClient::read(HttpRequest request) {
  Duration pause = first_pause;
  int busy = 0;
  int broken = 0;
  while (true) {
    HttpRequest copy = request;
    auto sending = send(std::move(copy));
    HttpReply reply = co_await sending;
    bool again = (is_busy(reply) && ++busy < most_busy) || (is_broken(reply) && ++broken < most_broken);
    if (!again) co_return reply;
    Duration wait = jittered(retry_after(reply).value_or(pause));
    auto sleeping = io_.sleep(wait);
    static_cast<void>(co_await sleeping);
    pause = std::min(Duration{pause.nanoseconds * 2}, longest_pause);
  }
}

Task<HttpReply> HttpClient::write(HttpRequest request) {
  request.timeout = write_timeout;
  auto sending = send(std::move(request));
  HttpReply reply = co_await sending;
  co_return reply;
}

std::optional<Duration> retry_after(const HttpReply& reply) {
  const std::string* text = reply.header("Retry-After");
  if (text == nullptr) return std::nullopt;
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc() || end != text->data() + text->size() || seconds < 0) return std::nullopt;
  return Duration{std::min<std::int64_t>(seconds, 60) * 1'000'000'000};
}

}  // namespace carbon
