// What the views of a plan say alike.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/diagnostic_text.h"
#include "cli/views/plan_view.h"

namespace carbon {

namespace {

struct Count {
  std::string_view word;
  std::uint32_t PlanSummary::*count;
};

constexpr std::array<Count, 9> counts{{{"create", &PlanSummary::create},
                                       {"update", &PlanSummary::update},
                                       {"replace", &PlanSummary::replace},
                                       {"delete", &PlanSummary::delete_},
                                       {"move", &PlanSummary::move},
                                       {"adopt", &PlanSummary::adopt},
                                       {"release", &PlanSummary::release},
                                       {"read", &PlanSummary::read},
                                       {"later", &PlanSummary::later}}};

/// Both walk on; after a `*` that took too little, back to one more of it. O(pattern * text).
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t i = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

std::string because_text(const Change& change) {
  std::string text(to_string(change.because));
  if (!change.because_detail.empty()) text += (text.empty() ? "" : " ") + visible_line(change.because_detail);
  if (change.moved_from.empty()) return text;
  std::string from = visible_line(change.moved_from);
  if (change.because == Because::moved) return text + " from " + from;
  return text + (text.empty() ? "" : "; ") + "moved from " + from;
}

std::string place_text(const Written& written) {
  return written.file.empty() ? "" : fmt::format("{}:{}", visible_line(written.file), written.line);
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string_view disruption_text(Disruption disruption) {
  switch (disruption) {
    case Disruption::none: return "";
    case Disruption::restart: return "rolling restart";
    case Disruption::reconnect: return "reconnects";
    case Disruption::read_only: return "read only meanwhile";
  }
  return "";
}

bool restarts(const Change& change) {
  return change.disruption == Disruption::restart && change.action != Action::replace;
}

bool goes_one_way(const Change& change) {
  return change.reversibility == Reversibility::one_way && change.action != Action::replace &&
         change.action != Action::delete_;
}

Plan selected(Plan plan, const std::vector<std::string>& only, const std::vector<std::string>& exclude,
              std::size_t& hidden) {
  auto fits_one = [](const std::vector<std::string>& patterns, std::string_view address) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return fits(pattern, address); });
  };
  hidden = std::erase_if(plan.changes, [&](const Change& change) {
    return (!only.empty() && !fits_one(only, change.address)) || fits_one(exclude, change.address);
  });
  return plan;
}

std::string requests_text(const std::map<std::string, std::uint64_t>& requests) {
  std::string out;
  for (const auto& [kind, count] : requests)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, kind);
  return out.empty() ? "no" : out;
}

std::string summary_text(const PlanSummary& summary) {
  std::string out;
  for (const Count& count : counts) {
    std::uint32_t number = summary.*count.count;
    if (number == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", number, count.word);
  }
  if (out.empty()) out = "no changes";
  return out + fmt::format("; {} unchanged", summary.unchanged);
}

std::string policies_text(const PolicySummary& policies) {
  if (policies.passed == 0 && policies.notes.empty()) return "";
  std::string out = counted(policies.passed, "check") + " passed";
  auto count = [&](std::string_view severity) {
    return static_cast<std::uint64_t>(
        std::count_if(policies.notes.begin(), policies.notes.end(),
                      [&](const PolicyNote& note) { return note.severity == severity; }));
  };
  if (auto failed = count("error"); failed > 0) out += fmt::format(", {} failed", failed);
  if (auto warnings = count("warning"); warnings > 0) out += ", " + counted(warnings, "warning");
  if (auto notes = count("info"); notes > 0) out += ", " + counted(notes, "note");
  return out;
}

}  // namespace carbon
