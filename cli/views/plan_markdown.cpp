// A pull request comment. Order of importance: head and what is dangerous (always), the list of objects,
// details by risk. When the budget ends the number left out is said.

#include <fmt/format.h>
#include <algorithm>

#include "base/diagnostic_text.h"
#include "base/value_text.h"
#include "cli/views/plan_view.h"

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

std::string dangers(const std::vector<const Change*>& changes) {
  std::string out;
  for (const Change* change : changes) {
    if (risk(*change) > 1) break;
    out += fmt::format("> **{}** {} · {}{}\n", change->action == Action::delete_ ? "Delete" : "Replace",
                       code(change->address), escaped(change->type),
                       change->data_bearing ? " · **holds data**" : "");
  }
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

std::string row(const Change& change) {
  return fmt::format("| `{}` | {} | {} | {} |\n", symbol(change.action), code(change.address),
                     escaped(change.type), escaped(because_text(change)));
}

std::string diff_lines(const Change& change) {
  std::string out;
  for (const FieldChange& field : change.fields) {
    out += "! " + visible_line(field.path.text()) + "\n";
    if (field.secret) {
      out += "# (secret, changed)\n";
      continue;
    }
    if (field.before) out += "-   " + value_text(*field.before, value_width) + "\n";
    if (field.after) out += "+   " + value_text(*field.after, value_width) + "\n";
  }
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
std::string html(std::string_view text) {
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
  std::string body = diff_lines(change);
  if (body.empty()) return "";
  std::string marks = fence(body);
  return fmt::format("<details{}><summary>{} {} ({} fields)</summary>\n\n{}diff\n{}{}\n</details>\n",
                     risk(change) <= 1 ? " open" : "", symbol(change.action), html(change.address),
                     change.fields.size(), marks, body, marks);
}

}  // namespace

std::string plan_markdown(const Plan& plan, const PlanFacts& facts, std::size_t budget) {
  std::vector<const Change*> changes;
  for (const Change& change : plan.changes) changes.push_back(&change);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change* a, const Change* b) { return risk(*a) < risk(*b); });

  std::string out = fmt::format("<!-- carbon:plan platform={} env={} -->\n", escaped(plan.platform),
                                escaped(plan.environment));
  out += fmt::format("### carbon plan · {} · {}\n", escaped(plan.environment), summary_text(plan.summary));
  out += fmt::format("plan `{}` · platform {} · world {} · inventory generation {}\n\n", facts.plan_id,
                     code(plan.platform), plan.world, plan.inventory_generation);
  if (!plan.records.empty())
    out += fmt::format("Settings to remember of unchanged objects: {}.\n\n", plan.records.size());
  out += policies(plan.policies);
  if (changes.empty()) return out + "No changes.\n";
  out += dangers(changes);

  std::string foot = facts.command.empty() ? "" : fmt::format("\nTo apply: {}\n", code(facts.command));
  std::size_t reserve = foot.size() + 200;
  out += "| | object | type | why |\n|---|---|---|---|\n";
  std::size_t listed = 0;
  for (; listed < changes.size(); ++listed) {
    std::string next = row(*changes[listed]);
    if (out.size() + next.size() + reserve > budget) break;
    out += next;
  }
  if (listed < changes.size())
    out += fmt::format("\n{} more objects are not listed here.\n", changes.size() - listed);
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
    out += fmt::format("\nThe details of {} objects are left out; `carbon show` prints them.\n", left_out);
  return out + foot;
}

}  // namespace carbon
