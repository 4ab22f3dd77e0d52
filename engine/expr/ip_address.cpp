#include "engine/expr/ip_address.h"

#include <fmt/format.h>
#include <charconv>
#include <vector>

namespace carbon {

namespace {

/// Digits without sign, leading zeros (unless base 16) and excess; nothing otherwise.
std::optional<unsigned> number(std::string_view text, int base, std::size_t digits, unsigned limit) {
  unsigned value = 0;
  if (text.empty() || text.size() > digits || (base == 10 && text.size() > 1 && text[0] == '0'))
    return std::nullopt;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || value > limit) return std::nullopt;
  return value;
}

bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    auto part = number(text.substr(0, dot), 10, 3, 255);
    if (!part) return false;
    out[i] = static_cast<std::uint8_t>(*part);
    text.remove_prefix(i < 3 ? dot + 1 : dot);
  }
  return true;
}

/// Groups of one side of `::`; the last may be a dotted quad. Nothing when one is malformed.
std::optional<std::vector<std::uint8_t>> groups(std::string_view text) {
  std::vector<std::uint8_t> out;
  while (!text.empty()) {
    std::size_t colon = text.find(':');
    std::string_view part = text.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      std::uint8_t quad[4];
      if (!parse_v4(part, quad)) return std::nullopt;
      out.insert(out.end(), quad, quad + 4);
      return out;
    }
    auto group = number(part, 16, 4, 0xFFFF);
    if (!group) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(*group >> 8));
    out.push_back(static_cast<std::uint8_t>(*group & 0xFF));
    if (colon == std::string_view::npos) return out;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
  }
  return out;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  IpAddress out;
  out.size = 16;
  std::size_t gap = text.find("::");
  auto head = groups(text.substr(0, gap));
  bool has_gap = gap != std::string_view::npos;
  auto tail = groups(has_gap ? text.substr(gap + 2) : std::string_view{});
  bool quad_before_gap = has_gap && text.substr(0, gap).find('.') != std::string_view::npos;
  if (!head || !tail || quad_before_gap) return std::nullopt;
  std::size_t filled = head->size() + tail->size();
  if (has_gap ? filled > 14 : filled != 16) return std::nullopt;
  std::copy(head->begin(), head->end(), out.bytes.begin());
  std::copy(tail->begin(), tail->end(), out.bytes.end() - static_cast<std::ptrdiff_t>(tail->size()));
  return out;
}

std::string text_v6(const IpAddress& address) {
  unsigned groups[8];
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
  // RFC 5952: the longest run of at least two zero groups becomes `::`, the first of equals.
  std::size_t best = 8, length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > length) {
      best = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ":";
    out += fmt::format("{:x}", groups[i]);
  }
  return out;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  IpAddress out;
  if (!parse_v4(text, out.bytes.data())) return std::nullopt;
  return out;
}

std::string IpAddress::text() const {
  if (size == 16) return text_v6(*this);
  return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto address = IpAddress::parse(text.substr(0, slash));
  auto prefix = number(text.substr(slash + 1), 10, 3, 128);
  if (!address || !prefix || *prefix > address->bits()) return std::nullopt;
  return IpNetwork{*address, *prefix};
}

IpNetwork IpNetwork::network() const {
  IpNetwork out = *this;
  for (unsigned bit = prefix; bit < address.bits(); ++bit) {
    auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    out.address.bytes[bit / 8] = static_cast<std::uint8_t>(out.address.bytes[bit / 8] & ~mask);
  }
  return out;
}

std::string IpNetwork::text() const { return fmt::format("{}/{}", address.text(), prefix); }

}  // namespace carbon
