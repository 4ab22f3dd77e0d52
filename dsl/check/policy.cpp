#include "dsl/check/policy.h"

#include <fmt/format.h>

#include "dsl/check/instances.h"
#include "dsl/check/plan_row.h"
#include "dsl/check/settings.h"

namespace carbon {

std::string_view to_string(PolicySeverity severity) {
  switch (severity) {
    case PolicySeverity::error: return "error";
    case PolicySeverity::warning: return "warning";
    case PolicySeverity::info: return "info";
  }
  return "";
}

namespace {

/// `CONDITION` and `else MESSAGE` of a check.
Check lower_check(Lowering& lowering, NodeRef condition, NodeRef message) {
  Check made;
  made.span = condition.span();
  made.condition = lowering.condition(condition);
  TypePtr text = lowering.place().session().basic(TypeKind::string);
  made.message = lowering.expr(lowering.lower(message, text));
  return made;
}

class PolicyLowering {
 public:
  PolicyLowering(Session& session, const PolicyEntry& entry)
      : session_(session),
        node_(entry.node),
        place_(session, session.packages[entry.package]),
        lowering_(place_, *session.program.expressions) {
    made_.package = entry.package;
  }

  Policy run() {
    made_.name = std::string(node_.word());
    made_.span = node_.word_span();
    place_.judge(Place::Judging::platform, &made_.queries);
    severity();
    std::uint32_t plan = place_.bind_hidden("plan", plan_type(session_.types));
    if (reads_plan()) made_.plan_slot = plan;
    repetition();
    NodeRef body = node_.child(NodeKind::body);
    for (NodeRef item : body.children(NodeCategory::item)) {
      if (item.is(NodeKind::item_let)) let(item);
      if (!item.is(NodeKind::item_let) && !item.is(NodeKind::setting))
        session_.error(DiagnosticCode::expected_token, "a policy has `check … else …` and `let`",
                       item.span());
    }
    for (NodeRef check : read_settings(session_, body, SettingPlace::policy, nullptr))
      made_.checks.push_back(
          lower_check(lowering_, check.value(), check.child(NodeKind::else_clause).value()));
    made_.queries.locals = place_.slots();
    return std::move(made_);
  }

 private:
  void severity() {
    NodeRef type = node_.type();
    std::string_view word = session_.input.sources.text(type.span());
    if (word == "error") return;
    // `warn` is what other tools say.
    if (word == "warning" || word == "warn") {
      made_.severity = PolicySeverity::warning;
    } else if (word == "info") {
      made_.severity = PolicySeverity::info;
    } else {
      Diagnostic& error =
          session_.error(DiagnosticCode::unknown_type, fmt::format("`{}` is no severity", word), type.span(),
                         "`error`, `warning` or `info`");
      session_.suggest(error, word, type.span(), {"error", "warning", "info"});
    }
  }

  /// A declared name cannot be `plan` inside a policy, so the word means the plan wherever it is a name.
  [[nodiscard]] bool reads_plan() const {
    const auto& nodes = node_.tree().nodes();
    for (std::uint32_t i = node_.index(); i < node_.index() + nodes[node_.index()].size; ++i) {
      if (nodes[i].kind == NodeKind::name && node_.tree().text({nodes[i].begin, nodes[i].end}) == "plan")
        return true;
    }
    return false;
  }

  void repetition() {
    Repetition& made = made_.repetition;
    if (NodeRef each = node_.child(NodeKind::each_clause)) {
      TypePtr collection = nullptr;
      made.span = each.value().span();
      made.collection = lowering_.each(each, made.variables, made.slot, collection);
      if (NodeRef by = each.child(NodeKind::by_clause))
        session_.error(DiagnosticCode::setting_arguments, "a policy needs no `by`", by.span());
    }
    if (NodeRef clause = node_.child(NodeKind::if_clause)) {
      made.condition = lowering_.condition(clause.value());
      place_.narrow(clause.value());
    }
  }

  void let(NodeRef node) {
    TypePtr type = node.type() ? TypeLowering(session_, made_.package).lower(node.type()) : nullptr;
    Lowered value = lowering_.lower(node.value(), type);
    std::uint32_t slot = place_.bind(node.word(), node.word_span(), type != nullptr ? type : value.type);
    made_.lets.push_back({slot, lowering_.expr(value)});
  }

  Session& session_;
  NodeRef node_;
  Policy made_;
  Place place_;
  Lowering lowering_;
};

}  // namespace

void lower_checks(Session& session, ScopeWork& scope) {
  for (NodeRef node : scope.checks) {
    if (!session.in_focus(node)) continue;
    ScopeCheck made;
    Place place(session, scope);
    bool package = scope.component == nullptr;
    place.judge(package ? Place::Judging::platform : Place::Judging::scope, &made.queries);
    Lowering lowering(place, *session.program.expressions);
    made.check = lower_check(lowering, node.value(), node.child(NodeKind::else_clause).value());
    made.queries.locals = place.slots();
    scope.scope->checks.push_back(std::move(made));
  }
}

void lower_policies(Session& session) {
  for (const PolicyEntry& entry : session.policies) {
    if (session.in_focus(entry.node))
      session.program.policies.push_back(PolicyLowering(session, entry).run());
  }
}

}  // namespace carbon
