#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carbon {

/// An IPv4 or IPv6 address: the bits, most significant first.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  unsigned size = 4;  ///< bytes in use: 4 or 16

  /// Dotted quad without leading zeros, or RFC 4291 text; no zone. Nothing for any other text.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
  /// Canonical text: RFC 5952 for IPv6.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] unsigned bits() const { return size * 8; }
};

/// `10.0.0.0/8`: an address and the length of its network part. Host bits may be set.
struct IpNetwork {
  IpAddress address;
  unsigned prefix = 0;

  [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);
  /// With the host bits cleared.
  [[nodiscard]] IpNetwork network() const;
  [[nodiscard]] std::string text() const;
};

}  // namespace carbon
