#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "cli/views/field_text.h"
#include "cli/views/plan_view.h"
#include "cli/views/steps_view.h"

namespace carbon {

namespace {

constexpr std::size_t most_fields = 12;
constexpr std::size_t narrow_path = 20;  ///< on terminals of less than 80 columns

std::string_view color_of(Action action) {
  switch (action) {
    case Action::create: return "32";
    case Action::update: return "33";
    case Action::replace:
    case Action::delete_: return "31";
    case Action::adopt:
    case Action::release:
    case Action::read:
    case Action::move:
    case Action::later: return "36";
    case Action::no_op: return "0";
  }
  return "0";
}

/// Where it matters which live object it is, the address alone is not enough.
bool names_object(const Change& change) {
  return !change.identity_text.empty() && change.identity_text != change.address &&
         (change.action == Action::delete_ || change.action == Action::replace ||
          change.action == Action::adopt || change.action == Action::release);
}

class TextWriter {
 public:
  TextWriter(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options)
      : plan_(plan), facts_(facts), options_(options) {}

  std::string write() {
    header();
    if (plan_.summary.empty() && plan_.summary.read == 0 && plan_.blocked.empty()) {
      bool one = facts_.declared == 1;
      out_ += fmt::format("No changes. {} {} live state.\n", counted(facts_.declared, "declared object"),
                          one ? "matches" : "match");
      records();
      policies();
      return std::move(out_);
    }
    attention();
    changes();
    footer();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string paint(std::string_view code, const std::string& text) const {
    return painted(code, text, options_.color);
  }

  void header() {
    out_ += fmt::format("carbon {}  platform {}  env {}  world {}\n", plan_.destroy ? "destroy" : "plan",
                        visible_line(plan_.platform), visible_line(plan_.environment), plan_.world);
    for (const PlannedProvider& provider : plan_.providers) {
      if (!provider.target) continue;
      out_ += fmt::format("{}  {}  {}  uid {}\n", visible_line(provider.address),
                          visible_line(provider.target->endpoint), visible_line(provider.target->version),
                          visible_line(provider.target->uid));
    }
    for (const auto& [name, value] : plan_.set_inputs)
      out_ += fmt::format("set  {} = {}\n", visible_line(name), visible_line(value));
    std::string live =
        facts_.requests.empty() ? "" : fmt::format("live: {} requests", requests_text(facts_.requests));
    std::string known =
        fmt::format("inventory generation {}   {} declared", plan_.inventory_generation, facts_.declared);
    bool fits = live.size() + 3 + known.size() <= options_.width;
    out_ += live + (live.empty() ? "" : fits ? "   " : "\n") + known + "\n\n";
  }

  void attention() {
    std::string lines;
    auto list = [&](std::string_view word, auto&& wanted) {
      std::vector<const Change*> found;
      for (const Change& change : plan_.changes) {
        if (wanted(change)) found.push_back(&change);
      }
      if (found.empty()) return;
      constexpr std::size_t shown = 5;
      for (std::size_t i = 0; i < std::min(found.size(), shown); ++i) {
        std::string head =
            i == 0 ? fmt::format("  {:<9} {:>3}   ", word, found.size()) : std::string(17, ' ');
        lines += fmt::format("{}{}  {}{}\n", head, visible_line(found[i]->address),
                             visible_line(found[i]->type), found[i]->data_bearing ? "  (holds data)" : "");
      }
      if (found.size() > shown)
        lines += fmt::format("{}and {} more\n", std::string(17, ' '), found.size() - shown);
    };
    list("delete", [](const Change& change) { return change.action == Action::delete_; });
    list("replace", [](const Change& change) { return change.action == Action::replace; });
    list("restart", [](const Change& change) { return restarts(change); });
    list("one-way", [](const Change& change) { return goes_one_way(change); });
    blocked(lines);
    if (!lines.empty()) out_ += paint("1", "ATTENTION") + "\n" + lines + "\n";
  }

  void blocked(std::string& lines) const {
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(plan_.blocked.size(), shown); ++i) {
      std::string head =
          i == 0 ? fmt::format("  {:<9} {:>3}   ", "blocked", plan_.blocked.size()) : std::string(17, ' ');
      lines += fmt::format("{}{}\n", head, visible_line(plan_.blocked[i]));
    }
    if (plan_.blocked.size() > shown)
      lines += fmt::format("{}and {} more\n", std::string(17, ' '), plan_.blocked.size() - shown);
  }

  /// Stages after the first wait for something: what their objects need that is changed before.
  [[nodiscard]] std::string awaited(std::uint32_t stage) const {
    std::set<Address> before;
    std::set<Address> needed;
    for (const Change& change : plan_.changes) {
      if (change.action != Action::delete_ && change.stage < stage) before.insert(change.address);
    }
    for (const Change& change : plan_.changes) {
      if (change.action == Action::delete_ || change.stage != stage) continue;
      for (const Address& need : change.needs) {
        if (before.contains(need)) needed.insert(need);
      }
    }
    constexpr std::size_t shown = 3;
    std::string out;
    std::size_t i = 0;
    for (const Address& need : needed) {
      if (i == shown) break;
      out += (i++ == 0 ? "" : ", ") + visible_line(need);
    }
    if (needed.size() > shown) out += fmt::format(" and {} more", needed.size() - shown);
    return out;
  }

