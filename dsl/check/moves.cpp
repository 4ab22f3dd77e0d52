// `moved` and `removed`: where an object's address went.

#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "base/value_json.h"
#include "dsl/check/instances.h"
#include "engine/expr/wording.h"
#include "engine/graph/moves.h"

namespace carbon {

namespace {

class MoveLowering {
 public:
  MoveLowering(Session& session, ScopeWork& scope)
      : session_(session),
        scope_(scope),
        place_(session, session.packages[scope.package]),
        lowering_(place_, *session.program.expressions) {}

  void run() {
    for (NodeRef node : scope_.moves) {
      if (node.is(NodeKind::moved)) {
        moved(node);
      } else {
        removed(node);
      }
    }
    for (const Target& target : targets_) check(target);
  }

 private:
  /// Where a move leads, until all moves are known: another one may lead on from there.
  struct Target {
    NodeRef node;
    std::string address;
  };

  void moved(NodeRef node) {
    auto ends = node.children(NodeCategory::expression);
    NodeRef from = ends.at(0);
    NodeRef to = ends.at(1);
    std::optional<std::string> source = address(from);
    std::optional<std::string> target = address(to);
    if (target) targets_.push_back({to, *target});
    if (source && target)
      scope_.scope->moved.push_back({std::move(*source), std::move(*target), from.span(), to.span()});
  }

  void removed(NodeRef node) {
    NodeRef what = node.value();
    if (std::optional<std::string> gone = address(what))
      scope_.scope->removed.push_back({std::move(*gone), node.word() == "destroy", what.span()});
  }

  /// Names need not be declared any more, so only the keys mean something here.
  std::optional<std::string> address(NodeRef node) {
    if (node.is(NodeKind::name)) return std::string(node.text());
    std::string text;
    for (NodeRef part : node.children()) {
      if (text.empty() && part.is(NodeKind::name)) {
        text = part.text();
      } else if (!text.empty() && part.is(NodeKind::member)) {
        text += fmt::format(".{}", part.word());
      } else if (!text.empty() && part.is(NodeKind::index)) {
        std::optional<std::string> name = key(part.value());
        if (!name) return std::nullopt;
        text += fmt::format("[{}]", json_quote(*name));
      } else {
        return not_an_address(node);
      }
    }
    if (text.empty()) return not_an_address(node);
    return text;
  }

  std::optional<std::string> not_an_address(NodeRef node) {
    session_
        .error(DiagnosticCode::bad_move, fmt::format("`{}` is not an address", node.text()), node.span(),
               "names and keys only")
        .helps.push_back({"an address is written as in `orders.db` or `apps[\"a\"].db`", {}});
    return std::nullopt;
  }

  std::optional<std::string> key(NodeRef node) {
    Lowered lowered = lowering_.lower(node);
    if (lowered.failed) return std::nullopt;
    std::optional<std::string> text =
        lowered.is_constant() ? key_text(lowered.constant) : std::optional<std::string>();
    if (!text) {
      session_
          .error(DiagnosticCode::bad_move, "a key of a moved or removed address is a constant", node.span(),
                 "not a constant string or int")
          .notes.emplace_back("the object is looked for under an address that it had, in every environment");
    }
    return text;
  }

  void check(const Target& target) {
    const auto& all = scope_.scope->moved;
    bool leads_on = std::any_of(all.begin(), all.end(), [&](const MovedStatement& each) {
      bool inward = is_within(each.to, each.from);
      return inward ? target.address == each.from : is_within(target.address, each.from);
    });
    AddressPath path;
    if (!leads_on) (void)lower_address(lowering_, scope_, target.node, path);
  }

  Session& session_;
  ScopeWork& scope_;
  Place place_;
  Lowering lowering_;
  std::vector<Target> targets_;
};

}  // namespace

void lower_moves(Session& session, ScopeWork& scope) {
  if (!scope.moves.empty()) MoveLowering(session, scope).run();
}

}  // namespace carbon
