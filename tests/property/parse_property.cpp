// Whatever happens to a file, its tree gives back every byte and the number of errors is bounded. The corpus
// is the golden inputs and the examples; seeds are fixed, and CARBON_ROUNDS multiplies the rounds for longer
// runs.

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "dsl/parse/parse.h"
#include "tests/support/lossless.h"

using namespace carbon;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

/// Bytes that mean something to the grammar, so that most changes hit it.
constexpr std::string_view telling = "{}[]()<>\"'#$\\\n\r,:=?.|-+ \tafoltR09\xFF";

std::string truncated(std::string text, Random& random) {
  text.resize(below(random, text.size() + 1));
  return text;
}
std::string flipped(std::string text, Random& random) {
  for (std::size_t i = 0, count = 1 + below(random, 4); i < count && !text.empty(); ++i) {
    text[below(random, text.size())] = telling[below(random, telling.size())];
  }
  return text;
}
std::string inserted(std::string text, Random& random) {
  for (std::size_t i = 0, count = 1 + below(random, 4); i < count; ++i) {
    text.insert(below(random, text.size() + 1), 1, telling[below(random, telling.size())]);
  }
  return text;
}
std::string erased(std::string text, Random& random) {
  if (text.empty()) return text;
  std::size_t begin = below(random, text.size());
  return text.erase(begin, 1 + below(random, std::min<std::size_t>(40, text.size() - begin)));
}
std::string shuffled(std::string text, Random& random) {
  if (text.size() < 2) return text;
  std::size_t begin = below(random, text.size());
  std::string piece = text.substr(begin, 1 + below(random, 60));
  return text.insert(below(random, text.size()), piece);
}

using Change = std::string (*)(std::string, Random&);
constexpr Change changes[] = {truncated, flipped, inserted, erased, shuffled};

std::vector<std::string> read_corpus(int count, char** folders) {
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (entry.path().extension() == ".carbon") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

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
  std::vector<std::string> corpus = read_corpus(count, folders);
  if (corpus.size() < 40) return report("the corpus is missing", "", 0);
  for (const std::string& text : corpus) {
    if (std::string fault = fault_of(text); !fault.empty()) return report(fault, text, 0);
  }
  const char* longer = std::getenv("CARBON_ROUNDS");
  std::uint64_t rounds = 3000 * (longer == nullptr ? 1 : std::strtoull(longer, nullptr, 10));
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    Random random(seed);
    std::string text = corpus[below(random, corpus.size())];
    for (std::size_t i = 0, times = 1 + below(random, 3); i < times; ++i) {
      text = changes[below(random, std::size(changes))](std::move(text), random);
    }
    if (std::string fault = fault_of(text); !fault.empty()) return report(fault, text, seed);
  }
  fmt::print("{} files, {} changed ones\n", corpus.size(), rounds);
  return 0;
}
