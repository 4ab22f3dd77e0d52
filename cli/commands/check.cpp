#include <fmt/core.h>

#include "base/value_json.h"
#include "cli/commands/commands.h"
#include "cli/compile.h"
#include "cli/pipeline.h"
#include "cli/policies.h"

namespace carbon {

namespace {

Value place_of(const SourceMap& sources, const Diagnostic& diagnostic) {
  if (diagnostic.labels.empty() || sources.find(diagnostic.labels.front().span.begin) == nullptr) return {};
  SourceLocation at = sources.locate(diagnostic.labels.front().span.begin);
  return Value::record({{Value::string("file"), Value::string(at.path)},
                        {Value::string("line"), Value::integer(at.line)},
                        {Value::string("column"), Value::integer(at.column)}});
}

Value helps_of(const Diagnostic& diagnostic) {
  std::vector<Value> texts;
  for (const Help& help : diagnostic.helps) texts.push_back(Value::string(help.text));
  if (texts.empty()) texts.push_back(Value::string(remedy(diagnostic.code)));
  return Value::list(std::move(texts));
}

void print_json(const Compiled& compiled) {
  DiagnosticSink sorted = compiled.diagnostics;
  sorted.sort();
  std::vector<Value> rows;
  for (const Diagnostic& diagnostic : sorted.all()) {
    rows.push_back(Value::record({
        {Value::string("code"), Value::string(to_string(diagnostic.code))},
        {Value::string("severity"),
         Value::string(diagnostic.severity == Severity::error ? "error" : "warning")},
        {Value::string("message"), Value::string(diagnostic.message)},
        {Value::string("place"), place_of(compiled.loaded.sources, diagnostic)},
        {Value::string("helps"), helps_of(diagnostic)},
    }));
  }
  Value document = Value::record({{Value::string("format_version"), Value::string("1.0")},
                                  {Value::string("diagnostics"), Value::list(std::move(rows))}});
  fmt::print("{}\n", to_json(document, JsonStyle::indented));
}

}  // namespace

ExitCode run_check(const Options& options) {
  auto compiled = compile_platform(options);
  if (options.format == OutputFormat::json) {
    print_json(*compiled);
  } else {
    print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  }
  if (!compiled->ok()) return exit_code_for(compiled->diagnostics);
  if (options.format != OutputFormat::json) {
    std::size_t resources = compiled->expansion ? compiled->expansion->graph.resources().size() : 0;
    PolicySummary policies;
    if (compiled->expansion) add_findings(compiled->expansion->report, policies);
    std::string judged = policies_text(policies);
    fmt::print("{} files, {} resources: no errors{}{}\n", compiled->loaded.sources.files().size(), resources,
               judged.empty() ? "" : "; ", judged);
  }
  return ExitCode::success;
}

}  // namespace carbon
