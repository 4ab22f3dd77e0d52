#include "engine/plan/losses.h"

#include <fmt/format.h>

#include <algorithm>

namespace carbon {

bool may_lose_data(const std::vector<std::string>& allowed, std::string_view type, std::string_view address) {
  std::string_view last = type.substr(type.rfind('.') + 1);
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& one) { return one == type || one == last || one == address; });
}

void check_losses(const Plan& plan, const std::vector<std::string>& allowed, DiagnosticSink& sink) {
  constexpr std::size_t shown = 10;
  for (const Change& change : plan.changes) {
    auto risky = [](const WriteStep& step) { return step.risk >= StepRisk::one_way; };
    auto count = std::count_if(change.steps.begin(), change.steps.end(), risky);
    if (count == 0 || may_lose_data(allowed, change.type, change.address)) continue;
    Diagnostic& error =
        sink.error(DiagnosticCode::data_bearing_delete,
                   fmt::format("{} of the {} statements of `{}` {} data, or cannot be taken back", count,
                               change.steps.size(), change.address, count == 1 ? "loses" : "lose"),
                   {});
    error.address = change.address;
    for (const WriteStep& step : change.steps) {
      if (!risky(step) || error.notes.size() == shown) continue;
      error.notes.push_back(fmt::format("{}: {}{}{}", to_string(step.risk), step.summary,
                                        step.count.empty() ? "" : ", ", step.count));
    }
    error.helps.push_back({fmt::format("if that may be: --allow-delete {}", change.address), {}});
  }
}

}  // namespace carbon
