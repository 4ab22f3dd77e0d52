// What an environment says of where a provider is reached: `endpoint db "postgres://127.0.0.1:5433"`. Only
// host and port change; who logs in, and how the connection is secured, stays as the provider writes it.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

struct HostAndPort {
  std::string_view host;
  std::optional<int> port;
};

/// `SCHEME://HOST[:PORT]`, and nothing else: a user, a password or a path would be ignored.
std::optional<HostAndPort> read_url(std::string_view url) {
  constexpr std::array<std::string_view, 2> schemes{"postgres://", "postgresql://"};
  auto starts = [&](std::string_view scheme) { return url.starts_with(scheme); };
  auto scheme = std::find_if(schemes.begin(), schemes.end(), starts);
  if (scheme == schemes.end()) return std::nullopt;
  url.remove_prefix(scheme->size());
  HostAndPort made;
  std::size_t end = url.starts_with('[') ? url.find(']') : url.find(':');
  if (url.starts_with('[')) {
    if (end == std::string_view::npos) return std::nullopt;
    made.host = url.substr(1, end - 1);
    url.remove_prefix(end + 1);
  } else {
    made.host = url.substr(0, end);
    url.remove_prefix(made.host.size());
  }
  if (made.host.empty() || made.host.find_first_of("@/?# ") != std::string_view::npos) return std::nullopt;
  if (url.empty()) return made;
  int port = 0;
  auto [stop, error] = std::from_chars(url.data() + 1, url.data() + url.size(), port);
  bool whole = url.front() == ':' && error == std::errc() && stop == url.data() + url.size();
  if (!whole || port < 1 || port > 65535) return std::nullopt;
  made.port = port;
  return made;
}

Value with_entry(const Value& record, std::string_view name, Value value) {
  std::vector<Entry> entries(record.entries().begin(), record.entries().end());
  auto same = [&](const Entry& each) { return each.key.text() == name; };
  auto found = std::find_if(entries.begin(), entries.end(), same);
  if (found != entries.end()) {
    found->value = std::move(value);
  } else {
    entries.push_back({Value::string(name), std::move(value)});
  }
  return Value::record(std::move(entries)).with_origin(record.origin());
}

}  // namespace

bool Expander::endpoint(Member& member, Value& config) {
  bool root = member.scope.around == nullptr && &member.scope == &packages_.front();
  if (environment_ == nullptr || !root) return true;
  SourceSpan before;
  for (std::size_t i = 0; i < environment_->endpoints.size(); ++i) {
    const Environment::Endpoint& each = environment_->endpoints[i];
    if (each.declaration != member.index) continue;
    Frame frame;
    frame.slots.resize(each.locals);
    frame.outer = &member.scope.frame;
    std::optional<std::string> target = target_address(each.target, frame);
    if (!target) return false;
    if (*target != member.address) continue;
    reached_[i] = true;
    if (before.known()) {
      sink_
          .error(DiagnosticCode::field_repeated, fmt::format("`{}` has two endpoints", member.address),
                 each.target.span, "again here")
          .labels.push_back({before, "first here"});
      return false;
    }
    before = each.target.span;
    std::optional<Value> url = evaluate_in(*each.url, frame);
    if (!url) return false;
    if (auto problem = open_problem("an endpoint", *url, each.url->span)) {
      report(*problem);
      return false;
    }
    std::optional<HostAndPort> where = read_url(url->text());
    if (!where) {
      Diagnostic& error =
          sink_.error(DiagnosticCode::setting_arguments,
                      fmt::format("this is no endpoint of `{}`", member.address), each.url->span);
      error.helps.push_back(
          {"write `postgres://HOST` or `postgres://HOST:PORT`, with nothing behind it", {}});
      return false;
    }
    config = with_entry(config, "host", Value::string(where->host).with_origin(url->origin()));
    if (where->port) config = with_entry(config, "port", Value::integer(*where->port));
  }
  return true;
}

void Expander::unused_endpoints() {
  if (environment_ == nullptr || stopped_) return;
  for (std::size_t i = 0; i < reached_.size(); ++i) {
    const Environment::Endpoint& each = environment_->endpoints[i];
    if (reached_[i] || packages_.front().failed[each.declaration]) continue;
    sink_.error(DiagnosticCode::unknown_name, "the endpoint names no provider that is there",
                each.target.span, "not declared in this environment");
  }
}

}  // namespace carbon
