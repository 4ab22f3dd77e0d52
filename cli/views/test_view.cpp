#include "cli/views/test_view.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

using document::field;
using document::number;

namespace {

std::size_t failures(const std::vector<TestRow>& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const TestRow& row) { return !row.passed(); }));
}

Value problem_of(const Diagnostic& problem, const SourceMap& sources) {
  SourceLocation at;
  bool placed = !problem.labels.empty() && problem.labels.front().span.known();
  if (placed) at = sources.locate(problem.labels.front().span.begin);
  std::vector<Value> notes;
  for (const std::string& note : problem.notes) notes.push_back(Value::string(note));
  return Value::record({field("code", Value::string(to_string(problem.code))),
                        field("message", Value::string(problem.message)),
                        field("address", Value::string(problem.address)),
                        field("file", Value::string(at.path)), field("line", number(at.line)),
                        field("column", number(at.column)), field("notes", Value::list(std::move(notes)))});
}

/// Text and attributes of XML alike. Control characters, which XML 1.0 cannot hold, are made visible.
std::string xml(std::string_view text) {
  std::string out;
  for (char c : visible(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string tests_text(const std::vector<TestRow>& rows, const SourceMap& sources, Color color) {
  std::string out;
  for (const TestRow& row : rows) {
    std::string_view word = row.passed() ? "ok  " : "FAIL";
    std::string painted = color == Color::off
                              ? std::string(word)
                              : fmt::format("\x1b[{}m{}\x1b[0m", row.passed() ? 32 : 31, word);
    out += fmt::format("{}  {}  {}:{}\n", painted, visible(row.name), visible(row.file), row.line);
    for (const Diagnostic& problem : row.problems.all()) out += to_text(problem, sources, color);
  }
  std::size_t failed = failures(rows);
  return out + fmt::format("{} passed, {} failed\n", rows.size() - failed, failed);
}

std::string tests_json(const std::vector<TestRow>& rows, const SourceMap& sources) {
  std::vector<Value> tests;
  for (const TestRow& row : rows) {
    std::vector<Value> problems;
    for (const Diagnostic& problem : row.problems.all()) problems.push_back(problem_of(problem, sources));
    tests.push_back(Value::record(
        {field("name", Value::string(row.name)), field("passed", Value::boolean(row.passed())),
         field("file", Value::string(row.file)), field("line", number(row.line)),
         field("held", number(row.held)), field("problems", Value::list(std::move(problems)))}));
  }
  std::size_t failed = failures(rows);
  Value document = Value::record(
      {field("format_version", Value::string("1.0")), field("passed", number(rows.size() - failed)),
       field("failed", number(failed)), field("tests", Value::list(std::move(tests)))});
  return to_json(document, JsonStyle::indented) + "\n";
}

std::string tests_junit(const std::vector<TestRow>& rows, const SourceMap& sources) {
  double seconds = 0;
  for (const TestRow& row : rows) seconds += row.seconds;
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out +=
      fmt::format("<testsuites>\n<testsuite name=\"carbon\" tests=\"{}\" failures=\"{}\" time=\"{:.3f}\">\n",
                  rows.size(), failures(rows), seconds);
  for (const TestRow& row : rows) {
    out += fmt::format("<testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.3f}\"",
                       xml(row.file), xml(row.name), xml(row.file), row.line, row.seconds);
    if (row.passed()) {
      out += "/>\n";
      continue;
    }
    std::string text;
    for (const Diagnostic& problem : row.problems.all()) text += to_text(problem, sources, Color::off);
    out += fmt::format(">\n<failure message=\"{}\">{}</failure>\n</testcase>\n",
                       xml(row.problems.all().front().message), xml(text));
  }
  return out + "</testsuite>\n</testsuites>\n";
}

}  // namespace carbon
