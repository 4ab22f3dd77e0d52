// Whatever happens to a file, its tree gives back every byte and the number of errors is bounded. The corpus
// is the golden inputs and the examples; seeds are fixed, and CARBON_ROUNDS multiplies the rounds for longer
// runs.

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "dsl/parse/parse.h"
#include "tests/support/carbon_corpus.h"
#include "tests/support/lossless.h"

using namespace carbon;

namespace {

/// Why the parse of a text is wrong, or empty.
std::string fault_of(const std::string& text) {
  SourceMap sources;
  std::uint32_t file = sources.add("changed.carbon", text);
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, file, sink);
  if (sink.error_count() > max_syntax_errors) return "too many errors";
  bool skipped = std::any_of(tree.nodes().begin(), tree.nodes().end(),
                             [](const SyntaxNode& node) { return node.kind == NodeKind::skipped; });
  if (skipped && !sink.has_errors()) return "something was skipped without an error";
  return testing::lossless_fault(tree);
}

int report(const std::string& fault, const std::string& text, std::uint64_t seed) {
  fmt::print("FAIL seed {}: {}\n--- input\n{}\n---\n", seed, fault, text);
  return 1;
}

}  // namespace

int main(int count, char** folders) {
  std::vector<std::string> corpus = testing::read_corpus({folders + 1, folders + count});
  if (corpus.size() < 40) return report("the corpus is missing", "", 0);
  for (const std::string& text : corpus) {
    if (std::string fault = fault_of(text); !fault.empty()) return report(fault, text, 0);
  }
  std::uint64_t rounds = testing::rounds(3000);
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    testing::Random random(seed);
    std::string text = testing::damaged(corpus[testing::below(random, corpus.size())], random);
    if (std::string fault = fault_of(text); !fault.empty()) return report(fault, text, seed);
  }
  fmt::print("{} files, {} changed ones\n", corpus.size(), rounds);
  return 0;
}
