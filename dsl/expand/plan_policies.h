#pragma once

#include <span>
#include <vector>

#include "dsl/check/plan_row.h"
#include "dsl/expand/expand.h"
#include "dsl/expand/objects.h"
#include "engine/expr/evaluate.h"

namespace carbon {

/// The policies that read `plan`, with all that they may look at. The program and the sources outlive it.
class PlanPolicies {
 public:
  PlanPolicies(const Program& program, const SourceMap* sources, Objects objects, std::vector<Frame> packages)
      : program_(program), sources_(sources), objects_(std::move(objects)), packages_(std::move(packages)) {}

  /// Whether a policy of the program reads `plan`.
  [[nodiscard]] static bool any(const Program& program);

  /// Evaluates them over a plan. Errors: C0601, C0602 and those of evaluation.
  [[nodiscard]] PolicyReport judge(std::span<const PlanRow> rows, DiagnosticSink& sink) const;

 private:
  const Program& program_;
  const SourceMap* sources_;
  Objects objects_;
  std::vector<Frame> packages_;
};

}  // namespace carbon
