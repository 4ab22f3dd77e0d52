#include "platform/forge/forge_client.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/diagnostic_text.h"
#include "base/value_json.h"

namespace carbon {

namespace {

constexpr int attempts = 3;
constexpr std::size_t items_a_page = 100;
constexpr std::size_t most_pages = 100;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t longest_wait = 60 * second;
/// Of what a forge says of an error: enough to understand it.
constexpr std::size_t most_words = 300;

bool passing(const HttpReply& reply) {
  return reply.status == 0 || reply.status == 429 || reply.status >= 500;
}

/// What the forge asks for (RFC 9110, section 10.2.3, in seconds), at most a minute.
Duration wait_after(const HttpReply& reply, int attempt) {
  std::int64_t seconds = std::int64_t{1} << attempt;
  if (const std::string* asked = reply.header("retry-after")) {
    std::int64_t number = 0;
    auto read = std::from_chars(asked->data(), asked->data() + asked->size(), number);
    if (read.ec == std::errc() && number >= 0) seconds = number;
  }
  return Duration{std::min(seconds, longest_wait / second) * second};
}

DiagnosticCode code_of(int status) {
  if (status == 401) return DiagnosticCode::unauthorized;
  if (status == 403) return DiagnosticCode::forbidden;
  return status >= 500 ? DiagnosticCode::server_error : DiagnosticCode::server_refused;
}

/// `message` of both forges' errors; GitLab also says `error`.
std::string said(const HttpReply& reply) {
  Result<Value> json = parse_json(reply.body);
  std::string text;
  if (json && json->is_fields()) {
    for (std::string_view name : {"message", "error", "error_description"}) {
      const Value* found = json->find(name);
      if (found == nullptr || found->is_null()) continue;
      text +=
          (text.empty() ? "" : ": ") + (found->is_string() ? std::string(found->text()) : to_json(*found));
    }
  }
  return visible_line(text.substr(0, most_words));
}

}  // namespace

ForgeClient::ForgeClient(Io& io, std::string_view api, std::vector<Header> headers)
    : io_(io), headers_(std::move(headers)) {
  while (api.ends_with('/')) api.remove_suffix(1);
  std::size_t host = api.find("://");
  std::size_t path = host == std::string_view::npos ? std::string_view::npos : api.find('/', host + 3);
  endpoint_.name = endpoint_.base = std::string(api.substr(0, path));
  if (path != std::string_view::npos) path_ = std::string(api.substr(path));
  headers_.push_back({"Accept", "application/json"});
  headers_.push_back({"Content-Type", "application/json"});
  headers_.push_back({"User-Agent", "carbon"});
}

Task<HttpReply> ForgeClient::send(std::string method, std::string target, std::string body) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = path_ + target;
  request.headers = headers_;
  request.body = std::move(body);
  auto sending = io_.http(endpoint_, std::move(request));
  co_return co_await sending;
}

Result<Value> ForgeClient::read(const HttpReply& reply, std::string_view method,
                                std::string_view target) const {
  std::string asked =
      fmt::format("{} {}{}{}", method, endpoint_.name, path_, target.substr(0, target.find('?')));
  if (reply.status == 0) {
    auto code =
        reply.cause == HttpReply::Cause::tls ? DiagnosticCode::tls_failed : DiagnosticCode::unreachable;
    return fail(code, fmt::format("{}: {}", asked, visible_line(reply.failure)));
  }
  if (reply.status < 200 || reply.status > 299) {
    std::string words = said(reply);
    return fail(code_of(reply.status),
                fmt::format("{} answers {}{}{}", asked, reply.status, words.empty() ? "" : ": ", words));
  }
  if (reply.status == 204 || reply.body.empty()) return Value();
  Result<Value> json = parse_json(reply.body);
  if (!json) return fail(DiagnosticCode::bad_reply, fmt::format("{} answers what is no JSON", asked));
  return json;
}

Task<Result<Value>> ForgeClient::get(std::string target) {
  for (int attempt = 0;; ++attempt) {
    auto sending = send("GET", target, "");
    HttpReply reply = co_await sending;
    if (!passing(reply) || attempt + 1 == attempts) co_return read(reply, "GET", target);
    auto waiting = io_.sleep(wait_after(reply, attempt));
    co_await waiting;
  }
}

Task<Status> ForgeClient::change(std::string method, std::string target, Value body) {
  auto sending = send(method, target, body.is_null() ? "" : to_json(body));
  HttpReply reply = co_await sending;
  Result<Value> answer = read(reply, method, target);
  if (!answer) co_return fail(answer.error());
  co_return Status{};
}

Task<Result<std::vector<Value>>> ForgeClient::get_all(std::string target) {
  std::vector<Value> items;
  for (std::size_t page = 1; page <= most_pages; ++page) {
    auto getting = get(fmt::format("{}{}per_page={}&page={}", target,
                                   target.find('?') == std::string::npos ? "?" : "&", items_a_page, page));
    Result<Value> got = co_await getting;
    if (!got) co_return fail(got.error());
    if (!got->is_sequence())
      co_return fail(DiagnosticCode::bad_reply,
                     fmt::format("{}{}{} is no list", endpoint_.name, path_, target));
    items.insert(items.end(), got->items().begin(), got->items().end());
    if (got->items().size() < items_a_page) break;
  }
  co_return items;
}

std::optional<ForgeComment> first_comment(const std::vector<Value>& comments, std::string_view author,
                                          std::string_view key, std::string_view account,
                                          std::string_view beginning) {
  for (const Value& comment : comments) {
    const Value* by = comment.is_fields() ? comment.find(author) : nullptr;
    if (by == nullptr || text_member(*by, key) != account) continue;
    ForgeComment found{text_member(comment, "id"), text_member(comment, "body")};
    if (found.body.starts_with(beginning)) return found;
  }
  return std::nullopt;
}

std::string text_member(const Value& value, std::string_view name) {
  const Value* found = value.is_fields() ? value.find(name) : nullptr;
  if (found == nullptr) return "";
  if (found->is_string()) return std::string(found->text());
  return found->kind() == ValueKind::integer ? std::to_string(found->as_int()) : "";
}

}  // namespace carbon
