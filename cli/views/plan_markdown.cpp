// A pull request comment. Order of importance: head and what is dangerous (always), the list of objects,
// details by risk. When the budget ends the number left out is said.

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <optional>

#include "base/diagnostic_text.h"
#include "base/value_text.h"
#include "cli/views/field_text.h"
#include "cli/views/plan_view.h"
#include "cli/views/steps_view.h"
#include "cli/views/value_diff.h"

namespace carbon {

namespace {

constexpr std::size_t value_width = 120;
/// A zero-width space behind `@`: shown as it is, pings nobody.
constexpr std::string_view no_mention = "@\xE2\x80\x8B";

/// No mention pings, no HTML, no links from resource text.
std::string escaped(std::string_view text) {
  std::string out;
  for (char c : visible_line(text)) {
    if (c == '@') {
      out += no_mention;
    } else if (std::string_view("\\`*_{}[]<>()#|~!").find(c) != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(c);
    } else {
      out.push_back(c);
    }
    // GitHub makes links of bare addresses.
    if (out.ends_with("://")) out.insert(out.size() - 3, "\\");
    if (out.ends_with("www.")) out.insert(out.size() - 1, "\\");
  }
  return out;
}

/// Code spans cannot escape a back quote, so there is none in them; and none can be empty.
std::string code(std::string_view text) {
  std::string shown = text.empty() ? " " : visible_line(text);
  std::replace(shown.begin(), shown.end(), '`', '\'');
  std::replace(shown.begin(), shown.end(), '|', '/');
  return "`" + shown + "`";
}

int risk(const Change& change) {
  switch (change.action) {
    case Action::delete_: return 0;
    case Action::replace: return 1;
    case Action::adopt: return 2;
    case Action::update: return 3;
    case Action::move:
    case Action::release: return 4;
    case Action::create: return 5;
    case Action::later: return 6;
    case Action::read:
    case Action::no_op: return 7;
  }
  return 7;
}

/// One line a danger, of what may be lost first; a long list ends with how many more there are.
std::string dangers(const std::vector<const Change*>& changes) {
  constexpr std::size_t most = 20;
  std::string out;
  auto list = [&](std::string_view word, auto&& wanted) {
    std::vector<const Change*> found;
    std::copy_if(changes.begin(), changes.end(), std::back_inserter(found),
                 [&](const Change* change) { return wanted(*change); });
    for (std::size_t i = 0; i < std::min(found.size(), most); ++i) {
      out += fmt::format("> **{}** {} · {}{}\n", word, code(found[i]->address), escaped(found[i]->type),
                         found[i]->data_bearing ? " · **holds data**" : "");
    }
    if (found.size() > most) out += fmt::format("> **{}** {} more\n", word, found.size() - most);
  };
  list("Delete", [](const Change& change) { return change.action == Action::delete_; });
  list("Replace", [](const Change& change) { return change.action == Action::replace; });
  list("One-way", [](const Change& change) { return goes_one_way(change); });
  list("Restart", [](const Change& change) { return restarts(change); });
  return out.empty() ? "" : "> [!CAUTION]\n" + out + "\n";
}

/// What does not hold is said in full up to a few: it is what a reviewer must see.
std::string policies(const PolicySummary& policies) {
  constexpr std::size_t most = 20;
  std::string text = policies_text(policies);
  if (text.empty()) return "";
  std::string out = fmt::format("Policy: {}.\n", text);
  for (std::size_t i = 0; i < std::min(policies.notes.size(), most); ++i) {
    const PolicyNote& note = policies.notes[i];
    out += fmt::format("* **{}**{}{}: {}\n", escaped(note.severity),
                       note.policy.empty() ? "" : " " + code(note.policy),
                       note.address.empty() ? "" : " " + code(note.address), escaped(note.message));
  }
  if (policies.notes.size() > most) out += fmt::format("* and {} more\n", policies.notes.size() - most);
  return out + "\n";
}

/// What keeps it from being applied: a reviewer must not take such a plan for the whole.
std::string problems(const PlanFacts& facts) {
  constexpr std::size_t most = 20;
  if (facts.problems.empty()) return "";
  std::string out = fmt::format("> [!WARNING]\n> **This plan cannot be applied:** {}.\n",
                                counted(facts.problems.size(), "error"));
  for (std::size_t i = 0; i < std::min(facts.problems.size(), most); ++i) {
    const PlanProblem& problem = facts.problems[i];
    std::string place = place_text(problem.written);
    if (!place.empty()) place = " " + code(place);
    out += fmt::format("> * {}{}{}: {}\n", problem.code,
                       problem.address.empty() ? "" : " " + code(problem.address), place,
                       escaped(problem.message));
  }
  if (facts.problems.size() > most) out += fmt::format("> * and {} more\n", facts.problems.size() - most);
  return out + "\n";
}

/// Since the last push: a reviewer who has read the former plan needs to read only this.
std::string since_last(const CommentFacts& comment) {
  if (!comment.compared) return "";
  std::vector<std::string> parts;
  auto add = [&](std::size_t count, std::string_view word) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, word));
  };
  add(comment.fresh.size(), "new");
  add(comment.other.size(), "changed");
  add(comment.gone, "gone");
  add(comment.same, "the same");
  if (parts.empty()) return "";
  bool nothing = comment.fresh.empty() && comment.other.empty() && comment.gone == 0;
  return nothing ? "Since your last push: the same plan.\n\n"
                 : fmt::format("Since your last push: **{}**.\n\n", fmt::join(parts, ", "));
}

