#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/type.h"
#include "engine/expr/cron.h"
#include "engine/expr/function.h"

namespace carbon {

/// `a cron schedule`, `a DNS label`.
[[nodiscard]] std::string_view describe(CheckedString checked);

/// What is wrong with the text, in words that teach the form ("4 fields, expected 5: minute hour day month
/// weekday"), or nothing. `regex` is checked where `patterns` can. Sources: RFC 1123 for DNS, RFC 3986 for
/// URLs (and JDBC's prefixed schemes), semver.org 2.0.0, RFC 4291 and 4632 for addresses, robfig/cron.
[[nodiscard]] std::optional<std::string> string_problem(CheckedString checked, std::string_view text,
                                                        const Patterns& patterns);

}  // namespace carbon