  void changes() {
    std::uint32_t stage = 0;
    bool deleting = false;
    for (const Change& change : plan_.changes) {
      if (change.action == Action::delete_ && !deleting) {
        deleting = true;
        out_ += paint("1", "Delete") + "\n";
      } else if (!deleting && change.stage != stage) {
        stage = change.stage;
        out_ += paint("1", fmt::format("Stage {}", stage));
        std::string after = stage > 1 ? awaited(stage) : "";
        out_ += after.empty() ? "\n" : "   after: " + after + "\n";
      }
      one(change);
    }
    if (!plan_.changes.empty()) out_ += "\n";
  }

  void one(const Change& change) {
    std::string head =
        fmt::format("{} {}  {}", symbol(change), visible_line(change.address), visible_line(change.type));
    std::string tail = names_object(change) ? "  " + visible_line(change.identity_text) : "";
    if (change.disruption != Disruption::none && change.action != Action::replace)
      tail += fmt::format("   {}", disruption_text(change.disruption));
    std::string because = because_text(change);
    if (!because.empty()) because = "because: " + because;
    bool fits = utf8::count(head) + utf8::count(tail) + 3 + utf8::count(because) <= options_.width;
    out_ += paint(color_of(change.action), head) + tail;
    if (!because.empty()) out_ += (fits ? "   " : "\n    ") + because;
    out_ += "\n";
    if (options_.detail == PlanDetail::summary || change.action == Action::delete_) return;
    if (change.steps.empty()) {
      fields(change);
    } else {
      bool whole = options_.detail == PlanDetail::full || change.action != Action::create;
      out_ += steps_text(change, whole ? change.steps.size() : most_fields);
    }
    for (const std::string& assumption : change.assumes)
      out_ += "    assumes: " + visible_line(assumption) + "\n";
  }

  void fields(const Change& change) {
    std::size_t shown = change.fields.size();
    if (options_.detail != PlanDetail::full && change.action == Action::create)
      shown = std::min(shown, most_fields);
    FieldLayout layout{options_.width, 0, options_.detail == PlanDetail::full, options_.color};
    for (std::size_t i = 0; i < shown; ++i)
      layout.path_width = std::max(layout.path_width, utf8::count(change.fields[i].path.text()));
    layout.path_width =
        std::min(layout.path_width, options_.width < 80 ? narrow_path : options_.width * 56 / 100);
    for (std::size_t i = 0; i < shown; ++i) out_ += field_text(change, change.fields[i], layout);
    std::vector<std::string> rest;
    if (shown < change.fields.size())
      rest.push_back(fmt::format("{} more fields", change.fields.size() - shown));
    if (change.unchanged > 0) rest.push_back(fmt::format("{} unchanged", change.unchanged));
    if (!rest.empty()) out_ += fmt::format("    ({})\n", fmt::join(rest, ", "));
  }

  /// Settings of unchanged objects: no change, but an apply writes them down.
  void records() {
    if (plan_.records.empty()) return;
    constexpr std::size_t shown = 5;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(plan_.records.size(), shown); ++i) {
      const Record& record = plan_.records[i];
      names.push_back(fmt::format("{} ({})", visible_line(record.address), fmt::join(record.what, ", ")));
    }
    if (plan_.records.size() > shown)
      names.push_back(fmt::format("and {} more", plan_.records.size() - shown));
    out_ += fmt::format("Record   {} to remember: {}\n", plan_.records.size(), fmt::join(names, ", "));
  }

  /// A line each: the whole, with source and remedy, is printed after the plan.
  void problems() {
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(facts_.problems.size(), shown); ++i) {
      const PlanProblem& problem = facts_.problems[i];
      out_ += fmt::format("Error    {} {}\n", problem.code, visible_line(problem.message));
    }
    if (facts_.problems.size() > shown)
      out_ += fmt::format("Error    and {} more\n", facts_.problems.size() - shown);
  }

  void policies() {
    std::string text = policies_text(plan_.policies);
    if (!text.empty()) out_ += fmt::format("Policy   {}\n", text);
  }

  void footer() {
    std::uint64_t folded = 0;
    for (const QuietRule& rule : plan_.quiet) folded += rule.count;
    if (plan_.foreign_fields > 0)
      out_ += fmt::format("Drift    {} left alone\n", counted(plan_.foreign_fields, "foreign field"));
    if (folded > 0)
      out_ += fmt::format("Quiet    {} folded by {}\n", counted(folded, "difference"),
                          counted(plan_.quiet.size(), "rule"));
    records();
    policies();
    if (!plan_.blocked.empty())
      out_ += fmt::format("Blocked  {} by errors, and what needs them\n", plan_.blocked.size());
    if (facts_.hidden > 0)
      out_ +=
          fmt::format("Hidden   {} that --only and --exclude leave out\n", counted(facts_.hidden, "change"));
    problems();
    out_ += paint("1", fmt::format("Plan: {}.", summary_text(plan_.summary))) + "\n";
    if (!facts_.problems.empty()) out_ += paint("1", "Not to be applied as it is.") + "\n";
    if (!facts_.saved_as.empty())
      out_ += fmt::format("Saved {}  id {}\n", visible_line(facts_.saved_as), facts_.plan_id);
    if (!facts_.command.empty()) out_ += fmt::format("Apply with:  {}\n", visible_line(facts_.command));
  }

  const Plan& plan_;
  const PlanFacts& facts_;
  const PlanViewOptions& options_;
  std::string out_;
};

}  // namespace

std::string plan_text(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options) {
  return TextWriter(plan, facts, options).write();
}

}  // namespace carbon
