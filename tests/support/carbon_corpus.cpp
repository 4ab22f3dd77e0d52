#include "tests/support/carbon_corpus.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace carbon::testing {

namespace {

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

}  // namespace

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::vector<std::string> read_corpus(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::filesystem::path> paths;
  for (const std::filesystem::path& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
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

std::string damaged(std::string text, Random& random) {
  for (std::size_t i = 0, times = 1 + below(random, 3); i < times; ++i) {
    text = changes[below(random, std::size(changes))](std::move(text), random);
  }
  return text;
}

std::uint64_t rounds(std::uint64_t in_a_gate) {
  const char* longer = std::getenv("CARBON_ROUNDS");
  return in_a_gate * (longer == nullptr ? 1 : std::strtoull(longer, nullptr, 10));
}

}  // namespace carbon::testing
