// Gives every file of a corpus to its target, without a fuzzer: what was found once stays mended, under every
// compiler and sanitizer. usage: fuzz-replay CORPUS, where CORPUS/NAME/ holds the inputs of target NAME, or
// fuzz-replay CORPUS NAME FILE... for some files alone.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/fuzz/target.h"

namespace fs = std::filesystem;

namespace {

/// `more`: folders and files of the repository that are inputs too, with the extension that counts.
struct Row {
  std::string_view name;
  carbon::fuzz::Target target;
  std::string_view more;
  std::string_view extension;
};

constexpr std::array<Row, 12> targets{{
    {"format", carbon::fuzz::check_format, "tests/golden/format", ".carbon"},
    {"json", carbon::fuzz::check_json, "tests/real/recorded", ".json"},
    {"kubeconfig", carbon::fuzz::check_kubeconfig, "", ""},
    {"parse", carbon::fuzz::check_parse, "tests/golden/parse", ".carbon"},
    {"plan_file", carbon::fuzz::check_plan_file, "", ""},
    {"platform", carbon::fuzz::check_platform, "tests/golden", ".carbon"},
    {"replies", carbon::fuzz::check_replies, "", ""},
    {"schema", carbon::fuzz::check_schema, "tests/golden/check", ".yaml"},
    {"sql_quoting", carbon::fuzz::check_sql_quoting, "", ""},
    {"views", carbon::fuzz::check_views, "", ""},
    {"xml", carbon::fuzz::check_xml, "", ""},
    {"yaml", carbon::fuzz::check_yaml, "", ""},
}};

std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && (extension.empty() || entry.path().extension() == extension))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const Row& row, const fs::path& file) {
  // Named before it runs: a crash says no more.
  fmt::print("{} {}\n", row.name, file.string());
  std::fflush(stdout);
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  row.target(text.str());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: fuzz-replay CORPUS [TARGET FILE...]\n");
    return 2;
  }
  fs::path corpus = arguments[1];
  std::size_t replayed = 0;
  for (const Row& row : targets) {
    std::vector<fs::path> files;
    if (count > 2) {
      if (row.name != arguments[2]) continue;
      files.assign(arguments + 3, arguments + count);
    } else {
      files = files_below(corpus / row.name, "");
      if (files.empty()) {
        fmt::print(stderr, "no corpus for {}\n", row.name);
        return 1;
      }
      std::vector<fs::path> more;
      if (!row.more.empty()) more = files_below(fs::path(CARBON_SOURCE_ROOT) / row.more, row.extension);
      files.insert(files.end(), more.begin(), more.end());
    }
    for (const fs::path& file : files) replay(row, file);
    replayed += files.size();
  }
  fmt::print("{} inputs hold\n", replayed);
  return replayed == 0 ? 1 : 0;
}
