// Whatever names and values a plan holds, what a terminal or a pull request shows of it is what carbon meant
// to show: no control or bidi character gets out, no text ends a line, a fence, a code span or a tag, and
// nobody is mentioned.
//
// An input is texts with a line `----` between them; they take turns to be the names and values of a plan of
// one change of every action.

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "base/value_text.h"
#include "cli/views/embedded_file.h"
#include "cli/views/plan_view.h"
#include "cli/views/test_view.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

constexpr std::string_view no_mention = "@\xE2\x80\x8B";

class Texts {
 public:
  explicit Texts(std::string_view input) {
    constexpr std::string_view between = "\n----\n";
    while (true) {
      std::size_t end = std::min(input.find(between), input.size());
      texts_.emplace_back(input.substr(0, end));
      if (end == input.size()) return;
      input.remove_prefix(end + between.size());
    }
  }

  void forget_line_ends() {
    for (std::string& text : texts_) std::replace(text.begin(), text.end(), '\n', ' ');
  }
  std::string next() { return texts_[next_++ % texts_.size()]; }
  Value value() { return Value::string(next()); }

 private:
  std::vector<std::string> texts_;
  std::size_t next_ = 0;
};

FieldChange field_of(Texts& texts) {
  FieldChange field;
  field.path = {
      {FieldStep::field(texts.next()), FieldStep::keyed({texts.next()}), FieldStep::of(texts.value())}};
  field.before = Value::map({{texts.value(), texts.value()}});
  field.after =
      Value::record({{texts.value(), Value::list({texts.value(), Value::reference(texts.next())})}});
  field.written = {texts.next(), 7};
  field.writer = texts.next();
  return field;
}

Change change_of(Action action, Texts& texts) {
  Change change;
  change.action = action;
  change.address = texts.next();
  change.type = texts.next();
  change.because = Because::drift;
  change.because_detail = texts.next();
  change.moved_from = texts.next();
  change.provider = texts.next();
  change.data_bearing = true;
  change.assumes = {texts.next()};
  change.fields = {field_of(texts), field_of(texts)};
  return change;
}

Plan plan_of(Texts texts) {
  Plan plan;
  plan.platform = texts.next();
  plan.environment = texts.next();
  plan.world = "live";
  plan.set_inputs[texts.next()] = texts.next();
  plan.providers.push_back(
      {texts.next(), texts.next(), {}, TargetIdentity{texts.next(), texts.next(), texts.next()}});
  constexpr std::array actions{Action::create,  Action::update, Action::replace,
                               Action::delete_, Action::adopt,  Action::release,
                               Action::read,    Action::later,  Action::move};
  for (Action action : actions) plan.changes.push_back(change_of(action, texts));
  plan.summary.create = 9;
  Record record;
  record.address = texts.next();
  record.what = {"protect"};
  plan.records = {record};
  plan.blocked = {texts.next()};
  plan.policies.notes.push_back({texts.next(), "warning", texts.next(), texts.next()});
  return plan;
}

PlanFacts facts_of(Texts texts) {
  PlanFacts facts;
  facts.plan_id = "pl-0000000000000000";
  facts.requests["GET"] = 1;
  facts.saved_as = texts.next();
  facts.command = texts.next();
  return facts;
}

std::size_t lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// A line outside fences: code spans are whole, and outside them stand no tags but carbon's own and no
/// mentions.
void check_line(std::string_view line, const std::string& document) {
  bool span = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && !span) {
      ++at;
      continue;
    }
    if (line[at] == '`') {
      demand(!line.substr(at).starts_with("``"), "a code span of nothing", document);
      span = !span;
    }
    if (span) continue;
    std::string_view rest = line.substr(at);
    demand(!rest.starts_with("://") && !rest.starts_with("www."), "a text becomes a link", document);
    demand(line[at] != '@' || rest.starts_with(no_mention), "somebody is mentioned", document);
    bool ours = at == 0 && rest.starts_with("<!-- carbon:plan ");
    demand(line[at] != '<' || ours, "a tag gets out", document);
  }
  demand(!span, "a code span without an end", document);
}

/// A line of HTML, in which no Markdown is read.
void check_tags(std::string_view line, const std::string& document) {
  for (std::string_view tag : {"<details><summary>", "<details open><summary>", "</summary>", "</details>"}) {
    std::size_t at = line.find(tag);
    if (at == std::string_view::npos) continue;
    std::string_view before = line.substr(0, at);
    demand(before.find('<') == std::string_view::npos, "a tag gets out", document);
    line.remove_prefix(at + tag.size());
    for (at = 0; (at = before.find('@', at)) != std::string_view::npos; ++at)
      demand(before.substr(at).starts_with(no_mention), "somebody is mentioned", document);
    for (at = 0; (at = before.find('&', at)) != std::string_view::npos; ++at) {
      std::string_view entity = before.substr(at);
      demand(entity.starts_with("&amp;") || entity.starts_with("&lt;"), "a text is an entity", document);
    }
  }
  demand(line.empty(), "something stands behind the tags", document);
}

