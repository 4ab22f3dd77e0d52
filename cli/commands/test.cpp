#include <fmt/core.h>

#include <chrono>
#include <fstream>

#include "cli/commands/running.h"
#include "cli/views/test_view.h"

namespace carbon {

namespace {

TestRow run_row(const Compiled& compiled, const Test& test) {
  auto began = std::chrono::steady_clock::now();
  TestOutcome outcome = run_one_test(compiled, test);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  SourceLocation at = compiled.loaded.sources.locate(test.span.begin);
  TestRow row;
  row.name = test.name;
  row.file = std::string(at.path);
  row.line = at.line;
  row.held = outcome.held;
  row.seconds = took.count();
  row.problems = std::move(outcome.problems);
  row.problems.sort();
  return row;
}

}  // namespace

ExitCode run_test_command(const Options& options) {
  auto compiled = check_platform(options);
  const SourceMap& sources = compiled->loaded.sources;
  print_diagnostics(compiled->diagnostics, sources, options.color);
  if (!compiled->ok() || !compiled->program) return ExitCode::error;
  std::vector<TestRow> rows;
  for (const Test& test : compiled->program->tests) {
    if (test.name.find(options.name_filter) != std::string::npos) rows.push_back(run_row(*compiled, test));
  }
  if (rows.empty() && !options.name_filter.empty())
    return report(
        Error(DiagnosticCode::bad_usage, fmt::format("none of {} tests has `{}` in its name",
                                                     compiled->program->tests.size(), options.name_filter)),
        sources, options);
  bool json = options.format == OutputFormat::json;
  fmt::print("{}", json ? tests_json(rows, sources) : tests_text(rows, sources, options.color));
  if (!options.junit_file.empty()) {
    std::ofstream file(options.junit_file);
    file << tests_junit(rows, sources);
    file.close();
    if (!file)
      return report(Error(DiagnosticCode::file_failed, fmt::format("cannot write `{}`", options.junit_file)),
                    sources, options);
  }
  for (const TestRow& row : rows) {
    if (!row.passed()) return ExitCode::error;
  }
  return ExitCode::success;
}

}  // namespace carbon
