#include "dsl/check/required_version.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/trim.h"

namespace carbon {

namespace {

using Version = std::array<std::uint32_t, 3>;

/// One to three numbers with points between.
std::optional<Version> read_version(std::string_view text) {
  Version made{};
  for (std::size_t part = 0; part < made.size(); ++part) {
    const char* end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, made[part]);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (text.empty()) return made;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<bool> compare(const Version& version, std::string_view demand) {
  struct Comparison {
    std::string_view sign;
    bool less, equal, greater;
  };
  constexpr std::array comparisons = std::to_array<Comparison>({{">=", false, true, true},
                                                                {"<=", true, true, false},
                                                                {">", false, false, true},
                                                                {"<", true, false, false},
                                                                {"=", false, true, false}});
  for (const Comparison& one : comparisons) {
    if (!demand.starts_with(one.sign)) continue;
    auto wanted = read_version(trimmed(demand.substr(one.sign.size())));
    if (!wanted) return std::nullopt;
    return version < *wanted ? one.less : version == *wanted ? one.equal : one.greater;
  }
  return std::nullopt;
}

}  // namespace

Result<bool> version_fits(std::string_view version, std::string_view demand) {
  std::optional<Version> own = read_version(version);
  bool fits = true;
  for (std::string_view rest = demand;;) {
    std::size_t comma = rest.find(',');
    std::optional<bool> one = own ? compare(*own, trimmed(rest.substr(0, comma))) : std::nullopt;
    if (!one)
      return fail(
          Error(DiagnosticCode::setting_arguments, fmt::format("`{}` is no demand on a version", demand))
              .help("write a comparison, as in `\">= 0.2\"` or `\">= 0.2, < 1\"`"));
    fits = fits && *one;
    if (comma == std::string_view::npos) return fits;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace carbon
