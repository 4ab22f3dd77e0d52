#include "lsp/code_actions.h"

#include <algorithm>

#include "lsp/diagnostics.h"
#include "lsp/json.h"

namespace carbon::lsp {

namespace {

constexpr std::string_view quick_fix = "quickfix";
constexpr std::string_view fix_all = "source.fixAll";

/// A kind contains those that begin with it and a dot.
bool wanted(const std::vector<std::string>& only, std::string_view kind) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& each) {
           return kind == each || (kind.starts_with(each) && kind.substr(each.size()).starts_with('.'));
         });
}

bool touches(SourceSpan a, SourceSpan b) { return a.begin <= b.end && b.begin <= a.end; }

class ActionWriter {
 public:
  ActionWriter(const Analysis& analysis, Locator& locator, SourceSpan file)
      : analysis_(analysis), locator_(locator), file_(file) {}

  void quick(SourceSpan touched) {
    for (const Diagnostic& diagnostic : analysis_.diagnostics.all()) {
      if (diagnostic.labels.empty() || !touches(diagnostic.labels.front().span, touched)) continue;
      for (const Help& help : diagnostic.helps) {
        if (!is_safe(help)) continue;
        Value about = Value::list({to_value(diagnostic, analysis_, locator_)});
        actions_.push_back(json::object(
            {json::field("title", json::text(help.text)), json::field("kind", json::text(quick_fix)),
             json::field("diagnostics", std::move(about)), json::field("isPreferred", Value::boolean(true)),
             json::field("edit", edit({&*help.fix}))}));
      }
    }
  }

  /// The first safe fix of each diagnostic, without those that another one overlaps.
  void all() {
    std::vector<const Fix*> fixes;
    for (const Diagnostic& diagnostic : analysis_.diagnostics.all()) {
      auto safe = std::find_if(diagnostic.helps.begin(), diagnostic.helps.end(),
                               [this](const Help& help) { return is_safe(help); });
      if (safe == diagnostic.helps.end()) continue;
      bool overlaps = std::any_of(fixes.begin(), fixes.end(),
                                  [&](const Fix* other) { return touches(other->span, safe->fix->span); });
      if (!overlaps) fixes.push_back(&*safe->fix);
    }
    if (fixes.empty()) return;
    actions_.push_back(
        json::object({json::field("title", json::text("apply all safe fixes of this file")),
                      json::field("kind", json::text(fix_all)), json::field("edit", edit(fixes))}));
  }

  [[nodiscard]] Value take() { return Value::list(std::move(actions_)); }

 private:
  /// Also that it stays in this file.
  [[nodiscard]] bool is_safe(const Help& help) const {
    return help.fix && help.fix->safety == FixSafety::safe && file_.begin <= help.fix->span.begin &&
           help.fix->span.end <= file_.end;
  }

  [[nodiscard]] Value edit(const std::vector<const Fix*>& fixes) {
    std::vector<Value> edits;
    for (const Fix* fix : fixes) {
      edits.push_back(json::object({json::field("range", to_value(locator_.range(fix->span))),
                                    json::field("newText", json::text(fix->replacement))}));
    }
    Value changes = json::object({json::field(locator_.uri(file_), Value::list(std::move(edits)))});
    return json::object({json::field("changes", std::move(changes))});
  }

  const Analysis& analysis_;
  Locator& locator_;
  SourceSpan file_;
  std::vector<Value> actions_;
};

}  // namespace

Value code_actions(const Analysis& analysis, Locator& locator, SourceSpan file, SourceSpan touched,
                   const std::vector<std::string>& only) {
  ActionWriter writer(analysis, locator, file);
  if (wanted(only, quick_fix)) writer.quick(touched);
  if (wanted(only, fix_all)) writer.all();
  return writer.take();
}

}  // namespace carbon::lsp