/// Where the artefact is; a URL that could leave its brackets is shown, not linked.
std::string artifact(const std::string& url) {
  if (url.empty()) return "";
  bool plain = (url.starts_with("https://") || url.starts_with("http://")) &&
               url.find_first_of("()<>[]`\\ \n\"'") == std::string::npos && visible_line(url) == url;
  return plain ? fmt::format(" · [full plan]({})", url) : " · full plan: " + code(url);
}

std::string row(const Change& change, const CommentFacts& comment) {
  std::string stage = change.action == Action::delete_ ? "last" : fmt::format("{}", change.stage);
  std::string mark;
  if (comment.fresh.contains(change.address)) mark = " **new**";
  if (comment.other.contains(change.address)) mark = " **changed**";
  return fmt::format("| `{}` | {}{} | {} | {} | {} |\n", symbol(change), code(change.address), mark,
                     escaped(change.type), escaped(because_text(change)), stage);
}

/// In a `diff` fence only lines that begin with `+`, `-`, `!` and `#` have a colour.
char fence_sign(char sign) {
  if (sign == '~') return '!';
  return sign == '@' ? '#' : sign;
}

std::string inside_lines(const ValueDiff& inside) {
  constexpr std::size_t most = 40;
  std::string out;
  for (std::size_t i = 0; i < std::min(inside.lines.size(), most); ++i)
    out += fmt::format("{}   {}\n", fence_sign(inside.lines[i].sign), inside.lines[i].text);
  if (inside.lines.size() > most) out += fmt::format("#   {} more lines\n", inside.lines.size() - most);
  return out;
}

std::string field_lines(const FieldChange& field) {
  std::string path = visible_line(field.path.text());
  if (field.secret) return "! " + path + "   " + secret_text(field, false) + "\n";
  std::string out = "! " + path;
  if (field.immutable) out += "   (immutable)";
  if (field.cause == FieldCause::drift || field.cause == FieldCause::both)
    out += field.writer.empty() ? "   (drift)" : "   (drift: set by " + visible_line(field.writer) + ")";
  std::optional<ValueDiff> inside;
  if (field.before && field.after) inside = value_diff(*field.before, *field.after, value_width);
  if (inside) return out + "   " + differences_text(*inside) + "\n" + inside_lines(*inside);
  out += "\n";
  if (field.before) out += "-   " + value_text(*field.before, value_width) + "\n";
  if (field.after) out += "+   " + value_text(*field.after, value_width) + "\n";
  if (!field.words.empty()) out += "#   " + visible_line(field.words) + "\n";
  return out;
}

/// What loses data is red, a statement of a new object green.
std::string step_lines(const Change& change) {
  constexpr std::size_t most = 60;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, change.steps.size()); ++i) {
    const WriteStep& step = change.steps[i];
    char sign = step.risk >= StepRisk::one_way ? '-' : change.action == Action::create ? '+' : '!';
    std::string cost = step_cost(step);
    out +=
        fmt::format("{} {}{}\n", sign, visible_line(step.summary), cost.empty() ? "" : "   (" + cost + ")");
  }
  if (change.steps.size() > most) out += fmt::format("# {} more statements\n", change.steps.size() - most);
  return out;
}

