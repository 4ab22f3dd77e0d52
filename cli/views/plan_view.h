#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_text.h"
#include "engine/plan/plan.h"

namespace carbon {

enum class PlanDetail : std::uint8_t { summary, normal, full };

/// An error that keeps a plan from being applied.
struct PlanProblem {
  std::string code;  ///< `C0422`
  std::string message;
  Address address;  ///< of the resource concerned, where there is one
  Written written;  ///< where it is in the platform's files, where it is
};

/// What a plan shows besides the plan itself.
struct PlanFacts {
  std::string plan_id;                            ///< `pl-…`
  std::map<std::string, std::uint64_t> requests;  ///< sent to observe, by kind: `GET`, `SQL`
  std::size_t declared = 0;
  std::string saved_as;    ///< file, when it was saved
  std::string command;     ///< what to type to apply it
  std::size_t hidden = 0;  ///< changes that the view leaves out; the counts are of the whole plan
  std::vector<PlanProblem> problems = {};
};

struct PlanViewOptions {
  PlanDetail detail = PlanDetail::normal;
  Color color = Color::off;
  std::size_t width = 100;
};

/// The plan with those changes alone whose address fits one of `only` (none: all) and none of `exclude`: `*`
/// stands for any characters, `?` for one. `hidden` counts the others; summary, records and policies stay
/// those of the whole.
[[nodiscard]] Plan selected(Plan plan, const std::vector<std::string>& only,
                            const std::vector<std::string>& exclude, std::size_t& hidden);

/// The plan as a terminal shows it; layout in docs/plan-output.md. Deterministic: no times.
[[nodiscard]] std::string plan_text(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options);

/// The stable, versioned document of docs/formats/plan-json.md.
[[nodiscard]] std::string plan_json(const Plan& plan, const PlanFacts& facts);

/// What a comment on a pull request says besides the plan.
struct CommentFacts {
  std::string memory;       ///< line that nobody sees, for the next comment (comment_memory.h); may be empty
  bool compared = false;    ///< with the comment before it; then the following are of that comparison
  std::set<Address> fresh;  ///< changes that the former comment did not have
  std::set<Address> other;  ///< and those that are not what they were
  std::size_t same = 0, gone = 0;
  std::string stale;     ///< which live field is no longer what the plan was made from; empty: none known
  std::string artifact;  ///< URL of the whole plan
  std::string commit;    ///< head of the pull request
};

/// The first line of a comment: by it the comment of this platform and environment is found again.
[[nodiscard]] std::string comment_mark(const Plan& plan);

/// A pull request comment of at most `budget` bytes: deletes and replaces first and never cut.
[[nodiscard]] std::string plan_markdown(const Plan& plan, const PlanFacts& facts,
                                        const CommentFacts& comment = {}, std::size_t budget = 60'000);

/// One self-contained page: what a reviewer opens from a CI artefact. No network, readable without its
/// script.
[[nodiscard]] std::string plan_html(const Plan& plan, const PlanFacts& facts);

/// `39 GET, 4 SQL`; `no` where there are none.
[[nodiscard]] std::string requests_text(const std::map<std::string, std::uint64_t>& requests);

/// `1 create, 2 update, 1 delete; 407 unchanged`.
[[nodiscard]] std::string summary_text(const PlanSummary& summary);

/// `11 checks passed, 1 warning`; empty when nothing was checked.
[[nodiscard]] std::string policies_text(const PolicySummary& policies);

/// Whether it restarts what runs, or cannot be taken back: besides deletes and replaces, which say more than
/// that.
[[nodiscard]] bool restarts(const Change& change);
[[nodiscard]] bool goes_one_way(const Change& change);

/// `rolling restart`, `reconnects`, `read only meanwhile`.
[[nodiscard]] std::string_view disruption_text(Disruption disruption);

/// `trino.carbon:88`, safe for a terminal; empty where no file says it.
[[nodiscard]] std::string place_text(const Written& written);

/// `1 change`, `2 changes`.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

/// `changed in the platform file`, with the detail behind it.
[[nodiscard]] std::string because_text(const Change& change);

}  // namespace carbon
