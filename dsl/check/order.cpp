// In which order the declarations of a scope are evaluated, and what needs itself.

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "dsl/check/instances.h"
#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

void deduplicate(std::vector<Read>& reads) {
  std::stable_sort(reads.begin(), reads.end(),
                   [](const Read& a, const Read& b) { return a.declaration < b.declaration; });
  auto same = [](const Read& a, const Read& b) { return a.declaration == b.declaration; };
  reads.erase(std::unique(reads.begin(), reads.end(), same), reads.end());
}

class Ordering {
 public:
  explicit Ordering(Session& session)
      : session_(session), state_(session.components.size(), Progress::fresh) {}

  void run() {
    for (std::uint32_t i = 0; i < session_.components.size(); ++i) component(i);
    for (ScopeWork& work : session_.packages) scope(work);
    inputs_stay_outside();
  }

 private:
  std::uint32_t index_of(const Component* component) const {
    for (std::uint32_t i = 0; i < session_.components.size(); ++i) {
      if (session_.components[i].component == component) return i;
    }
    return 0;
  }

  /// Components that are used in it come first: what they need from outside is what it needs.
  void component(std::uint32_t index) {
    if (state_[index] != Progress::fresh) return;
    state_[index] = Progress::busy;
    ScopeWork& work = session_.components[index];
    for (const Declaration& declaration : work.scope->declarations) {
      if (declaration.kind != DeclarationKind::use || declaration.instance->component == nullptr) continue;
      std::uint32_t used = index_of(declaration.instance->component);
      if (state_[used] == Progress::busy) {
        session_.error(
            DiagnosticCode::cycle,
            fmt::format("component `{}` contains itself", session_.components[used].component->name),
            declaration.span, "would never end");
        continue;
      }
      component(used);
      const Component& inner = *declaration.instance->component;
      if (inner.package == work.package) {
        auto& reads = work.component->package_reads;
        reads.insert(reads.end(), inner.package_reads.begin(), inner.package_reads.end());
      }
    }
    scope(work);
    deduplicate(work.component->package_reads);
    std::set<std::string> needed;
    for (const Declaration& declaration : work.scope->declarations) {
      for (const std::string& type : provider_types(declaration)) {
        if (providers(work, type).empty()) needed.insert(type);
      }
    }
    work.component->provider_types.assign(needed.begin(), needed.end());
    state_[index] = Progress::done;
  }

  /// Types of providers that the declaration looks for by itself.
  static std::vector<std::string> provider_types(const Declaration& declaration) {
    std::vector<std::string> types;
    if (declaration.looks_up) types.emplace_back(cluster_type);
    if (declaration.instance == nullptr) return types;
    const Instance& instance = *declaration.instance;
    if (instance.component != nullptr) {
      const auto& inside = instance.component->provider_types;
      types.insert(types.end(), inside.begin(), inside.end());
    } else if (instance.type != nullptr && !instance.type->provider_type.empty() &&
               instance.settings.provider == nullptr) {
      types.push_back(instance.type->provider_type);
    }
    return types;
  }

  /// Declarations of the scope that are a provider of the type, or an input that takes one.
  static const std::vector<std::uint32_t>& find(std::map<std::string, std::vector<std::uint32_t>>& all,
                                                const std::string& type) {
    static const std::vector<std::uint32_t> none;
    auto found = all.find(type);
    return found == all.end() ? none : found->second;
  }

  const std::vector<std::uint32_t>& providers(const ScopeWork& work, const std::string& type) {
    if (providers_of_ != work.scope) {
      providers_of_ = work.scope;
      providers_.clear();
      for (std::uint32_t i = 0; i < work.scope->declarations.size(); ++i) {
        const Declaration& declaration = work.scope->declarations[i];
        bool provides = declaration.kind == DeclarationKind::provider ||
                        (declaration.kind == DeclarationKind::input && work.component != nullptr);
        TypePtr reference = declaration.type;
        while (reference != nullptr &&
               (reference->kind == TypeKind::map || reference->kind == TypeKind::optional))
          reference = reference->element;
        if (provides && reference != nullptr && reference->kind == TypeKind::reference)
          providers_[reference->name].push_back(i);
      }
    }
    return find(providers_, type);
  }

