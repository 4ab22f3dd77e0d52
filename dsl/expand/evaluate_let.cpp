#include "dsl/expand/evaluate_let.h"

#include <algorithm>

#include "dsl/expand/expander.h"

namespace carbon {

namespace {

/// Which declarations of a scope one of them needs, itself included.
std::vector<bool> needed_by(const Scope& scope, std::uint32_t declaration) {
  std::vector<bool> needed(scope.declarations.size(), false);
  std::vector<std::uint32_t> open{declaration};
  while (!open.empty()) {
    std::uint32_t next = open.back();
    open.pop_back();
    if (needed[next]) continue;
    needed[next] = true;
    for (const Read& read : scope.declarations[next].reads) open.push_back(read.declaration);
  }
  return needed;
}

}  // namespace

std::optional<Value> evaluate_let(const Program& program, std::string_view name, const ExpandOptions& options,
                                  DiagnosticSink& sink) {
  return Expander(program, options, sink).let_value(name);
}

std::optional<Value> Expander::let_value(std::string_view name) {
  Expansion made;
  if (!choose_environment(made)) return std::nullopt;
  choose_world(made);
  open_packages();
  ScopeInstance& root = packages_.front();
  const auto& declarations = root.scope->declarations;
  auto found = std::find_if(declarations.begin(), declarations.end(), [name](const Declaration& each) {
    bool plain = each.kind == DeclarationKind::let || each.kind == DeclarationKind::input;
    return plain && each.name == name;
  });
  if (found == declarations.end()) return std::nullopt;
  auto index = static_cast<std::uint32_t>(found - declarations.begin());
  std::vector<bool> needed = needed_by(*root.scope, index);
  for (std::uint32_t each : root.scope->order) {
    if (needed[each]) evaluate_one(root, each);
  }
  unknown_inputs();
  if (root.failed[index] || stopped_) return std::nullopt;
  return root.frame.slots[index];
}

}  // namespace carbon
