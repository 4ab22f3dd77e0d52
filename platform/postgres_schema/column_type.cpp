#include "platform/postgres_schema/column_type.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace carbon::postgres {

namespace {

enum class Family : std::uint8_t { integer, numeric, floating, string, time, other };

/// `numeric(10,2)` as `numeric` and {10, 2}; `timestamp(3) with time zone` keeps its words.
struct ParsedType {
  std::string base;
  std::vector<int> modifiers;
};

ParsedType parsed(std::string_view type) {
  ParsedType out;
  std::size_t open = type.find('(');
  std::size_t close = type.find(')', open);
  if (type.empty() || type.back() == ']' || open == std::string_view::npos ||
      close == std::string_view::npos) {
    out.base = std::string(type);
    return out;
  }
  out.base = std::string(type.substr(0, open)) + std::string(type.substr(close + 1));
  const char* at = type.data() + open + 1;
  while (at < type.data() + close) {
    int value = 0;
    at = std::from_chars(at, type.data() + close, value).ptr + 1;
    out.modifiers.push_back(value);
  }
  return out;
}

constexpr std::array<std::string_view, 3> integers = {"smallint", "integer", "bigint"};

Family family_of(const std::string& base) {
  if (std::find(integers.begin(), integers.end(), base) != integers.end()) return Family::integer;
  if (base == "numeric") return Family::numeric;
  if (base == "real" || base == "double precision") return Family::floating;
  if (base == "text" || base == "character varying" || base == "character") return Family::string;
  if (base == "date" || base.rfind("timestamp", 0) == 0) return Family::time;
  return Family::other;
}

std::size_t width(const std::string& base) {
  return static_cast<std::size_t>(std::find(integers.begin(), integers.end(), base) - integers.begin());
}

TypeChange integer_change(const ParsedType& from, const ParsedType& to, std::string_view column) {
  static constexpr std::array<std::string_view, 3> most = {"32767", "2147483647", "9223372036854775807"};
  if (width(to.base) > width(from.base)) return {Risk::blocking, Counted::rewritten, "", ""};
  std::string_view limit = most[width(to.base)];
  return {Risk::one_way, Counted::violating, fmt::format("{0} > {1} OR {0} < -{1} - 1", column, limit), ""};
}

TypeChange numeric_change(const ParsedType& from, const ParsedType& to, std::string_view column) {
  if (to.modifiers.empty()) return {Risk::none, Counted::nothing, "", ""};
  int scale = to.modifiers.size() > 1 ? to.modifiers[1] : 0;
  int whole = to.modifiers[0] - scale;
  int former_scale = from.modifiers.size() > 1 ? from.modifiers[1] : 0;
  bool bounded = !from.modifiers.empty();
  if (bounded && scale == former_scale && to.modifiers[0] >= from.modifiers[0])
    return {Risk::none, Counted::nothing, "", ""};
  if (bounded && scale >= former_scale && whole >= from.modifiers[0] - former_scale)
    return {Risk::blocking, Counted::rewritten, "", ""};
  bool rounds = !bounded || scale < former_scale;
  std::string too_large = fmt::format("abs(round({}, {})) >= 1e{}", column, scale, whole);
  if (!rounds) return {Risk::one_way, Counted::violating, too_large, ""};
  return {Risk::lossy, Counted::lost, fmt::format("{0} <> round({0}, {1}) OR {2}", column, scale, too_large),
          ""};
}

TypeChange string_change(const ParsedType& from, const ParsedType& to, std::string_view column) {
  bool padded = from.base == "character" || to.base == "character";
  if (to.modifiers.empty() && to.base != "character")
    return {padded ? Risk::blocking : Risk::none, padded ? Counted::rewritten : Counted::nothing, "", ""};
  int length = to.modifiers.empty() ? 1 : to.modifiers[0];
  bool wider = !from.modifiers.empty() && from.modifiers[0] <= length;
  if (wider && !padded) return {Risk::none, Counted::nothing, "", ""};
  if (wider) return {Risk::blocking, Counted::rewritten, "", ""};
  return {Risk::one_way, Counted::violating, fmt::format("length({}::text) > {}", column, length), ""};
}

TypeChange time_change(const ParsedType& from, const ParsedType& to, std::string_view column) {
  if (from.base == "date") return {Risk::blocking, Counted::rewritten, "", ""};
  if (to.base == "date") return {Risk::lossy, Counted::lost, fmt::format("{0} <> {0}::date", column), ""};
  if (from.base != to.base) return {Risk::one_way, Counted::rewritten, "", ""};  // by the session's time zone
  bool wider = to.modifiers.empty() || (!from.modifiers.empty() && to.modifiers[0] >= from.modifiers[0]);
  if (wider) return {Risk::none, Counted::nothing, "", ""};
  return {Risk::lossy, Counted::lost,
          fmt::format("{0} <> {0}::{1}", column,
                      "timestamp(" + std::to_string(to.modifiers[0]) + ")" + to.base.substr(9)),
          ""};
}

TypeChange number_change(Family from, const ParsedType& to, std::string_view column) {
  bool exact = from == Family::integer && to.base == "numeric" && to.modifiers.empty();
  if (exact) return {Risk::blocking, Counted::rewritten, "", ""};
  std::string type = to.base;
  if (to.modifiers.size() == 2) type += fmt::format("({},{})", to.modifiers[0], to.modifiers[1]);
  if (to.modifiers.size() == 1) type += fmt::format("({})", to.modifiers[0]);
  if (!to.modifiers.empty() || family_of(to.base) == Family::integer)
    return {Risk::lossy, Counted::lost, "", ""};
  return {Risk::lossy, Counted::lost, fmt::format("{0}::numeric <> {0}::{1}::numeric", column, type), ""};
}

bool is_number(Family family) {
  return family == Family::integer || family == Family::numeric || family == Family::floating;
}

}  // namespace

