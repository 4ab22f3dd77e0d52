#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "base/value_text.h"
#include "cli/views/plan_view.h"

namespace carbon {

namespace {

constexpr std::size_t most_fields = 12;
constexpr std::size_t widest_path = 46;

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

std::string place(const Written& written) {
  return written.file.empty() ? "" : fmt::format("{}:{}", visible_line(written.file), written.line);
}

/// Pads with blanks to a number of columns, counted in code points.
std::string padded(std::string text, std::size_t columns) {
  std::size_t used = utf8::count(text);
  if (used < columns) text.append(columns - used, ' ');
  return text;
}

std::string change_text(const FieldChange& field, Action action, std::size_t room) {
  // A secret that is the same is among the unchanged fields.
  if (field.secret) return action == Action::create ? "(secret)" : "(secret, changed)";
  bool both = field.before && field.after;
  std::size_t half = both ? (room - 4) / 2 : room;
  if (both) return value_text(*field.before, half) + " -> " + value_text(*field.after, half);
  if (field.after) return value_text(*field.after, half);
  if (field.before) return value_text(*field.before, half) + " -> (removed)";
  return "(removed)";
}

class TextWriter {
 public:
  TextWriter(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options)
      : plan_(plan), facts_(facts), options_(options) {}

  std::string write() {
    header();
    if (plan_.summary.empty() && plan_.summary.read == 0 && plan_.blocked.empty()) {
      out_ += fmt::format("No changes. {} declared objects match live state.\n", facts_.declared);
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
  [[nodiscard]] std::string paint(std::string_view code, std::string text) const {
    return options_.color == Color::off ? text : fmt::format("\x1b[{}m{}\x1b[0m", code, text);
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
    if (!facts_.requests.empty()) out_ += fmt::format("live: {} requests   ", requests_text(facts_.requests));
    out_ +=
        fmt::format("inventory generation {}   {} declared\n\n", plan_.inventory_generation, facts_.declared);
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
    list("restart", [](const Change& change) { return change.disruption == Disruption::restart; });
    list("one-way", [](const Change& change) { return change.reversibility == Reversibility::one_way; });
    if (!lines.empty()) out_ += paint("1", "ATTENTION") + "\n" + lines + "\n";
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
        out_ += paint("1", fmt::format("Stage {}", stage)) + "\n";
      }
      one(change);
    }
    out_ += "\n";
  }

  void one(const Change& change) {
    std::string head = fmt::format("{} {}  {}", symbol(change.action), visible_line(change.address),
                                   visible_line(change.type));
    std::string because = because_text(change);
    out_ += paint(color_of(change.action), head);
    if (!because.empty()) out_ += "   because: " + because;
    out_ += "\n";
    if (options_.detail == PlanDetail::summary || change.action == Action::delete_) return;
    fields(change);
    for (const std::string& assumption : change.assumes)
      out_ += "    assumes: " + visible_line(assumption) + "\n";
  }

  void fields(const Change& change) {
    std::size_t shown = change.fields.size();
    if (options_.detail != PlanDetail::full && change.action == Action::create)
      shown = std::min(shown, most_fields);
    std::size_t width = 0;
    for (std::size_t i = 0; i < shown; ++i)
      width = std::max(width, utf8::count(change.fields[i].path.text()));
    width = std::min(width, widest_path);
    for (std::size_t i = 0; i < shown; ++i) field(change, change.fields[i], width);
    std::vector<std::string> rest;
    if (shown < change.fields.size())
      rest.push_back(fmt::format("{} more fields", change.fields.size() - shown));
    if (change.unchanged > 0) rest.push_back(fmt::format("{} unchanged", change.unchanged));
    if (!rest.empty()) out_ += fmt::format("    ({})\n", fmt::join(rest, ", "));
  }

  /// What the head line does not say of this field alone.
  static std::string_view drift_mark(const Change& change, const FieldChange& field) {
    if (!field.writer.empty() || change.because == Because::drift) return "";
    if (field.cause == FieldCause::both) return "   (drift too)";
    return field.cause == FieldCause::drift ? "   (drift)" : "";
  }

  void field(const Change& change, const FieldChange& field, std::size_t width) {
    std::string where = place(field.written);
    std::size_t used = 4 + width + 3 + (where.empty() ? 0 : where.size() + 2);
    std::size_t room = std::max<std::size_t>(options_.width > used ? options_.width - used : 0, 24);
    std::string line = "    " + padded(visible_line(field.path.text()), width) + "   " +
                       change_text(field, change.action, room);
    if (field.immutable) line += "   (immutable)";
    line += drift_mark(change, field);
    if (!field.writer.empty()) line += "   (set by " + visible_line(field.writer) + ")";
    if (!where.empty())
      line = padded(line, options_.width > where.size() ? options_.width - where.size() : 0) + where;
    out_ += line + "\n";
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

  void policies() {
    std::string text = policies_text(plan_.policies);
    if (!text.empty()) out_ += fmt::format("Policy   {}\n", text);
  }

  void footer() {
    std::uint64_t folded = 0;
    for (const QuietRule& rule : plan_.quiet) folded += rule.count;
    if (plan_.foreign_fields > 0)
      out_ += fmt::format("Drift    {} foreign fields left alone\n", plan_.foreign_fields);
    if (folded > 0)
      out_ += fmt::format("Quiet    {} differences folded by {} rules\n", folded, plan_.quiet.size());
    records();
    policies();
    if (!plan_.blocked.empty()) {
      out_ += fmt::format("Blocked  {} objects by errors, and what needs them\n", plan_.blocked.size());
    }
    out_ += paint("1", fmt::format("Plan: {}.", summary_text(plan_.summary))) + "\n";
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

std::string because_text(const Change& change) {
  std::string text(to_string(change.because));
  if (!change.because_detail.empty()) text += (text.empty() ? "" : " ") + visible_line(change.because_detail);
  if (change.moved_from.empty()) return text;
  std::string from = visible_line(change.moved_from);
  if (change.because == Because::moved) return text + " from " + from;
  return text + (text.empty() ? "" : "; ") + "moved from " + from;
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
  std::string out = fmt::format("{} check{} passed", policies.passed, policies.passed == 1 ? "" : "s");
  auto count = [&](std::string_view severity) {
    return std::count_if(policies.notes.begin(), policies.notes.end(),
                         [&](const PolicyNote& note) { return note.severity == severity; });
  };
  if (auto failed = count("error"); failed > 0) out += fmt::format(", {} failed", failed);
  if (auto warnings = count("warning"); warnings > 0)
    out += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
  if (auto notes = count("info"); notes > 0) out += fmt::format(", {} note{}", notes, notes == 1 ? "" : "s");
  return out;
}

std::string plan_text(const Plan& plan, const PlanFacts& facts, const PlanViewOptions& options) {
  return TextWriter(plan, facts, options).write();
}

}  // namespace carbon
