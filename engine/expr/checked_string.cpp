#include "engine/expr/checked_string.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "base/spelling.h"
#include "engine/expr/ip_address.h"

namespace carbon {

namespace {

using Problem = std::optional<std::string>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }

Problem label_problem(std::string_view label) {
  if (is_dns_label(label)) return std::nullopt;
  if (label.empty()) return "a label must not be empty";
  if (label.size() > 63) return fmt::format("{} characters, at most 63", label.size());
  if (label.front() == '-' || label.back() == '-') return fmt::format("`{}` begins or ends with `-`", label);
  if (std::any_of(label.begin(), label.end(), is_upper)) return "upper case is not allowed";
  if (label.find('_') != std::string_view::npos) return "`_` is not allowed, use `-`";
  return "only a-z, 0-9 and `-` are allowed";
}

Problem dns_name_problem(std::string_view text) {
  if (text.empty()) return "a name must not be empty";
  if (text.size() > 253) return fmt::format("{} characters, at most 253", text.size());
  if (text.ends_with('.')) return "no final dot";
  if (text.find("://") != std::string_view::npos) return "a name only, without scheme";
  while (true) {
    std::size_t dot = text.find('.');
    if (auto problem = label_problem(text.substr(0, dot))) return problem;
    if (dot == std::string_view::npos) return std::nullopt;
    text.remove_prefix(dot + 1);
  }
}

Problem ip_problem(std::string_view text) {
  if (IpAddress::parse(text)) return std::nullopt;
  if (text.find('/') != std::string_view::npos) return "an address has no `/`: that is a `cidr`";
  if (text.find(':') != std::string_view::npos) return "expected IPv6 such as `2001:db8::1`";
  return "expected four numbers from 0 to 255 such as `10.0.0.1`, or IPv6";
}

Problem cidr_problem(std::string_view text) {
  if (IpNetwork::parse(text)) return std::nullopt;
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return "the length is missing: expected `10.0.0.0/8`";
  if (auto problem = ip_problem(text.substr(0, slash))) return problem;
  bool v6 = text.find(':') != std::string_view::npos;
  return fmt::format("the length after `/` is a number from 0 to {}", v6 ? 128 : 32);
}

Problem version_number_problem(std::string_view part) {
  if (part.empty() || !std::all_of(part.begin(), part.end(), is_digit))
    return fmt::format("`{}` is no number", part);
  if (part.size() > 1 && part.front() == '0') return fmt::format("`{}` has a leading zero", part);
  return std::nullopt;
}

enum class Identifiers : std::uint8_t { pre_release, build };

Problem identifiers_problem(std::string_view text, Identifiers kind) {
  while (true) {
    std::size_t dot = text.find('.');
    std::string_view part = text.substr(0, dot);
    bool fits = !part.empty() &&
                std::all_of(part.begin(), part.end(), [](char c) { return is_alnum(c) || c == '-'; });
    if (!fits) return fmt::format("`{}`: dot-separated words of letters, digits and `-`", part);
    bool number = std::all_of(part.begin(), part.end(), is_digit);
    if (kind == Identifiers::pre_release && number && part.size() > 1 && part.front() == '0')
      return fmt::format("`{}` has a leading zero", part);
    if (dot == std::string_view::npos) return std::nullopt;
    text.remove_prefix(dot + 1);
  }
}

Problem semver_problem(std::string_view text) {
  if (text.starts_with('v')) return "no leading `v`";
  std::size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    if (auto problem = identifiers_problem(text.substr(plus + 1), Identifiers::build)) return problem;
    text = text.substr(0, plus);
  }
  std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    if (auto problem = identifiers_problem(text.substr(dash + 1), Identifiers::pre_release)) return problem;
    text = text.substr(0, dash);
  }
  for (int i = 0; i < 3; ++i) {
    std::size_t dot = i < 2 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return "expected three numbers: major.minor.patch";
    if (auto problem = version_number_problem(text.substr(0, dot))) return problem;
    text.remove_prefix(i < 2 ? dot + 1 : dot);
  }
  return std::nullopt;
}

Problem port_problem(std::string_view text) {
  unsigned port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  bool fits = error == std::errc{} && end == text.data() + text.size() && port <= 65535;
  return fits ? Problem{} : fmt::format("`{}` is no port", text);
}

/// `host`, `host:port`, `[v6]:port`.
Problem endpoint_problem(std::string_view text) {
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || !IpAddress::parse(text.substr(1, end - 1)))
      return "`[…]` holds no IPv6 address";
    ++end;
    if (end == text.size()) return std::nullopt;
    if (text[end] != ':') return "only a port may follow `]`";
  }
  std::string_view host = text.substr(0, end);
  if (host.empty()) return "the host is missing";
  auto allowed = [](char c) {
    return is_alnum(c) || std::string_view("-._~%!$&'()*+=[]:").find(c) != std::string_view::npos;
  };
  if (!std::all_of(host.begin(), host.end(), allowed)) return fmt::format("`{}` is no host", host);
  return end == std::string_view::npos || end >= text.size() ? Problem{} : port_problem(text.substr(end + 1));
}

Problem url_problem(std::string_view text) {
  auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  if (std::any_of(text.begin(), text.end(), blank)) return "no blanks or control characters: write `%20`";
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return "expected `scheme://host`, such as `https://example.com`";
  std::string_view scheme = text.substr(0, colon);
  auto in_scheme = [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.' || c == ':'; };
  bool letter = !scheme.empty() && (is_lower(scheme.front()) || is_upper(scheme.front()));
  if (!letter || !std::all_of(scheme.begin(), scheme.end(), in_scheme))
    return fmt::format("`{}` is no scheme", scheme);
  std::string_view authority = text.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#;"));
  if (std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.empty()) return scheme == "file" ? Problem{} : "the host is missing";
  // Several hosts, as MongoDB's and PostgreSQL's drivers take them.
  while (true) {
    std::size_t comma = authority.find(',');
    if (auto problem = endpoint_problem(authority.substr(0, comma))) return problem;
    if (comma == std::string_view::npos) return std::nullopt;
    authority.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string_view describe(CheckedString checked) {
  switch (checked) {
    case CheckedString::none: return "a string";
    case CheckedString::cron: return "a cron schedule";
    case CheckedString::cidr: return "an address range (CIDR)";
    case CheckedString::ip: return "an IP address";
    case CheckedString::url: return "a URL";
    case CheckedString::dns_name: return "a DNS name";
    case CheckedString::dns_label: return "a DNS label";
    case CheckedString::semver: return "a semantic version";
    case CheckedString::regex: return "a regular expression";
  }
  return "a string";
}

std::optional<std::string> string_problem(CheckedString checked, std::string_view text,
                                          const Patterns& patterns) {
  switch (checked) {
    case CheckedString::none: return std::nullopt;
    case CheckedString::cron: return cron_problem(text);
    case CheckedString::cidr: return cidr_problem(text);
    case CheckedString::ip: return ip_problem(text);
    case CheckedString::url: return url_problem(text);
    case CheckedString::dns_name: return dns_name_problem(text);
    case CheckedString::dns_label: return label_problem(text);
    case CheckedString::semver: return semver_problem(text);
    case CheckedString::regex: {
      std::string problem = patterns.problem == nullptr ? "" : patterns.problem(text);
      return problem.empty() ? Problem{} : problem;
    }
  }
  return std::nullopt;
}

}  // namespace carbon