void check_markdown(const std::string& document) {
  std::string shown = document;
  replace_all(shown, no_mention, "@");
  demand(visible(shown) == shown, "a control character in Markdown", document);
  std::string fence;
  std::string_view rest = document;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!fence.empty()) {
      bool ends = line == fence;
      // What is not coloured is indented so far that it can end no fence (CommonMark 0.30, section 4.5).
      bool ours = !line.empty() && (std::string_view("!#-+").find(line.front()) != std::string_view::npos ||
                                    line.starts_with("    "));
      demand(ends || (ours && line.find(fence) == std::string_view::npos), "a line of a fence is another's",
             document);
      if (ends) fence.clear();
    } else if (line.starts_with("```")) {
      fence = line.substr(0, line.find_first_not_of('`'));
    } else if (line.starts_with("<details") || line == "</details>") {
      check_tags(line, document);
    } else {
      check_line(line, document);
    }
  }
  demand(fence.empty(), "a fence without an end", document);
}

/// Lines that are not inside a difference: their number does not depend on what texts hold.
std::ptrdiff_t frame_lines(std::string_view text) {
  std::ptrdiff_t count = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    bool inside =
        line.starts_with("        ") ||
        (line.size() > 3 && std::string_view("!#-+ ").find(line.front()) != std::string_view::npos &&
         line.substr(1, 3) == "   ");
    if (!inside) ++count;
  }
  return count;
}

void check_value(const Value& value) {
  for (std::size_t width : {10u, 40u, 200u}) {
    std::string line = value_text(value, width);
    demand(visible(line) == line && lines(line) == 0, "a value is more than a safe line", line);
    demand(utf8::count(line) <= width, "a value is wider than its room", line);
  }
}

void check_junit(Texts texts) {
  SourceMap sources;
  TestRow row;
  row.name = texts.next();
  row.file = texts.next();
  row.problems.error(DiagnosticCode::check_failed, texts.next(), {}).notes.push_back(texts.next());
  std::string text = tests_junit({row}, sources);
  demand(visible(text) == text, "a control character in XML", text);
  demand(std::count(text.begin(), text.end(), '<') == 9, "a tag gets into XML", text);
}

}  // namespace

/// Only the page's own tags and attributes, nothing that runs or leads elsewhere, one style and one script.
void check_html(std::string page) {
  demand(visible(page) == page, "a control character in a page", page);
  for (const EmbeddedFile& file : {plan_page_style, plan_page_script}) {
    std::size_t at = page.find(file.text);
    demand(at != std::string::npos, "a page without its style or script", page);
    page.erase(at, file.text.size());
  }
  static const std::set<std::string_view> tags{
      "!doctype", "a",       "body",   "button", "code",  "del",    "details", "div",  "figcaption", "figure",
      "fieldset", "footer",  "form",   "h1",     "h2",    "head",   "header",  "html", "input",      "ins",
      "label",    "legend",  "li",     "main",   "meta",  "option", "p",       "path", "pre",        "rect",
      "script",   "section", "select", "span",   "style", "strong", "summary", "svg",  "table",      "tbody",
      "td",       "text",    "th",     "thead",  "title", "tr",     "ul"};
  std::size_t scripts = 0;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    std::size_t name = at + (page[at + 1] == '/' ? 2 : 1);
    std::string_view tag = std::string_view(page).substr(name, page.find_first_of(" >", name) - name);
    demand(tags.contains(tag), "a text is a tag of a page", page.substr(at, 80));
    if (tag == "script" && page[at + 1] != '/') ++scripts;
    std::string_view whole = std::string_view(page).substr(at, page.find('>', at) - at);
    demand(whole.find('<', 1) == std::string_view::npos, "a tag within a tag", page.substr(at, 80));
    demand(whole.find(" on") == std::string_view::npos || whole.find(" on") > whole.find('"'),
           "an attribute that runs", page.substr(at, 80));
    std::size_t link = whole.find("href=\"");
    demand(link == std::string_view::npos || whole[link + 6] == '#', "a link that leads away",
           page.substr(at, 80));
  }
  demand(scripts == 1, "a script that is not the page's", page);
}

void check_views(std::string_view input) {
  Texts texts(input);
  Texts one_line = texts;
  one_line.forget_line_ends();
  Plan plan = plan_of(texts);
  Plan plain = plan_of(one_line);
  PlanFacts facts = facts_of(texts);
  PlanFacts plain_facts = facts_of(one_line);
  std::string text = plan_text(plan, facts, {PlanDetail::full, Color::off, 100});
  demand(visible(text) == text, "a control character in a plan", text);
  demand(frame_lines(text) == frame_lines(plan_text(plain, plain_facts, {PlanDetail::full, Color::off, 100})),
         "a text ends a line of a plan", text);
  std::string markdown = plan_markdown(plan, facts);
  check_markdown(markdown);
  // What is left out depends on the length, which is the same.
  demand(frame_lines(markdown) == frame_lines(plan_markdown(plain, plain_facts)),
         "a text ends a line of Markdown", markdown);
  check_html(plan_html(plan, facts));
  std::string json = plan_json(plan, facts);
  demand(utf8::first_invalid(input) != std::string_view::npos || parse_json(json).has_value(),
         "a plan is no JSON", json);
  check_value(Value::string(texts.next()));
  check_value(*plan.changes.front().fields.front().before);
  check_value(*plan.changes.front().fields.front().after);
  check_junit(texts);
}

}  // namespace carbon::fuzz
