// libFuzzer target: no input crashes the parser, and every tree gives back its file. Start it on a corpus
// folder with copies of the golden inputs and examples.

#include <cstdint>
#include <cstdlib>

#include "dsl/parse/parse.h"
#include "dsl/syntax/doc.h"
#include "dsl/syntax/literal.h"
#include "dsl/syntax/precedence.h"
#include "tests/support/lossless.h"

using namespace carbon;

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
  if (node.is(NodeKind::number) && number_parts(node).empty()) std::abort();
  if (node.is(NodeKind::string) || node.is(NodeKind::multiline) || node.is(NodeKind::raw_string) ||
      node.is(NodeKind::raw_multiline)) {
    (void)string_parts(node);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SourceMap sources;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are characters here
  std::uint32_t file = sources.add("fuzz.carbon", std::string(reinterpret_cast<const char*>(data), size));
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, file, sink);
  if (!testing::lossless_fault(tree).empty() || sink.error_count() > max_syntax_errors) std::abort();
  for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) read({tree, i});
  return 0;
}
