#pragma once

#include <string_view>

#include "dsl/expand/expand.h"
#include "dsl/expand/objects.h"
#include "engine/expr/evaluate.h"

namespace carbon {

/// Evaluates conditions over what is declared, and reports those that do not hold. Lives on a stack.
class Judge {
 public:
  /// `sources` may be nullptr: then a failed comparison is not quoted.
  Judge(const Objects& objects, EvalContext& context, const SourceMap* sources, DiagnosticSink& sink,
        PolicyReport& report)
      : objects_(objects), context_(context), sources_(sources), sink_(sink), report_(report) {}

  /// Every check of the policy for every member. `plan` is the value of `plan`, null before there is one.
  /// Errors: C0601, C0602 and those of evaluation.
  void policy(const Policy& policy, const Frame& package, const Value& plan);
  /// A check of the package or component instance whose frame it is. Errors: C0602, C0603.
  void scope_check(const ScopeCheck& check, const Frame& scope, std::string_view address);
  /// Every check of its type for a resource. One that waits for a value that is not known yet is left to the
  /// engine. False after C0603 and errors of evaluation.
  [[nodiscard]] bool type_checks(const Resource& resource);
  /// What a test expects. Errors: C0604.
  void test(const Test& test, const Frame& root);

 private:
  /// How a condition that does not hold is reported.
  struct Verdict {
    DiagnosticCode code = DiagnosticCode::policy_failed;
    PolicySeverity severity = PolicySeverity::error;
    std::string policy;
    std::string label;
    const Resource* subject = nullptr;  ///< the resource that is judged
    std::string address;
  };

  [[nodiscard]] Frame frame(const Queries& queries, const Frame& outer) const;
  [[nodiscard]] bool lets(const std::vector<LocalLet>& lets, Frame& frame);
  void member(const Policy& policy, Frame& frame, const Value& subject);
  void check(const Check& check, const Frame& frame, const Verdict& verdict);
  void fails(const Check& check, const Frame& frame, const Verdict& verdict);
  void undecided(const Check& check, const Value& value, const Verdict& verdict);
  [[nodiscard]] std::string message(const Check& check, const Frame& frame, const Verdict& verdict);
  void sides(const Expr& condition, const Frame& frame, Diagnostic& to);
  void side(const Expr& expr, const Frame& frame, Diagnostic& to);
  void add(const Verdict& verdict, Diagnostic diagnostic);
  [[nodiscard]] std::optional<Value> evaluate_in(const Expr& expr, const Frame& frame);

  const Objects& objects_;
  EvalContext& context_;
  const SourceMap* sources_;
  DiagnosticSink& sink_;
  PolicyReport& report_;
};

}  // namespace carbon
