// SARIF 2.1.0 (OASIS): what CI servers read to show findings beside the lines. docs/reference/check.md says
// how.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/utf8.h"
#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/diagnostic_pages.h"
#include "cli/version.h"
#include "cli/views/diagnostics_view.h"
#include "cli/views/explain_view.h"

namespace carbon {

namespace fs = std::filesystem;

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

Value message(std::string_view words) { return Value::record({field("text", text(words))}); }

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "none";
}

/// RFC 3986: what may not stand in a path is percent-encoded.
std::string uri_of(std::string_view path) {
  std::string out;
  for (char c : path) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || std::string_view("-._~/").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// Columns of SARIF are counted in UTF-16 code units, from 1.
std::uint64_t utf16_column(const SourceMap::File& file, std::uint32_t line, std::uint32_t offset) {
  std::size_t begin = file.line_starts[line - 1];
  std::string_view before = std::string_view(file.text).substr(begin, offset - file.base - begin);
  std::uint64_t column = 1;
  while (!before.empty()) {
    utf8::Decoded next = utf8::decode(before);
    column += next.valid && next.code_point > 0xFFFF ? 2 : 1;
    before.remove_prefix(next.length);
  }
  return column;
}

class SarifWriter {
 public:
  SarifWriter(const SourceMap& sources, std::string folder) : sources_(sources), folder_(std::move(folder)) {}

  std::string write(const DiagnosticSink& diagnostics) {
    DiagnosticSink sorted = diagnostics;
    sorted.sort();
    Value results = list(sorted.all(), [this](const Diagnostic& each) { return result(each); });
    Value driver = Value::record({field("name", text("carbon")), field("version", text(tool_version)),
                                  field("rules", Value::list(std::move(rules_)))});
    Value run = Value::record({field("tool", Value::record({field("driver", driver)})),
                               field("columnKind", text("utf16CodeUnits")), field("results", results)});
    Value document = Value::record({field("$schema", text("https://json.schemastore.org/sarif-2.1.0.json")),
                                    field("version", text("2.1.0")), field("runs", Value::list({run}))});
    return to_json(document, JsonStyle::indented) + "\n";
  }

 private:
  Value result(const Diagnostic& diagnostic) {
    std::string words = diagnostic.message;
    if (!diagnostic.labels.empty() && !diagnostic.labels.front().text.empty())
      words += ": " + diagnostic.labels.front().text;
    for (const std::string& note : diagnostic.notes) words += "\nnote: " + note;
    for (const Help& help : diagnostic.helps) words += "\nhelp: " + help.text;
    if (diagnostic.helps.empty()) words += fmt::format("\nhelp: {}", remedy(diagnostic.code));
    std::vector<Value> locations;
    std::vector<Value> related;
    std::vector<Value> fixes;
    for (const Label& label : diagnostic.labels) {
      if (sources_.find(label.span.begin) == nullptr) continue;
      std::vector<Entry> location{field("physicalLocation", physical(label.span))};
      if (!label.text.empty()) location.push_back(field("message", message(label.text)));
      bool primary = &label == &diagnostic.labels.front();
      (primary ? locations : related).push_back(Value::record(std::move(location)));
    }
    for (const Help& help : diagnostic.helps) {
      if (help.fix) fixes.push_back(fix(help));
    }
    std::vector<Entry> out{field("ruleId", text(to_string(diagnostic.code))),
                           field("ruleIndex", number(rule(diagnostic))),
                           field("level", text(level(diagnostic.severity))), field("message", message(words)),
                           field("locations", Value::list(std::move(locations)))};
    if (!related.empty()) out.push_back(field("relatedLocations", Value::list(std::move(related))));
    if (!fixes.empty()) out.push_back(field("fixes", Value::list(std::move(fixes))));
    return Value::record(std::move(out));
  }

  /// Index of the code's rule; a code has one from its first result on.
  std::size_t rule(const Diagnostic& diagnostic) {
    auto known = std::find(codes_.begin(), codes_.end(), diagnostic.code);
    if (known != codes_.end()) return static_cast<std::size_t>(known - codes_.begin());
    codes_.push_back(diagnostic.code);
    std::string id = to_string(diagnostic.code);
    std::string_view page = remedy(diagnostic.code);
    for (const DiagnosticPage& each : diagnostic_pages()) {
      if (each.code == id) page = each.text;
    }
    Value help = Value::record({field("text", text(page_text(page))), field("markdown", text(page))});
    Value configuration = Value::record({field("level", text(level(diagnostic.severity)))});
    rules_.push_back(
        Value::record({field("id", text(id)), field("shortDescription", message(summary(diagnostic.code))),
                       field("fullDescription", message(remedy(diagnostic.code))), field("help", help),
                       field("defaultConfiguration", configuration)}));
    return codes_.size() - 1;
  }

  [[nodiscard]] Value artifact(SourceSpan span) const {
    std::string path =
        fs::path(folder_ + sources_.find(span.begin)->path).lexically_normal().generic_string();
    return Value::record({field("uri", text(uri_of(path))), field("uriBaseId", text("%SRCROOT%"))});
  }

  [[nodiscard]] Value region(SourceSpan span) const {
    const SourceMap::File& file = *sources_.find(span.begin);
    SourceLocation begin = sources_.locate(span.begin);
    SourceLocation end = sources_.locate(span.end);
    return Value::record({field("startLine", number(begin.line)),
                          field("startColumn", number(utf16_column(file, begin.line, span.begin))),
                          field("endLine", number(end.line)),
                          field("endColumn", number(utf16_column(file, end.line, span.end)))});
  }

  [[nodiscard]] Value physical(SourceSpan span) const {
    return Value::record({field("artifactLocation", artifact(span)), field("region", region(span))});
  }

  [[nodiscard]] Value fix(const Help& help) const {
    Value replacement = Value::record({field("deletedRegion", region(help.fix->span)),
                                       field("insertedContent", message(help.fix->replacement))});
    Value change = Value::record({field("artifactLocation", artifact(help.fix->span)),
                                  field("replacements", Value::list({replacement}))});
    return Value::record(
        {field("description", message(help.text)), field("artifactChanges", Value::list({change}))});
  }

  const SourceMap& sources_;
  std::string folder_;
  std::vector<DiagnosticCode> codes_;
  std::vector<Value> rules_;
};

/// Where the platform's folder is beneath the working tree that holds it: empty, or with a `/` behind it.
std::string folder_in_repository(const fs::path& root) {
  std::error_code error;
  for (fs::path at = root; !at.empty(); at = at.parent_path()) {
    if (fs::exists(at / ".git", error)) {
      std::string inner = root.lexically_relative(at).generic_string();
      return inner == "." ? "" : inner + "/";
    }
    if (at == at.root_path()) break;
  }
  return "";
}

}  // namespace

std::string diagnostics_sarif(const DiagnosticSink& diagnostics, const SourceMap& sources,
                              const std::string& root) {
  return SarifWriter(sources, folder_in_repository(root)).write(diagnostics);
}

}  // namespace carbon
