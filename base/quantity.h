#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carbon {

/// How a quantity is spelled. The value is the same in every family (Kubernetes "resource.Quantity").
enum class SuffixFamily : std::uint8_t { decimal, binary, exponent };

/// An exact fixed-point number in units of 1e-9, as Kubernetes quantities are; equality is by value, never by
/// spelling: `1024Mi` equals `1Gi`. Range about 1.7e29. Source of the grammar and of the canonical form:
/// Kubernetes API reference, "Quantity".
class Quantity {
 public:
  // 128 bits: an exabyte in nano-units does not fit 64.
  __extension__ using Nanos = __int128;

  Quantity() = default;
  Quantity(Nanos nanos, SuffixFamily family) : nanos_(nanos), family_(family) {}

  /// Kubernetes spelling: sign, decimal number, suffix (n u m k M G T P E, Ki..Ei, or e3). Digits below 1e-9
  /// round away from zero as the server does. Nothing for any other text, and on overflow.
  [[nodiscard]] static std::optional<Quantity> parse(std::string_view text);
  /// A whole number of units.
  [[nodiscard]] static Quantity whole(std::int64_t units, SuffixFamily family = SuffixFamily::decimal);

  [[nodiscard]] Nanos nanos() const { return nanos_; }
  [[nodiscard]] SuffixFamily family() const { return family_; }
  /// Whole units, when it is a whole number that fits.
  [[nodiscard]] std::optional<std::int64_t> units() const;
  /// Canonical spelling: the largest suffix of the family that leaves an integer.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Quantity& a, const Quantity& b) { return a.nanos_ == b.nanos_; }
  friend auto operator<=>(const Quantity& a, const Quantity& b) { return a.nanos_ <=> b.nanos_; }

 private:
  Nanos nanos_ = 0;
  SuffixFamily family_ = SuffixFamily::decimal;
};

/// Nanoseconds. `1h30m`, `90min`, `14d`; d is 24 h, w is 7 d.
struct Duration {
  std::int64_t nanoseconds = 0;

  /// Canonical spelling, largest units first, in carbon's words: `1h30min`, `14d`, `500ms`, `0s`.
  [[nodiscard]] std::string text() const;
  /// The spelling of Go's time.Duration, which Kubernetes types use: `1h30m0s`.
  [[nodiscard]] std::string go_text() const;
  /// Go spelling (`1h30m`, `720h0m0s`, `1.5s`) plus carbon's d, w and min.
  [[nodiscard]] static std::optional<Duration> parse(std::string_view text);

  friend bool operator==(const Duration&, const Duration&) = default;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

/// What a unit of a carbon number literal measures.
enum class Dimension : std::uint8_t { bytes, cpu, duration, ambiguous_m };

struct Unit {
  std::string_view name;
  Dimension dimension;
  SuffixFamily family;    ///< of the quantity it makes; meaningless for durations
  Quantity::Nanos scale;  ///< in nano-units, or nanoseconds for durations
};

/// The unit by its name in source text (B k M G T P E Ki.. , cpu vcpu mcpu, ns us ms s min h d w, and `m`,
/// which only the expected type can decide), or nullptr.
[[nodiscard]] const Unit* find_unit(std::string_view name);

/// digits[.digits] times a scale, exactly; nothing on overflow or when it is not a whole number of
/// nano-units.
[[nodiscard]] std::optional<Quantity::Nanos> scaled(std::string_view number, Quantity::Nanos scale);

}  // namespace carbon