TypeChange type_change(std::string_view from, std::string_view to, std::string_view column,
                       Retyping retyping) {
  if (retyping == Retyping::made_anew && from == to)
    return {Risk::one_way, Counted::rewritten, "", fmt::format("{}::text::{}", column, to)};
  ParsedType a = parsed(from);
  ParsedType b = parsed(to);
  Family before = family_of(a.base);
  Family after = family_of(b.base);
  if (before == after) {
    switch (before) {
      case Family::integer: return integer_change(a, b, column);
      case Family::numeric: return numeric_change(a, b, column);
      case Family::string: return string_change(a, b, column);
      case Family::time: return time_change(a, b, column);
      case Family::floating:
        if (b.base == "double precision") return {Risk::blocking, Counted::rewritten, "", ""};
        return {Risk::lossy, Counted::lost, fmt::format("{0} <> {0}::real", column), ""};
      case Family::other: break;
    }
  }
  if (is_number(before) && is_number(after)) return number_change(before, b, column);
  if (after == Family::string) {
    TypeChange change = string_change({"text", {}}, b, column);
    change.risk = std::max(change.risk, Risk::blocking);
    if (change.counted == Counted::nothing) change.counted = Counted::rewritten;
    return change;
  }
  if (from == "json" && to == "jsonb") return {Risk::one_way, Counted::rewritten, "", ""};
  std::string cast =
      before == Family::string ? fmt::format("{}::{}", column, to) : fmt::format("{}::text::{}", column, to);
  bool widened = from == "json" || to == "json" || before == Family::string;
  return {widened ? Risk::one_way : Risk::lossy, Counted::rewritten, "", std::move(cast)};
}

bool comparable_types(std::string_view a, std::string_view b) {
  Family one = family_of(parsed(a).base);
  Family other = family_of(parsed(b).base);
  return one == other && (one == Family::integer || one == Family::string || one == Family::numeric);
}

}  // namespace carbon::postgres
