#include <fmt/format.h>
#include <set>

#include "dsl/expand/run_test.h"

namespace carbon {

namespace {

/// Expected errors that came are no problems; those that did not are.
void take_expected(const Test& test, const DiagnosticSink& found, TestOutcome& outcome) {
  std::set<DiagnosticCode> expected;
  for (const Test::ExpectedError& error : test.errors) expected.insert(error.code);
  std::set<DiagnosticCode> came;
  for (const Diagnostic& diagnostic : found.all()) {
    if (diagnostic.severity != Severity::error) continue;
    came.insert(diagnostic.code);
    if (!expected.contains(diagnostic.code)) outcome.problems.add(diagnostic);
  }
  for (const Test::ExpectedError& error : test.errors) {
    if (came.contains(error.code)) {
      ++outcome.held;
      continue;
    }
    outcome.problems.error(
        DiagnosticCode::expectation_failed,
        fmt::format("{} ({}) is expected, and does not come", to_string(error.code), summary(error.code)),
        error.span);
  }
}

}  // namespace

TestOutcome run_test(const Program& program, const Test& test, ExpandOptions options) {
  options.test = &test;
  options.environment = test.environment;
  options.world = World::sandbox;
  options.judge = true;
  TestOutcome outcome;
  DiagnosticSink found;
  Expansion expansion = expand(program, options, found);
  take_expected(test, found, outcome);
  if (!found.has_errors()) outcome.held += static_cast<std::uint32_t>(test.expects.size());
  return outcome;
}

}  // namespace carbon
