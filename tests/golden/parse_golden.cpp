// tests/golden/parse: `input.carbon` to a tree, or to errors. Codes and spans are always compared, the words
// of a diagnostic only where a case has `expected.text`.

#include <fmt/core.h>

#include <set>

#include "base/diagnostic_text.h"
#include "dsl/parse/parse.h"
#include "dsl/syntax/dump.h"
#include "tests/support/golden.h"
#include "tests/support/lossless.h"

using namespace carbon;

namespace {

std::string codes_and_spans(const DiagnosticSink& sink, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : sink.all()) {
    SourceSpan span = diagnostic.labels.front().span;
    SourceLocation begin = sources.locate(span.begin);
    SourceLocation end = sources.locate(span.end);
    out += fmt::format("{} {}:{}-{}:{}\n", to_string(diagnostic.code), begin.line, begin.column, end.line,
                       end.column);
  }
  return out;
}

/// Kinds of nodes that the cases which parse have shown so far.
using Seen = std::set<NodeKind>;

testing::GoldenOutput run(Seen& seen, const testing::GoldenCase& golden) {
  SourceMap sources;
  std::uint32_t file = sources.add("input.carbon", golden.read("input.carbon"));
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, file, sink);
  testing::GoldenOutput output;
  output.fault = testing::lossless_fault(tree);
  std::string errors = codes_and_spans(sink, sources);
  if (golden.must_fail == errors.empty()) {
    output.fault = golden.must_fail ? "it parses" : "it does not parse:\n" + errors;
  }
  if (golden.must_fail) {
    output.required["expected.errors"] = errors;
    output.optional["expected.tree"] = dump(tree);
    for (const Diagnostic& diagnostic : sink.all()) {
      output.optional["expected.text"] += to_text(diagnostic, sources, Color::off);
    }
  } else {
    output.required["expected.tree"] = dump(tree);
    for (const SyntaxNode& node : tree.nodes()) seen.insert(node.kind);
  }
  return output;
}

}  // namespace

int main(int, char** arguments) {
  Seen seen;
  int code = testing::run_golden(arguments[1],
                                 [&seen](const testing::GoldenCase& golden) { return run(seen, golden); });
#define CARBON_NODE(name, category)                                            \
  if (NodeKind::name != NodeKind::skipped && !seen.contains(NodeKind::name)) { \
    fmt::print("FAIL no case that parses has a node of kind {}\n", #name);     \
    code = 1;                                                                  \
  }
#include "dsl/syntax/node_kinds.def"
#undef CARBON_NODE
  return code;
}
