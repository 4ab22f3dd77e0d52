#include "base/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace carbon {

namespace {

using Nanos = Quantity::Nanos;

constexpr Nanos one = 1'000'000'000;
// Below 2^127 with room for a carry; anything larger is refused rather than wrapped.
constexpr Nanos limit = (Nanos{1} << 126);

constexpr Nanos power(Nanos base, int exponent) {
  Nanos result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

struct Suffix {
  std::string_view name;
  Nanos scale;
  SuffixFamily family;
};

// Largest first, so that the canonical form is the first that divides.
constexpr std::array<Suffix, 16> suffixes{{
    {"Ei", one* power(1024, 6), SuffixFamily::binary},
    {"Pi", one* power(1024, 5), SuffixFamily::binary},
    {"Ti", one* power(1024, 4), SuffixFamily::binary},
    {"Gi", one* power(1024, 3), SuffixFamily::binary},
    {"Mi", one* power(1024, 2), SuffixFamily::binary},
    {"Ki", one * 1024, SuffixFamily::binary},
    {"E", one* power(10, 18), SuffixFamily::decimal},
    {"P", one* power(10, 15), SuffixFamily::decimal},
    {"T", one* power(10, 12), SuffixFamily::decimal},
    {"G", one* power(10, 9), SuffixFamily::decimal},
    {"M", one* power(10, 6), SuffixFamily::decimal},
    {"k", one * 1000, SuffixFamily::decimal},
    {"", one, SuffixFamily::decimal},
    {"m", 1'000'000, SuffixFamily::decimal},
    {"u", 1'000, SuffixFamily::decimal},
    {"n", 1, SuffixFamily::decimal},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the leading `digits[.digits]`, at least one digit; 0 if there is none.
std::size_t number_length(std::string_view text) {
  std::size_t at = 0;
  std::size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  if (at < text.size() && text[at] == '.') {
    ++at;
    for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  }
  return digits == 0 ? 0 : at;
}

enum class Rounding { away_from_zero, refuse };

/// number * scale, exactly or rounded up. O(digits).
std::optional<Nanos> multiply(std::string_view number, Nanos scale, Rounding rounding) {
  Nanos whole = 0;
  std::size_t at = 0;
  for (; at < number.size() && is_digit(number[at]); ++at) {
    whole = whole * 10 + (number[at] - '0');
    if (whole > limit / scale) return std::nullopt;
  }
  Nanos result = whole * scale;
  if (at == number.size()) return result;
  Nanos place = scale;
  Nanos remainder_scale = 1;  // digits finer than the scale's own factors of ten
  bool inexact = false;
  for (++at; at < number.size(); ++at) {
    Nanos digit = number[at] - '0';
    if (place % 10 == 0) {
      place /= 10;
      result += digit * place;
    } else if (remainder_scale <= limit / 10 / place / 10) {
      remainder_scale *= 10;
      Nanos product = digit * place;
      result += product / remainder_scale;
      if (product % remainder_scale != 0) inexact = true;
    } else if (digit != 0) {
      inexact = true;
    }
  }
  if (inexact && rounding == Rounding::refuse) return std::nullopt;
  return inexact ? result + 1 : result;
}

std::optional<int> decimal_exponent(std::string_view suffix) {
  if (suffix.size() < 2 || (suffix.front() != 'e' && suffix.front() != 'E')) return std::nullopt;
  std::string_view digits = suffix.substr(1);
  if (digits.front() == '+') digits.remove_prefix(1);
  int exponent = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return exponent;
}

std::string decimal_text(Nanos value) {
  if (value == 0) return "0";
  bool negative = value < 0;
  if (negative) value = -value;
  std::string digits;
  for (; value != 0; value /= 10) digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::optional<Nanos> scaled(std::string_view number, Nanos scale) {
  if (number.empty() || number_length(number) != number.size()) return std::nullopt;
  return multiply(number, scale, Rounding::refuse);
}

std::optional<Quantity> Quantity::parse(std::string_view text) {
  bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  std::string_view number = text.substr(0, length);
  std::string_view suffix = text.substr(length);
  auto known =
      std::find_if(suffixes.begin(), suffixes.end(), [&](const Suffix& s) { return s.name == suffix; });
  Nanos scale = 0;
  SuffixFamily family = SuffixFamily::exponent;
  if (known != suffixes.end()) {
    scale = known->scale;
    family = known->family;
  } else if (auto exponent = decimal_exponent(suffix); exponent && *exponent >= -9 && *exponent <= 18) {
    scale = power(10, *exponent + 9);
  } else {
    return std::nullopt;
  }
  auto value = multiply(number, scale, Rounding::away_from_zero);
  if (!value) return std::nullopt;
  return Quantity(negative ? -*value : *value, family);
}

Quantity Quantity::whole(std::int64_t units, SuffixFamily family) { return {Nanos{units} * one, family}; }

std::optional<std::int64_t> Quantity::units() const {
  if (nanos_ % one != 0) return std::nullopt;
  Nanos value = nanos_ / one;
  if (value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::string Quantity::text() const {
  if (nanos_ == 0) return "0";
  // A binary quantity below 1Ki, or one that is no whole number, is spelled in decimal, as the server does.
  bool binary = family_ == SuffixFamily::binary && nanos_ % one == 0;
  SuffixFamily family = binary ? SuffixFamily::binary : SuffixFamily::decimal;
  for (const Suffix& suffix : suffixes) {
    bool fits = suffix.family == family || (suffix.name.empty() && binary);
    if (fits && nanos_ % suffix.scale == 0)
      return decimal_text(nanos_ / suffix.scale) + std::string(suffix.name);
  }
  return decimal_text(nanos_) + "n";
}

namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

constexpr std::array<Unit, 25> units{{
    {"B", Dimension::bytes, SuffixFamily::decimal, one},
    {"k", Dimension::bytes, SuffixFamily::decimal, one * 1000},
    {"M", Dimension::bytes, SuffixFamily::decimal, one* power(10, 6)},
    {"G", Dimension::bytes, SuffixFamily::decimal, one* power(10, 9)},
    {"T", Dimension::bytes, SuffixFamily::decimal, one* power(10, 12)},
    {"P", Dimension::bytes, SuffixFamily::decimal, one* power(10, 15)},
    {"E", Dimension::bytes, SuffixFamily::decimal, one* power(10, 18)},
    {"Ki", Dimension::bytes, SuffixFamily::binary, one * 1024},
    {"Mi", Dimension::bytes, SuffixFamily::binary, one* power(1024, 2)},
    {"Gi", Dimension::bytes, SuffixFamily::binary, one* power(1024, 3)},
    {"Ti", Dimension::bytes, SuffixFamily::binary, one* power(1024, 4)},
    {"Pi", Dimension::bytes, SuffixFamily::binary, one* power(1024, 5)},
    {"Ei", Dimension::bytes, SuffixFamily::binary, one* power(1024, 6)},
    {"cpu", Dimension::cpu, SuffixFamily::decimal, one},
    {"vcpu", Dimension::cpu, SuffixFamily::decimal, one},
    {"mcpu", Dimension::cpu, SuffixFamily::decimal, 1'000'000},
    {"m", Dimension::ambiguous_m, SuffixFamily::decimal, 1'000'000},
    {"ns", Dimension::duration, SuffixFamily::decimal, 1},
    {"us", Dimension::duration, SuffixFamily::decimal, microsecond},
    {"ms", Dimension::duration, SuffixFamily::decimal, millisecond},
    {"s", Dimension::duration, SuffixFamily::decimal, second},
    {"min", Dimension::duration, SuffixFamily::decimal, minute},
    {"h", Dimension::duration, SuffixFamily::decimal, hour},
    {"d", Dimension::duration, SuffixFamily::decimal, day},
    {"w", Dimension::duration, SuffixFamily::decimal, 7 * day},
}};

}  // namespace

const Unit* find_unit(std::string_view name) {
  auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return found == units.end() || name.empty() ? nullptr : &*found;
}

std::string Duration::text() const {
  if (nanoseconds == 0) return "0s";
  struct Part {
    std::string_view name;
    std::int64_t size;
  };
  constexpr std::array<Part, 7> parts{{{"d", day},
                                       {"h", hour},
                                       {"min", minute},
                                       {"s", second},
                                       {"ms", millisecond},
                                       {"us", microsecond},
                                       {"ns", 1}}};
  std::string out = nanoseconds < 0 ? "-" : "";
  Nanos rest = nanoseconds < 0 ? -Nanos{nanoseconds} : Nanos{nanoseconds};
  for (const Part& part : parts) {
    if (rest / part.size == 0) continue;
    out += decimal_text(rest / part.size) + std::string(part.name);
    rest %= part.size;
  }
  return out;
}

std::string Duration::go_text() const {
  Nanos rest = nanoseconds < 0 ? -Nanos{nanoseconds} : Nanos{nanoseconds};
  std::string sign = nanoseconds < 0 ? "-" : "";
  if (rest == 0) return "0s";
  if (rest < second) {
    Nanos scale = rest < microsecond ? 1 : rest < millisecond ? microsecond : millisecond;
    std::string_view name = scale == 1 ? "ns" : scale == microsecond ? "\u00b5s" : "ms";
    std::string fraction = decimal_text(rest % scale + scale).substr(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    return sign + decimal_text(rest / scale) + (fraction.empty() ? "" : "." + fraction) + std::string(name);
  }
  std::string out = sign;
  if (rest >= hour) out += decimal_text(rest / hour) + "h";
  if (rest >= minute) out += decimal_text(rest % hour / minute) + "m";
  out += decimal_text(rest % minute / second);
  std::string fraction = decimal_text(rest % second + second).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return out + (fraction.empty() ? "" : "." + fraction) + "s";
}

std::optional<Duration> Duration::parse(std::string_view text) {
  bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text == "0") return Duration{0};
  if (text.empty()) return std::nullopt;
  Nanos total = 0;
  while (!text.empty()) {
    std::size_t length = number_length(text);
    if (length == 0) return std::nullopt;
    std::size_t end = length;
    while (end < text.size() && !is_digit(text[end]) && text[end] != '.') ++end;
    std::string_view name = text.substr(length, end - length);
    Nanos scale = name == "m" ? minute : 0;
    if (name == "\u00b5s") name = "us";
    if (const Unit* unit = find_unit(name); unit != nullptr && unit->dimension == Dimension::duration) {
      scale = unit->scale;
    }
    if (scale == 0) return std::nullopt;
    auto part = multiply(text.substr(0, length), scale, Rounding::away_from_zero);
    if (!part) return std::nullopt;
    total += *part;
    if (total > INT64_MAX) return std::nullopt;
    text.remove_prefix(end);
  }
  return Duration{static_cast<std::int64_t>(negative ? -total : total)};
}

}  // namespace carbon