  void scope(ScopeWork& work) {
    auto& declarations = work.scope->declarations;
    for (std::uint32_t i = 0; i < declarations.size(); ++i) {
      Declaration& declaration = declarations[i];
      for (const std::string& type : provider_types(declaration)) {
        for (std::uint32_t provider : providers(work, type)) {
          if (provider != i) declaration.reads.push_back({provider, declaration.span});
        }
      }
      bool use = declaration.instance != nullptr && declaration.instance->component != nullptr;
      bool same_package =
          use && work.component == nullptr && declaration.instance->component->package == work.package;
      if (same_package) {
        auto& needed = declaration.instance->component->package_reads;
        for (const Read& read : needed) declaration.reads.push_back({read.declaration, declaration.span});
      }
      deduplicate(declaration.reads);
    }
    sort(work);
  }

  /// Depth first with a stack of our own: chains may be as long as the platform.
  void sort(ScopeWork& work) {
    auto& declarations = work.scope->declarations;
    std::vector<Progress> state(declarations.size(), Progress::fresh);
    std::vector<std::uint32_t> next(declarations.size(), 0);
    std::vector<bool> reported(declarations.size(), false);
    work.scope->order.reserve(declarations.size());
    for (std::uint32_t start = 0; start < declarations.size(); ++start) {
      if (state[start] != Progress::fresh) continue;
      std::vector<std::uint32_t> stack{start};
      state[start] = Progress::busy;
      while (!stack.empty()) {
        std::uint32_t top = stack.back();
        const auto& reads = declarations[top].reads;
        if (next[top] == reads.size()) {
          state[top] = Progress::done;
          work.scope->order.push_back(top);
          stack.pop_back();
          continue;
        }
        std::uint32_t target = reads[next[top]++].declaration;
        if (state[target] == Progress::fresh) {
          state[target] = Progress::busy;
          stack.push_back(target);
        } else if (state[target] == Progress::busy) {
          report(declarations, stack, target, reported);
        }
      }
    }
  }

  void report(const std::deque<Declaration>& declarations, const std::vector<std::uint32_t>& stack,
              std::uint32_t target, std::vector<bool>& reported) {
    auto first = std::find(stack.begin(), stack.end(), target);
    bool known = std::any_of(first, stack.end(), [&](std::uint32_t each) { return reported[each]; });
    if (known) return;
    std::string path;
    std::vector<Label> labels;
    for (auto at = first; at != stack.end(); ++at) {
      reported[*at] = true;
      std::uint32_t needs = at + 1 == stack.end() ? target : *(at + 1);
      const Declaration& declaration = declarations[*at];
      auto read = std::find_if(declaration.reads.begin(), declaration.reads.end(),
                               [&](const Read& each) { return each.declaration == needs; });
      labels.push_back(
          {read->span, fmt::format("`{}` needs `{}`", declaration.name, declarations[needs].name)});
      path += declaration.name + " -> ";
    }
    Diagnostic& made =
        session_.error(DiagnosticCode::cycle, "dependency cycle", labels.front().span, labels.front().text);
    made.labels.insert(made.labels.end(), labels.begin() + 1, labels.end());
    made.notes.push_back(fmt::format("path {}{}", path, declarations[target].name));
    made.helps.push_back({"move the shared value into a `let`", {}});
  }

  /// Inputs are known before anything is observed.
  void inputs_stay_outside() {
    ScopeWork& root = session_.packages.front();
    auto& declarations = root.scope->declarations;
    std::vector<bool> reaches(declarations.size(), false);
    for (std::uint32_t index : root.scope->order) {
      const Declaration& declaration = declarations[index];
      bool instance = declaration.instance != nullptr || declaration.looks_up;
      const Read* through = nullptr;
      for (const Read& read : declaration.reads) {
        if (reaches[read.declaration]) through = &read;
      }
      reaches[index] = instance || (through != nullptr && declaration.kind != DeclarationKind::input);
      if (through == nullptr || declaration.kind != DeclarationKind::input) continue;
      session_.error(DiagnosticCode::unknown_key,
                     fmt::format("input `{}` must be known before anything is read", declaration.name),
                     through->span,
                     fmt::format("`{}` reaches a resource", declarations[through->declaration].name));
    }
  }

  Session& session_;
  std::vector<Progress> state_;
  const Scope* providers_of_ = nullptr;
  std::map<std::string, std::vector<std::uint32_t>> providers_;
};

}  // namespace

void order_declarations(Session& session) { Ordering(session).run(); }

}  // namespace carbon
