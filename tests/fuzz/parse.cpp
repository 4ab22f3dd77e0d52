// No input crashes the parser, and every tree gives back its file.

#include "dsl/parse/parse.h"

#include "dsl/syntax/doc.h"
#include "dsl/syntax/literal.h"
#include "dsl/syntax/precedence.h"
#include "tests/fuzz/target.h"
#include "tests/support/lossless.h"

namespace carbon::fuzz {

namespace {

/// Counts operands, so that folding really runs.
struct Counter {
  int operand(NodeRef) const { return 1; }
  int prefix(Operator, NodeRef, int right) const { return right; }
  int binary(Operator, NodeRef, int left, int right) const { return left + right; }
};

/// The readings that other stages do of nodes must hold for any tree.
void read(NodeRef node) {
  (void)doc_text(node);
  if (node.is(NodeKind::operation)) (void)fold_operation<int>(node, Counter());
  if (node.is(NodeKind::number)) demand(!number_parts(node).empty(), "a number without parts", node.text());
  if (node.is(NodeKind::string) || node.is(NodeKind::multiline) || node.is(NodeKind::raw_string) ||
      node.is(NodeKind::raw_multiline)) {
    (void)string_parts(node);
  }
}

}  // namespace

void check_parse(std::string_view input) {
  SourceMap sources;
  std::uint32_t file = sources.add("fuzz.carbon", std::string(input));
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, file, sink);
  std::string fault = testing::lossless_fault(tree);
  demand(fault.empty(), fault, input);
  demand(sink.error_count() <= max_syntax_errors, "too many errors are reported", input);
  for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) read({tree, i});
}

}  // namespace carbon::fuzz
