#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carbon {

/// What is wrong with a cron schedule, or nothing. Five fields (minute hour day month weekday) of `*`,
/// numbers, names, ranges, steps and lists, or a macro (`@daily`, `@every 1h`), as Kubernetes' CronJob takes
/// them (robfig/cron, standard parser).
[[nodiscard]] std::optional<std::string> cron_problem(std::string_view text);

/// The schedule in words, for plans: `daily at 02:00`, `every 15 minutes`. Empty when it is no simple one.
[[nodiscard]] std::string describe_cron(std::string_view text);

}  // namespace carbon
