#pragma once

#include "dsl/expand/expand.h"

namespace carbon {

/// What became of one test.
struct TestOutcome {
  std::uint32_t held = 0;  ///< expectations that held, expected errors included
  DiagnosticSink problems;

  [[nodiscard]] bool passed() const { return !problems.has_errors(); }
};

/// Expands the program as the test says, in the sandbox world, with no server and no secret, and judges what
/// it expects. Policies that do not read the plan hold too. `options` gives fuel, limits and sources.
[[nodiscard]] TestOutcome run_test(const Program& program, const Test& test, ExpandOptions options);

}  // namespace carbon
