#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/diagnostic_text.h"
#include "base/source.h"

namespace carbon {

/// One test that was run.
struct TestRow {
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t held = 0;  ///< expectations that held
  double seconds = 0;
  DiagnosticSink problems;

  [[nodiscard]] bool passed() const { return !problems.has_errors(); }
};

/// A line for each test, its problems behind it, and how many there were. No times: equal runs give equal
/// text.
[[nodiscard]] std::string tests_text(const std::vector<TestRow>& rows, const SourceMap& sources, Color color);

/// `{ format_version, passed, failed, tests: [{ name, passed, file, line, held, problems }] }`.
[[nodiscard]] std::string tests_json(const std::vector<TestRow>& rows, const SourceMap& sources);

/// JUnit XML, as CI servers read it.
[[nodiscard]] std::string tests_junit(const std::vector<TestRow>& rows, const SourceMap& sources);

}  // namespace carbon
