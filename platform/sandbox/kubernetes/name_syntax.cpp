#include "platform/sandbox/kubernetes/name_syntax.h"

#include <fmt/format.h>
#include <algorithm>

namespace carbon::sandbox {

namespace {

constexpr std::string_view subdomain_message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
    "start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view label_message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
    "and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view service_message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
    "character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view label_value_message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
    "start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
    "validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr std::string_view name_part_message =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view config_key_message =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
    "'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

constexpr std::size_t label_length = 63;
constexpr std::size_t subdomain_length = 253;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_alnum(char c) { return is_lower(c) || is_digit(c); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }
bool is_name_char(char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }

bool is_dns_label(std::string_view text) {
  return !text.empty() && is_lower_alnum(text.front()) && is_lower_alnum(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_alnum(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    std::size_t dot = text.find('.');
    if (!is_dns_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_name_part(std::string_view text) {
  return !text.empty() && is_alnum(text.front()) && is_alnum(text.back()) &&
         std::ranges::all_of(text, is_name_char);
}

std::string too_long(std::size_t most) { return fmt::format("must be no more than {} characters", most); }

std::string checked(std::string_view text, std::size_t most, bool right, std::string_view message) {
  if (text.size() > most) return too_long(most);
  return right ? std::string() : std::string(message);
}

}  // namespace

std::string dns_label_error(std::string_view name) {
  return checked(name, label_length, is_dns_label(name), label_message);
}

std::string name_error(NameRule rule, std::string_view name) {
  switch (rule) {
    case NameRule::subdomain: return checked(name, subdomain_length, is_subdomain(name), subdomain_message);
    case NameRule::label: return dns_label_error(name);
    case NameRule::service_label:
      return checked(name, label_length, is_dns_label(name) && is_lower(name.front()), service_message);
    case NameRule::path_segment:
      if (name == "." || name == "..") return fmt::format("may not be '{}'", name);
      if (name.find('/') != std::string_view::npos) return "may not contain '/'";
      return name.find('%') != std::string_view::npos ? "may not contain '%'" : "";
  }
  return {};
}

std::string label_value_error(std::string_view value) {
  return checked(value, label_length, value.empty() || is_name_part(value), label_value_message);
}

std::string qualified_name_error(std::string_view key) {
  std::size_t slash = key.find('/');
  std::string_view name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  if (slash != std::string_view::npos) {
    std::string_view prefix = key.substr(0, slash);
    if (prefix.empty()) return "prefix part must be non-empty";
    if (!is_subdomain(prefix)) return fmt::format("prefix part {}", subdomain_message);
  }
  if (name.empty()) return "name part must be non-empty";
  if (name.size() > label_length) return "name part " + too_long(label_length);
  return is_name_part(name) ? std::string() : std::string(name_part_message);
}

std::string config_key_error(std::string_view key) {
  if (key == "." || key == "..") return fmt::format("must not be '{}'", key);
  return checked(key, subdomain_length, !key.empty() && std::ranges::all_of(key, is_name_char),
                 config_key_message);
}

}  // namespace carbon::sandbox
