#include "engine/expr/cron.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/quantity.h"

namespace carbon {

namespace {

constexpr std::array<std::string_view, 12> months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                  "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekdays{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct FieldRule {
  std::string_view name;
  int low;
  int high;
  std::span<const std::string_view> words;  ///< the first stands for `low`
};

const std::array<FieldRule, 5> rules{{{"minute", 0, 59, {}},
                                      {"hour", 0, 23, {}},
                                      {"day", 1, 31, {}},
                                      {"month", 1, 12, months},
                                      {"weekday", 0, 7, weekdays}}};

struct Macro {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<Macro, 7> macros{{{"@yearly", "0 0 1 1 *"},
                                       {"@annually", "0 0 1 1 *"},
                                       {"@monthly", "0 0 1 * *"},
                                       {"@weekly", "0 0 * * 0"},
                                       {"@daily", "0 0 * * *"},
                                       {"@midnight", "0 0 * * *"},
                                       {"@hourly", "0 * * * *"}}};

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    std::size_t at = text.find(by);
    if (by != ' ' || at != 0) parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  if (by == ' ') std::erase(parts, std::string_view{});
  return parts;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && text[0] != '-' ? std::optional(value) : std::nullopt;
}

std::optional<int> position(std::string_view text, const FieldRule& rule) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  auto word = std::find(rule.words.begin(), rule.words.end(), upper);
  if (word != rule.words.end()) return rule.low + static_cast<int>(word - rule.words.begin());
  return number(text);
}

std::optional<std::string> bound_problem(std::string_view text, const FieldRule& rule) {
  auto value = position(text, rule);
  if (!value) return fmt::format("`{}` is no {}", text, rule.name);
  if (*value >= rule.low && *value <= rule.high) return std::nullopt;
  return fmt::format("{} `{}` is outside {} to {}", rule.name, text, rule.low, rule.high);
}

/// `*`, `5`, `1-5`, each with an optional `/step`.
std::optional<std::string> part_problem(std::string_view part, const FieldRule& rule) {
  std::size_t slash = part.find('/');
  std::string_view range = part.substr(0, slash);
  if (slash != std::string_view::npos) {
    auto step = number(part.substr(slash + 1));
    if (!step || *step == 0) return fmt::format("`{}`: the step after `/` is a number above 0", part);
  }
  if (range == "*" || range == "?") return std::nullopt;
  std::size_t dash = range.find('-');
  if (auto problem = bound_problem(range.substr(0, dash), rule)) return problem;
  if (dash == std::string_view::npos) return std::nullopt;
  if (auto problem = bound_problem(range.substr(dash + 1), rule)) return problem;
  if (*position(range.substr(0, dash), rule) <= *position(range.substr(dash + 1), rule)) return std::nullopt;
  return fmt::format("`{}`: a range goes from low to high", range);
}

std::string_view meaning(std::string_view text) {
  auto macro = std::find_if(macros.begin(), macros.end(), [&](const Macro& m) { return m.name == text; });
  return macro == macros.end() ? text : macro->meaning;
}

}  // namespace

std::optional<std::string> cron_problem(std::string_view text) {
  if (text.starts_with("@every ")) {
    if (Duration::parse(text.substr(7))) return std::nullopt;
    return "`@every` needs a duration such as `1h30m`";
  }
  text = meaning(text);
  if (text.starts_with('@'))
    return fmt::format("`{}` is no macro: @hourly @daily @weekly @monthly @yearly @every", text);
  auto fields = split(text, ' ');
  if (fields.size() != rules.size()) {
    return fmt::format("{} field{}, expected 5: minute hour day month weekday", fields.size(),
                       fields.size() == 1 ? "" : "s");
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (std::string_view part : split(fields[i], ',')) {
      if (auto problem = part_problem(part, rules[i])) return problem;
    }
  }
  return std::nullopt;
}

namespace {

constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 8> weekday_names{"Sunday",   "Monday", "Tuesday",  "Wednesday",
                                                        "Thursday", "Friday", "Saturday", "Sunday"};

/// `*/n`, or nothing.
std::optional<int> every(std::string_view field) {
  return field.starts_with("*/") ? number(field.substr(2)) : std::nullopt;
}

/// `Monday`, `Monday to Friday`, `Monday and Friday`; empty for what reads worse than the schedule.
std::string day_list(std::string_view field) {
  std::string out;
  auto parts = split(field, ',');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::size_t dash = parts[i].find('-');
    if (parts[i].find('/') != std::string_view::npos) return "";
    auto from = position(parts[i].substr(0, dash), rules[4]);
    if (!from) return "";
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += weekday_names[static_cast<std::size_t>(*from)];
    if (dash != std::string_view::npos) {
      auto to = position(parts[i].substr(dash + 1), rules[4]);
      out += fmt::format(" to {}", weekday_names[static_cast<std::size_t>(*to)]);
    }
  }
  return out;
}

std::string describe_repeated(std::string_view minute, std::string_view hour) {
  if (minute == "*" && hour == "*") return "every minute";
  if (auto step = every(minute); step && hour == "*")
    return *step == 1 ? "every minute" : fmt::format("every {} minutes", *step);
  auto at = number(minute);
  if (!at) return "";
  if (hour == "*") return fmt::format("hourly at minute {}", *at);
  auto step = every(hour);
  return step ? fmt::format("every {} hours at minute {}", *step, *at) : "";
}

}  // namespace

std::string describe_cron(std::string_view text) {
  if (cron_problem(text)) return "";
  if (text.starts_with("@every ")) return fmt::format("every {}", Duration::parse(text.substr(7))->text());
  auto fields = split(meaning(text), ' ');
  std::string_view day = fields[2], month = fields[3], weekday = fields[4];
  bool any_day = day == "*", any_month = month == "*", any_weekday = weekday == "*";
  auto minute_at = number(fields[0]);
  auto hour_at = number(fields[1]);
  if (!minute_at || !hour_at)
    return any_day && any_month && any_weekday ? describe_repeated(fields[0], fields[1]) : "";
  std::string at = fmt::format("at {:02}:{:02}", *hour_at, *minute_at);
  if (any_day && any_month && any_weekday) return "daily " + at;
  if (any_day && any_month) {
    std::string days = day_list(weekday);
    return days.empty() ? "" : fmt::format("weekly on {} {}", days, at);
  }
  auto day_at = number(day);
  if (!any_weekday || !day_at) return "";
  if (any_month) return fmt::format("monthly on day {} {}", *day_at, at);
  auto month_at = position(month, rules[3]);
  if (!month_at) return "";
  return fmt::format("yearly on {} {} {}", *day_at, month_names[static_cast<std::size_t>(*month_at - 1)], at);
}

}  // namespace carbon
