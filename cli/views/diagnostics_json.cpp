// docs/reference/check.md. All keys are always there.

#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/views/diagnostics_view.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

constexpr const char* diagnostics_format = "1.1";

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "";
}

Value place_of(const SourceMap& sources, SourceSpan span) {
  if (sources.find(span.begin) == nullptr) return {};
  SourceLocation begin = sources.locate(span.begin);
  SourceLocation end = sources.locate(span.end);
  return Value::record({field("file", text(begin.path)), field("line", number(begin.line)),
                        field("column", number(begin.column)), field("end_line", number(end.line)),
                        field("end_column", number(end.column))});
}

Value help_of(const SourceMap& sources, const Help& help) {
  Value fix;
  if (help.fix) {
    fix = Value::record({field("place", place_of(sources, help.fix->span)),
                         field("replacement", text(help.fix->replacement)),
                         field("safe", Value::boolean(help.fix->safety == FixSafety::safe))});
  }
  return Value::record({field("text", text(help.text)), field("fix", fix)});
}

Value diagnostic_of(const SourceMap& sources, const Diagnostic& diagnostic) {
  std::vector<Help> helps = diagnostic.helps;
  // No error without a remedy: its code has one.
  if (helps.empty()) helps.push_back({std::string(remedy(diagnostic.code)), {}});
  auto label = [&](const Label& each) {
    return Value::record({field("place", place_of(sources, each.span)), field("text", text(each.text))});
  };
  SourceSpan primary = diagnostic.labels.empty() ? SourceSpan() : diagnostic.labels.front().span;
  return Value::record({
      field("code", text(to_string(diagnostic.code))),
      field("severity", text(word(diagnostic.severity))),
      field("message", text(diagnostic.message)),
      field("place", place_of(sources, primary)),
      field("labels", list(diagnostic.labels, label)),
      field("address", text(diagnostic.address)),
      field("notes", list(diagnostic.notes, text)),
      field("helps", list(helps, [&](const Help& help) { return text(help.text); })),
      field("remedies", list(helps, [&](const Help& help) { return help_of(sources, help); })),
  });
}

Value fix_of(const FixNote& fix) {
  return Value::record({field("code", text(to_string(fix.code))), field("message", text(fix.message)),
                        field("file", text(fix.path)), field("line", number(fix.line)),
                        field("column", number(fix.column)), field("change", text(fix.change))});
}

}  // namespace

std::string diagnostics_json(const DiagnosticSink& diagnostics, const SourceMap& sources,
                             const std::vector<FixNote>& fixed) {
  DiagnosticSink sorted = diagnostics;
  sorted.sort();
  auto row = [&](const Diagnostic& each) { return diagnostic_of(sources, each); };
  Value document =
      Value::record({field("format_version", text(diagnostics_format)),
                     field("diagnostics", list(sorted.all(), row)), field("fixed", list(fixed, fix_of))});
  return to_json(document, JsonStyle::indented) + "\n";
}

}  // namespace carbon
