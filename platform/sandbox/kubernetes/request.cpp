#include "platform/sandbox/kubernetes/request.h"

#include <algorithm>

namespace carbon::sandbox {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus : std::uint8_t { plus, space };

std::string decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus == Plus::space ? ' ' : text[i]);
    }
  }
  return out;
}

}  // namespace

ApiRequest ApiRequest::of(std::string method, std::string_view target) {
  ApiRequest request;
  request.method = std::move(method);
  std::size_t mark = target.find('?');
  request.path = decode(target.substr(0, mark), Plus::plus);
  std::string_view query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!query.empty()) {
    std::size_t end = std::min(query.find('&'), query.size());
    std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    std::size_t equals = std::min(pair.find('='), pair.size());
    std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!pair.empty())
      request.query[decode(pair.substr(0, equals), Plus::space)] = decode(value, Plus::space);
  }
  return request;
}

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace

void ApiRequest::take_header(std::string_view name, std::string_view value) {
  constexpr std::string_view extra = "impersonate-extra-";
  std::string header = lower(name);
  if (header == "content-type") content_type = value;
  if (header == "accept") accept = value;
  if (header == "user-agent") user_agent = value;
  if (!header.starts_with("impersonate-")) return;
  if (!acts_as) acts_as = UserInfo{{}, {}, {}, {}};
  if (header == "impersonate-user") acts_as->name = value;
  if (header == "impersonate-uid") acts_as->uid = value;
  if (header == "impersonate-group") acts_as->groups.emplace_back(value);
  if (header.starts_with(extra))
    acts_as->extra[decode(header.substr(extra.size()), Plus::plus)].emplace_back(value);
}

std::vector<std::string> path_segments(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    std::size_t end = std::min(path.find('/'), path.size());
    if (end != 0) segments.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

}  // namespace carbon::sandbox
