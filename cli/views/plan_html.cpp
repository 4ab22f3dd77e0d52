// One self-contained page: no network, no script needed to read it, and a Content-Security-Policy that allows
// nothing but its own style and script, by their hashes. Text of the platform and of servers goes through
// `html` alone.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_text.h"
#include "cli/views/embedded_file.h"
#include "cli/views/field_text.h"
#include "cli/views/plan_graph.h"
#include "cli/views/plan_view.h"
#include "cli/views/value_diff.h"

namespace carbon {

namespace {

constexpr std::size_t cell_width = 400;
constexpr std::size_t most_page_lines = 200;
/// Of a box of the picture, and the room between boxes, in its own units.
constexpr std::uint32_t box_width = 210, box_height = 40, column_gap = 70, row_gap = 14, margin = 20;

/// Text for an element or a quoted attribute. Control characters are made visible.
std::string html(std::string_view text) {
  std::string out;
  for (char c : visible_line(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

class Page {
 public:
  Page(const Plan& plan, const PlanFacts& facts) : plan_(plan), facts_(facts) {}

  std::string write() && {
    head();
    top();
    problems();
    attention();
    policies();
    if (!plan_.changes.empty()) {
      filter();
      picture();
      changes();
    }
    foot();
    return std::move(out_);
  }

 private:
  void head() {
    std::string title = fmt::format("carbon {}: {} · {}", plan_.destroy ? "destroy" : "plan",
                                    html(plan_.platform), html(plan_.environment));
    out_ += fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; "
        "script-src '{}'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#changes\">To the "
        "changes</a>\n<header>\n"
        "<h1>{}</h1>\n",
        plan_page_style.source_hash, plan_page_script.source_hash, title, plan_page_style.text, title);
  }

  void top() {
    out_ += "<ul class=\"counts\" aria-label=\"Summary\">";
    std::string summary = summary_text(plan_.summary);
    while (!summary.empty()) {
      std::size_t end = summary.find_first_of(",;");
      out_ += "<li>" + html(summary.substr(0, end)) + "</li>";
      summary = end == std::string::npos ? "" : summary.substr(std::min(end + 2, summary.size()));
    }
    out_ += "</ul>\n<ul class=\"facts\">\n";
    out_ += fmt::format("<li>plan <code>{}</code> · world {} · inventory generation {}</li>\n",
                        html(facts_.plan_id), html(plan_.world), plan_.inventory_generation);
    for (const PlannedProvider& provider : plan_.providers) {
      if (!provider.target) continue;
      out_ += fmt::format("<li><code>{}</code> {} · {} · uid {}</li>\n", html(provider.address),
                          html(provider.target->endpoint), html(provider.target->version),
                          html(provider.target->uid));
    }
    for (const auto& [name, value] : plan_.set_inputs)
      out_ += fmt::format("<li>set <code>{} = {}</code></li>\n", html(name), html(value));
    out_ += "</ul>\n</header>\n<main>\n";
    if (plan_.changes.empty() && facts_.problems.empty()) out_ += "<p>No changes.</p>\n";
  }

  void problems() {
    if (facts_.problems.empty()) return;
    out_ += fmt::format("<section class=\"notice\"><h2>This plan cannot be applied: {}</h2><ul>\n",
                        counted(facts_.problems.size(), "error"));
    for (const PlanProblem& problem : facts_.problems) {
      out_ +=
          fmt::format("<li>{} <code>{}</code> {} <span class=\"quiet\">{}</span></li>\n", html(problem.code),
                      html(problem.address), html(problem.message), html(place_text(problem.written)));
    }
    out_ += "</ul></section>\n";
  }

  void attention() {
    std::string lines;
    auto list = [&](std::string_view word, auto&& wanted) {
      for (std::size_t i = 0; i < plan_.changes.size(); ++i) {
        const Change& change = plan_.changes[i];
        if (!wanted(change)) continue;
        lines += fmt::format("<li><strong>{}</strong> <a href=\"#c{}\"><code>{}</code></a> {}{}</li>\n", word,
                             i, html(change.address), html(change.type),
                             change.data_bearing ? " <span class=\"tag danger\">holds data</span>" : "");
      }
    };
    list("Delete", [](const Change& change) { return change.action == Action::delete_; });
    list("Replace", [](const Change& change) { return change.action == Action::replace; });
    list("One-way", [](const Change& change) { return goes_one_way(change); });
    list("Restart", [](const Change& change) { return restarts(change); });
    for (const Address& address : plan_.blocked)
      lines += fmt::format("<li><strong>Blocked</strong> <code>{}</code></li>\n", html(address));
    if (!lines.empty())
      out_ += "<section class=\"notice\"><h2>Attention</h2><ul>\n" + lines + "</ul></section>\n";
  }

  void policies() {
    std::string text = policies_text(plan_.policies);
    if (text.empty()) return;
    if (plan_.policies.notes.empty()) {
      out_ += fmt::format("<p class=\"quiet\">Policy: {}.</p>\n", html(text));
      return;
    }
    out_ += fmt::format("<section class=\"notice note\"><h2>Policy: {}</h2><ul>\n", html(text));
    for (const PolicyNote& note : plan_.policies.notes)
      out_ += fmt::format("<li>{} <code>{}</code> <code>{}</code> {}</li>\n", html(note.severity),
                          html(note.policy), html(note.address), html(note.message));
    out_ += "</ul></section>\n";
  }

  void options(std::string_view label, std::string_view name, std::string_view all,
               const std::map<std::string, std::string>& values) {
    out_ += fmt::format("<label class=\"column\">{} <select name=\"{}\"><option value=\"\">{}</option>",
                        label, name, all);
    for (const auto& [value, shown] : values)
      out_ += fmt::format("<option value=\"{}\">{}</option>", html(value), html(shown));
    out_ += "</select></label>\n";
  }

  void filter() {
    std::set<std::string_view> actions;
    std::map<std::string, std::string> stages;
    std::map<std::string, std::string> groups;
    for (const Change& change : plan_.changes) {
      actions.insert(to_string(change.action));
      std::string stage = stage_of(change);
      stages.emplace(stage, stage == "last" ? "deletes" : "stage " + stage);
      std::string group = group_of(change);
      groups.emplace(group, group);
      groups.emplace(change.type, change.type);
    }
    out_ += "<form class=\"filter\" aria-label=\"Filter\">\n<fieldset><legend>Actions</legend>\n";
    for (std::string_view action : actions)
      out_ += fmt::format("<label><input type=\"checkbox\" value=\"{0}\" checked> {0}</label>\n", action);
    out_ += "</fieldset>\n";
    options("Stage", "stage", "all", stages);
    options("Component or type", "group", "all", groups);
    out_ +=
        "<label class=\"column\">Address contains <input type=\"search\" name=\"text\"></label>\n"
        "<button type=\"reset\">Show all</button>\n<span id=\"shown\" class=\"quiet\" "
        "role=\"status\"></span>\n</form>\n";
  }

  static std::string stage_of(const Change& change) {
    return change.action == Action::delete_ ? "last" : fmt::format("{}", change.stage);
  }

  static std::uint32_t left(const PlanGraph::Box& box) {
    return margin + box.column * (box_width + column_gap);
  }
  static std::uint32_t top_of(const PlanGraph::Box& box) { return margin + box.row * (box_height + row_gap); }

  void picture() {
    PlanGraph graph = plan_graph(plan_);
    std::uint32_t width = 2 * margin + graph.columns * (box_width + column_gap) - column_gap;
    std::uint32_t height = 2 * margin + graph.rows * (box_height + row_gap) - row_gap;
    out_ += fmt::format(
        "<h2 id=\"order\">Order</h2>\n<figure>\n<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "role=\"group\" tabindex=\"0\" "
        "aria-label=\"The changes from left to right, each right of what it needs\">\n",
        width, height);
    for (const PlanGraph::Arrow& arrow : graph.arrows) {
      const PlanGraph::Box& from = graph.boxes[arrow.from];
      const PlanGraph::Box& to = graph.boxes[arrow.to];
      std::uint32_t x1 = left(from) + box_width, y1 = top_of(from) + box_height / 2;
      std::uint32_t x2 = left(to), y2 = top_of(to) + box_height / 2;
      std::uint32_t bend = column_gap / 2;
      out_ += fmt::format("<path d=\"M{} {}C{} {} {} {} {} {}\"/>\n", x1, y1, x1 + bend, y1,
                          x2 > bend ? x2 - bend : 0, y2, x2, y2);
    }
    for (const PlanGraph::Box& box : graph.boxes) this->box(box);
    out_ +=
        "</svg>\n<figcaption>Drag or use the arrow keys to move; Ctrl and the wheel, or + and -, to zoom; 0 "
        "shows all. "
        "A box leads to its changes.<span class=\"tools\"><button type=\"button\" value=\"+\" "
        "aria-label=\"Zoom in\">+"
        "</button><button type=\"button\" value=\"-\" aria-label=\"Zoom out\">-</button><button "
        "type=\"button\" "
        "value=\"0\">all</button></span></figcaption>\n</figure>\n";
  }

  void box(const PlanGraph::Box& box) {
    std::string group = box.changes.size() > 1 ? fmt::format(" data-group=\"{}\"", html(box.group)) : "";
    std::string_view mark = box.changes.size() > 1 ? "" : symbol(box.worst);
    constexpr std::size_t title_columns = 26;
    constexpr std::size_t note_columns = 34;
    out_ += fmt::format(
        "<a href=\"#c{}\" class=\"{}\"{}><title>{}: {}, {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" "
        "rx=\"5\"/><text x=\"{}\" y=\"{}\">{} {}</text><text class=\"note\" x=\"{}\" "
        "y=\"{}\">{}</text></a>\n",
        box.changes.front(), danger_word(box.worst), group, to_string(box.worst), html(box.title),
        html(box.note), left(box), top_of(box), box_width, box_height, left(box) + 10, top_of(box) + 17, mark,
        html(utf8::cut(box.title, title_columns)), left(box) + 10, top_of(box) + 32,
        html(utf8::cut(box.note, note_columns)));
  }

  void changes() {
    out_ += "<div id=\"changes\">\n";
    std::string stage;
    for (std::size_t i = 0; i < plan_.changes.size(); ++i) {
      const Change& change = plan_.changes[i];
      if (stage_of(change) != stage) {
        if (!stage.empty()) out_ += "</section>\n";
        stage = stage_of(change);
        out_ += fmt::format("<section class=\"stage\"><h2>{}</h2>\n",
                            stage == "last" ? "Delete" : "Stage " + stage);
      }
      this->change(change, i);
    }
    out_ += "</section>\n</div>\n";
  }

  void change(const Change& change, std::size_t index) {
    bool danger = change.action == Action::delete_ || change.action == Action::replace;
    out_ += fmt::format(
        "<details class=\"change {}\" id=\"c{}\" data-action=\"{}\" data-stage=\"{}\" data-group=\"{}\" "
        "data-type=\"{}\" data-text=\"{}\"{}>\n"
        "<summary><span class=\"symbol\">{}</span> <span class=\"quiet\">{}</span> <span "
        "class=\"address\">{}</span> {}",
        danger_word(change.action), index, to_string(change.action), stage_of(change), html(group_of(change)),
        html(change.type), html(change.address + " " + change.type), danger ? " open" : "", symbol(change),
        to_string(change.action), html(change.address), html(change.type));
    if (change.data_bearing) out_ += " <span class=\"tag danger\">holds data</span>";
    if (restarts(change))
      out_ += fmt::format(" <span class=\"tag update\">{}</span>", disruption_text(change.disruption));
    if (goes_one_way(change)) out_ += " <span class=\"tag danger\">one-way</span>";
    std::string because = because_text(change);
    if (!because.empty()) out_ += fmt::format(" <span class=\"quiet\">because: {}</span>", html(because));
    out_ += "</summary>\n<div class=\"body\">\n";
    out_ +=
        fmt::format("<p class=\"quiet\">{} {}{}{}</p>\n", html(change.type), html(change.identity_text),
                    change.declared.file.empty() ? "" : " · declared at ", html(place_text(change.declared)));
    for (const std::string& assumption : change.assumes)
      out_ += fmt::format("<p>assumes: {}</p>\n", html(assumption));
    if (!change.fields.empty()) fields(change);
    if (change.unchanged > 0) out_ += fmt::format("<p class=\"quiet\">{} unchanged</p>\n", change.unchanged);
    out_ += "</div></details>\n";
  }

  void fields(const Change& change) {
    bool created = change.action == Action::create;
    out_ += created ? "<table><thead><tr><th scope=\"col\">field</th><th scope=\"col\">value</th><th "
                      "scope=\"col\">written "
                      "at</th></tr></thead><tbody>\n"
                    : "<table><thead><tr><th scope=\"col\">field</th><th scope=\"col\">live</th><th "
                      "scope=\"col\">wanted"
                      "</th><th scope=\"col\">written at</th></tr></thead><tbody>\n";
    for (const FieldChange& field : change.fields) this->field(field, created);
    out_ += "</tbody></table>\n";
  }

  void field(const FieldChange& field, bool created) {
    out_ += fmt::format("<tr><th scope=\"row\"><code>{}</code>{}</th>", html(field.path.text()),
                        notes(field, created));
    std::optional<ValueDiff> inside;
    if (!field.secret && field.before && field.after)
      inside = value_diff(*field.before, *field.after, cell_width);
    if (field.secret) {
      out_ += fmt::format("<td{}>{}</td>", created ? "" : " colspan=\"2\"", secret_text(field, created));
    } else if (inside) {
      out_ += "<td colspan=\"2\">" + difference(*inside) + "</td>";
    } else {
      if (!created) out_ += "<td>" + value("del", field.before, "(not set)") + "</td>";
      out_ += "<td>" + value("ins", field.after, "(removed)") + "</td>";
    }
    out_ += fmt::format("<td class=\"place\">{}</td></tr>\n", html(place_text(field.written)));
  }

  static std::string notes(const FieldChange& field, bool created) {
    std::string out;
    if (field.immutable && !created) out += " <span class=\"tag danger\">immutable</span>";
    bool drift = field.cause == FieldCause::drift || field.cause == FieldCause::both;
    if (!field.writer.empty()) {
      out += fmt::format(" <span class=\"quiet\">set by {}</span>", html(field.writer));
    } else if (drift) {
      out += " <span class=\"quiet\">drift</span>";
    }
    if (!field.words.empty()) out += fmt::format(" <span class=\"quiet\">{}</span>", html(field.words));
    return out;
  }

  static std::string value(std::string_view tag, const std::optional<Value>& value, std::string_view absent) {
    if (!value) return fmt::format("<span class=\"quiet\">{}</span>", absent);
    return fmt::format("<{0}><code>{1}</code></{0}>", tag, html(value_text(*value, cell_width)));
  }

  static std::string difference(const ValueDiff& inside) {
    std::string out = fmt::format("{}<pre>", html(differences_text(inside)));
    for (std::size_t i = 0; i < std::min(inside.lines.size(), most_page_lines); ++i) {
      const DiffLine& line = inside.lines[i];
      std::string text = html(line.text);
      switch (line.sign) {
        case '+': out += fmt::format("<ins>+ {}</ins>\n", text); break;
        case '-': out += fmt::format("<del>- {}</del>\n", text); break;
        case '~': out += fmt::format("<span class=\"changed\">~ {}</span>\n", text); break;
        case '@': out += fmt::format("<span class=\"gap\">({})</span>\n", text); break;
        default: out += fmt::format("  {}\n", text);
      }
    }
    if (inside.lines.size() > most_page_lines)
      out +=
          fmt::format("<span class=\"gap\">({} more lines)</span>\n", inside.lines.size() - most_page_lines);
    return out + "</pre>";
  }

  void foot() {
    std::uint64_t folded = 0;
    for (const QuietRule& rule : plan_.quiet) folded += rule.count;
    out_ += "</main>\n<footer class=\"quiet\">\n";
    if (plan_.foreign_fields > 0)
      out_ += fmt::format("<p>{} left alone.</p>\n", counted(plan_.foreign_fields, "foreign field"));
    if (folded > 0) out_ += fmt::format("<p>{} folded.</p>\n", counted(folded, "difference"));
    if (facts_.hidden > 0)
      out_ += fmt::format("<p>{} left out of this page.</p>\n", counted(facts_.hidden, "change"));
    if (!plan_.records.empty())
      out_ += fmt::format("<p>{} of unchanged objects to remember.</p>\n",
                          counted(plan_.records.size(), "setting"));
    if (!facts_.command.empty())
      out_ += fmt::format("<p>To apply: <code>{}</code></p>\n", html(facts_.command));
    out_ += fmt::format("</footer>\n<script>{}</script>\n</body>\n</html>\n", plan_page_script.text);
  }

  const Plan& plan_;
  const PlanFacts& facts_;
  std::string out_;
};

}  // namespace

std::string plan_html(const Plan& plan, const PlanFacts& facts) { return Page(plan, facts).write(); }

}  // namespace carbon