/// The fields of a new object are all new: `+` says so, without a line of its own for each name.
std::string diff_lines(const Change& change) {
  if (!change.steps.empty()) return step_lines(change);
  std::string out;
  for (const FieldChange& field : change.fields) {
    if (change.action != Action::create) {
      out += field_lines(field);
    } else if (field.secret) {
      out += "+ " + visible_line(field.path.text()) + "   " + secret_text(field, true) + "\n";
    } else if (field.after) {
      out += "+ " + visible_line(field.path.text()) + "   " + value_text(*field.after, value_width) + "\n";
    }
  }
  if (change.action != Action::create && change.unchanged > 0)
    out += fmt::format("# {} unchanged\n", change.unchanged);
  return out;
}

/// A fence is longer than any run of back quotes inside it.
std::string fence(std::string_view body) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

/// Text in a tag, where Markdown's escapes mean nothing.
std::string tag_text(std::string_view text) {
  std::string out;
  for (char c : visible_line(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '@') {
      out += no_mention;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string details(const Change& change) {
  if (change.fields.empty() && change.steps.empty()) return "";
  std::string body = diff_lines(change);
  std::string marks = fence(body);
  return fmt::format("<details{}><summary>{} {} ({})</summary>\n\n{}diff\n{}{}\n</details>\n",
                     risk(change) <= 1 ? " open" : "", symbol(change), tag_text(change.address),
                     change.steps.empty() ? counted(change.fields.size(), "field")
                                          : counted(change.steps.size(), "statement"),
                     marks, body, marks);
}

std::string head(const Plan& plan, const PlanFacts& facts, const CommentFacts& comment) {
  std::string out = comment_mark(plan) + "\n";
  if (!comment.memory.empty()) out += comment.memory + "\n";
  out += fmt::format("### carbon plan · {} · {}\n", escaped(plan.environment), summary_text(plan.summary));
  out += fmt::format("plan `{}` · platform {} · world {} · inventory generation {}{}{}\n\n", facts.plan_id,
                     code(plan.platform), plan.world, plan.inventory_generation,
                     comment.commit.empty() ? "" : " · head " + code(comment.commit.substr(0, 12)),
                     artifact(comment.artifact));
  if (!comment.stale.empty())
    out += fmt::format("> [!WARNING]\n> **STALE:** {}. Make the plan again.\n\n", escaped(comment.stale));
  if (!plan.records.empty())
    out += fmt::format("Settings to remember of unchanged objects: {}.\n\n", plan.records.size());
  return out + problems(facts) + policies(plan.policies);
}

}  // namespace

std::string comment_mark(const Plan& plan) {
  return fmt::format("<!-- carbon:plan platform={} env={} -->", escaped(plan.platform),
                     escaped(plan.environment));
}

std::string plan_markdown(const Plan& plan, const PlanFacts& facts, const CommentFacts& comment,
                          std::size_t budget) {
  std::vector<const Change*> changes;
  for (const Change& change : plan.changes) changes.push_back(&change);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change* a, const Change* b) { return risk(*a) < risk(*b); });
  std::string out = head(plan, facts, comment);
  if (changes.empty()) return out + (facts.problems.empty() ? "No changes.\n" : "");
  out += since_last(comment);
  out += dangers(changes);
  std::string foot;
  if (facts.hidden > 0)
    foot += fmt::format("\n{} left out by `--only` and `--exclude`.\n", counted(facts.hidden, "change"));
  if (!facts.command.empty()) foot += fmt::format("\nTo apply: {}\n", code(facts.command));
  std::size_t reserve = foot.size() + 200;
  out += "| | object | type | why | stage |\n|---|---|---|---|---|\n";
  std::size_t listed = 0;
  for (; listed < changes.size(); ++listed) {
    std::string next = row(*changes[listed], comment);
    if (out.size() + next.size() + reserve > budget) break;
    out += next;
  }
  if (listed < changes.size())
    out += fmt::format("\n{} not listed here.\n", counted(changes.size() - listed, "more object"));
  out += "\n";
  std::size_t left_out = 0;
  for (const Change* change : changes) {
    std::string next = details(*change);
    if (out.size() + next.size() + reserve > budget) {
      ++left_out;
    } else {
      out += next;
    }
  }
  if (left_out > 0)
    out += fmt::format("\nThe details of {} are left out; `carbon show` prints them.\n",
                       counted(left_out, "object"));
  return out + foot;
}

}  // namespace carbon
