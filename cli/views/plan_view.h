#pragma once

#include <map>
#include <string>

#include "base/diagnostic_text.h"
#include "engine/plan/plan.h"

namespace carbon {

enum class PlanDetail : std::uint8_t { summary, normal, full };

/// What a plan shows besides the plan itself.
struct PlanFacts {
  std::string plan_id;                            ///< `pl-…`
  std::map<std::string, std::uint64_t> requests;  ///< sent to observe, by kind: `GET`, `SQL`
  std::size_t declared = 0;
  std::string saved_as;  ///< file, when it was saved
  std::string command;   ///< what to type to apply it
};

struct PlanViewOptions {
  PlanDetail detail = PlanDetail::normal;
  Color color = Color::off;
  std::size_t width = 100;
};

/// The plan as a terminal shows it; layout in docs/plan-output.md. Deterministic: no times.
[[nodiscard]] std::string plan_text(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options);

/// The stable, versioned document of docs/formats/plan-json.md.
[[nodiscard]] std::string plan_json(const Plan& plan, const PlanFacts& facts);

/// A pull request comment of at most `budget` bytes: deletes and replaces first and never cut.
[[nodiscard]] std::string plan_markdown(const Plan& plan, const PlanFacts& facts,
                                        std::size_t budget = 60'000);

/// `39 GET, 4 SQL`; `no` where there are none.
[[nodiscard]] std::string requests_text(const std::map<std::string, std::uint64_t>& requests);

/// `1 create, 2 update, 1 delete; 407 unchanged`.
[[nodiscard]] std::string summary_text(const PlanSummary& summary);

/// `11 checks passed, 1 warning`; empty when nothing was checked.
[[nodiscard]] std::string policies_text(const PolicySummary& policies);

/// `changed in the platform file`, with the detail behind it.
[[nodiscard]] std::string because_text(const Change& change);

}  // namespace carbon
