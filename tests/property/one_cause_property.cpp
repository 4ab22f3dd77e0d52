// One token of a good file deleted, inserted or replaced: one cause, so one error. Where text reads as
// something else than was meant there may be more; how often that is, is counted.
//   one-cause-property FOLDER...

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "dsl/parse/parse.h"
#include "dsl/parse/scan.h"
#include "tests/support/carbon_corpus.h"

using namespace carbon;

namespace {

constexpr std::size_t most_tokens = 60;     // of one file
constexpr double most_with_several = 0.04;  // of what is faulty

constexpr std::array<std::string_view, 15> others{"{", "}", "[",  "]", "(", ")", "\"", ",",
                                                  "=", ":", "if", "x", "1", "+", "."};

struct Token {
  std::size_t begin;
  std::size_t end;
};

std::vector<Token> tokens(const std::string& text) {
  std::vector<Token> found;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    if (scan::blanks(at, end) != 0 || scan::newline(at, end) != 0) {
      ++at;
    } else if (std::size_t comment = scan::comment(at, end)) {
      at += comment;
    } else {
      std::size_t size = std::max(
          {scan::word(at, end), scan::number(at, end), scan::binary_operator(at, end), std::size_t{1}});
      auto begin = static_cast<std::size_t>(at - text.data());
      found.push_back({begin, begin + size});
      at += size;
    }
  }
  return found;
}

std::size_t errors(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  (void)parse(sources, sources.add("x.carbon", text), sink);
  return sink.error_count();
}

struct Count {
  std::size_t one = 0;
  std::size_t several = 0;

  void add(const std::string& text) {
    std::size_t found = errors(text);
    one += found == 1 ? 1 : 0;
    several += found > 1 ? 1 : 0;
  }
};

void change_each(const std::string& text, Count& count) {
  std::vector<Token> all = tokens(text);
  std::size_t step = std::max<std::size_t>(1, all.size() / most_tokens);
  for (std::size_t i = 0; i < all.size(); i += step) {
    std::string before = text.substr(0, all[i].begin);
    std::string behind = text.substr(all[i].end);
    std::string token = text.substr(all[i].begin, all[i].end - all[i].begin);
    count.add(before + behind);
    count.add(before + std::string(others[i % others.size()]) + " " + token + behind);
    count.add(before + std::string(others[(i * 7 + 3) % others.size()]) + behind);
  }
}

}  // namespace

int main(int argument_count, char** folders) {
  Count count;
  for (const std::string& text : testing::read_corpus({folders + 1, folders + argument_count})) {
    if (errors(text) == 0) change_each(text, count);
  }
  double share = static_cast<double>(count.several) / static_cast<double>(count.one + count.several);
  fmt::print("{} changes are one error, {} ({:.1f} %) are several\n", count.one, count.several, share * 100);
  return count.one > 1000 && share <= most_with_several ? 0 : 1;
}
