// Formatting keeps what a file means and every comment, and formatting again changes nothing: of every file
// that we have, of the same files with their white space thrown about, and of files made from the grammar.

#include <fmt/core.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/support/carbon_corpus.h"
#include "tests/support/carbon_text.h"
#include "tests/support/formatted.h"

using namespace carbon;

namespace {

using testing::below;
using testing::Formatted;
using testing::Random;

int report(const std::string& fault, const std::string& text, std::uint64_t seed) {
  fmt::print("FAIL seed {}: {}\n--- input\n{}\n---\n", seed, fault, text);
  return 1;
}

/// The text with white space and comments put in, or blanks and line ends taken out, at random places. Many
/// of these do not parse or mean something else; the others are what people's files look like.
std::string relaid(std::string text, Random& random) {
  static constexpr std::string_view pieces[] = {
      " ", "  ", "\n  ", "\n\n\n  ", " # c\n  ", "\n  # own line\n  ", "\r\n "};
  for (std::size_t i = 0, count = 1 + below(random, 8); i < count; ++i) {
    // Next to white space, so that no word is cut in two.
    std::size_t at = text.find_first_of(" \n", below(random, text.size() + 1));
    if (at == std::string::npos) continue;
    if (below(random, 3) == 0) {
      text.erase(at, 1);
    } else {
      text.insert(at, pieces[below(random, std::size(pieces))]);
    }
  }
  return text;
}

/// Number of texts that parse; none after a failure, which has been printed.
template <class Change>
std::size_t try_changed(const std::vector<std::string>& corpus, std::uint64_t rounds, Change change) {
  std::size_t parsed = 0;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    Random random(seed);
    std::string text = change(corpus[below(random, corpus.size())], random);
    Formatted formatted(text);
    if (!formatted.parses()) continue;
    ++parsed;
    if (!formatted.fault().empty())
      return static_cast<std::size_t>(report(formatted.fault(), text, seed) - 1);
  }
  return parsed;
}

/// The property as RapidCheck sees it: it shrinks the choices, and so the file.
bool made_files_hold() {
  // Fixed, so that a red gate stays red until somebody looks.
  std::string parameters = fmt::format("seed=254 max_success={}", testing::rounds(1500));
  ::setenv("RC_PARAMS", parameters.c_str(), 0);
  return rc::check("formatting what the grammar makes", [] {
    auto choices = *rc::gen::resize(1500, rc::gen::arbitrary<std::vector<std::uint8_t>>());
    std::string text = testing::carbon_text(choices);
    Formatted formatted(text);
    if (!formatted.fault().empty()) RC_FAIL(formatted.fault() + "\n--- input\n" + text);
  });
}

}  // namespace

int main(int count, char** folders) {
  std::vector<std::string> corpus = testing::read_corpus({folders + 1, folders + count});
  std::erase_if(corpus, [](const std::string& text) { return !Formatted(text).parses(); });
  if (corpus.size() < 80) return report("the corpus is missing", "", 0);
  for (const std::string& text : corpus) {
    Formatted formatted(text);
    if (!formatted.fault().empty()) return report(formatted.fault(), text, 0);
  }
  std::uint64_t rounds = testing::rounds(2000);
  std::size_t laid = try_changed(corpus, rounds, relaid);
  std::size_t torn = try_changed(corpus, rounds, testing::damaged);
  fmt::print("{} files, {} with other white space, {} damaged ones that parse\n", corpus.size(), laid, torn);
  return laid > rounds / 8 && torn > rounds / 50 && made_files_hold() ? 0 : 1;
}
