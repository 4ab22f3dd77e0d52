#include "platform/connectors/kubernetes/rfc3339.h"

#include <charconv>
#include <chrono>

namespace carbon {

namespace {

/// Digits at a place, exactly as many; -1 for anything else.
int number(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return -1;
  int value = 0;
  const char* end = text.data() + at + length;
  auto [stop, error] = std::from_chars(text.data() + at, end, value);
  bool whole = error == std::errc() && stop == end && text[at] != '-' && text[at] != '+';
  return whole ? value : -1;
}

/// Minutes east of Greenwich.
std::optional<int> offset(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  int hours = number(zone, 1, 2);
  int minutes = number(zone, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  if (text[10] != 'T' && text[10] != 't') return std::nullopt;
  using namespace std::chrono;
  year_month_day date{year{number(text, 0, 4)}, month{static_cast<unsigned>(number(text, 5, 2))},
                      day{static_cast<unsigned>(number(text, 8, 2))}};
  int hour = number(text, 11, 2);
  int minute = number(text, 14, 2);
  int second = number(text, 17, 2);
  bool clock = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!date.ok() || number(text, 0, 4) < 0 || !clock) return std::nullopt;
  std::size_t rest = 19;
  if (text[rest] == '.') {
    ++rest;
    while (rest < text.size() && text[rest] >= '0' && text[rest] <= '9') ++rest;
  }
  // 64 bits of nanoseconds end in 2262.
  if (number(text, 0, 4) > 2200) return INT64_MAX;
  std::optional<int> east = offset(text.substr(rest));
  if (!east) return std::nullopt;
  std::int64_t days = sys_days(date).time_since_epoch().count();
  std::int64_t seconds = ((days * 24 + hour) * 60 + minute - *east) * 60 + second;
  return seconds * 1'000'000'000;
}

}  // namespace carbon
