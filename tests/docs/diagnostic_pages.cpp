// The pages of docs/diagnostics: one a code, under the code's own summary. A ```carbon wrong block raises
// that code, at the places marked `^^^` in the comment line below, and nothing else; options of the fence are
// those of a golden's `args`. A ```carbon right block has nothing to say. A ```text FILE block is in that
// golden.
//   diagnostic-pages-test ROOT

#include <fmt/format.h>
#include <stdlib.h>
#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/diagnostic_code.h"
#include "base/utf8.h"
#include "tests/support/golden_platform.h"

using namespace carbon;
namespace fs = std::filesystem;

namespace {

struct Block {
  std::string info;  ///< what stands behind ```
  std::vector<std::string> lines;

  [[nodiscard]] std::string text() const { return fmt::format("{}\n", fmt::join(lines, "\n")); }
};

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream in(page);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), {}});
    } else if (inside) {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
}

/// A folder that is gone with this object.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "carbon-pages-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
};

/// `C0301 2:32-2:35`, a line a mark: the columns of `^^^` in the line above the comment that holds it.
std::string marks(const Block& block, const std::string& code) {
  std::string out;
  for (std::size_t i = 1; i < block.lines.size(); ++i) {
    const std::string& line = block.lines[i];
    std::size_t first = line.find('^');
    std::size_t blank = line.find_first_not_of(" #^");
    if (first == std::string::npos || blank != std::string::npos) continue;
    out += fmt::format("{} {}:{}-{}:{}\n", code, i, first + 1, i, line.rfind('^') + 2);
  }
  return out;
}

/// What the block says in every environment, or with the options of its fence: places, and the texts.
std::pair<std::string, std::string> judged(const Block& block, const std::string& options) {
  Folder folder;
  std::ofstream(folder.path / "input.carbon") << block.text();
  std::ofstream(folder.path / "args") << options;
  testing::GoldenCase golden{folder.path, "page", false};
  testing::GoldenPlatform checked(golden);
  checked.check();
  if (!checked.sink().all().empty()) return {checked.errors(), checked.text()};
  std::vector<std::optional<std::string>> environments{std::nullopt};
  bool right = block.info.starts_with("carbon right");
  if (right && checked.program().environments.size() > 1) environments.clear();
  if (right) {
    for (const Environment& each : checked.program().environments) environments.emplace_back(each.name);
  }
  for (const auto& environment : environments) {
    testing::GoldenPlatform platform(golden);
    platform.check();
    Expansion expansion = platform.expand(environment);
    platform.judge_plan(expansion);
    if (!platform.sink().all().empty()) return {platform.errors(), platform.text()};
  }
  std::string tests = checked.run_tests();
  return {tests.find("FAIL") == std::string::npos ? "" : tests, tests};
}

std::string fault_of(const Block& block, const std::string& code, const fs::path& root) {
  if (block.info.starts_with("text ")) {
    std::string golden = block.info.substr(5);
    bool shown = read(root / golden).find(block.text()) != std::string::npos;
    bool has_code = block.text().find(code) != std::string::npos;
    return shown && has_code ? "" : fmt::format("{} does not hold:\n{}", golden, block.text());
  }
  bool wrong = block.info.starts_with("carbon wrong");
  if (!wrong && block.info != "carbon right")
    return "a block is `carbon wrong`, `carbon right` or `text FILE`\n";
  auto [places, text] = judged(block, wrong ? block.info.substr(12) : "");
  std::string wanted = wrong ? marks(block, code) : "";
  if (wrong && wanted.empty()) return "a wrong block marks what is wrong\n";
  return places == wanted ? "" : fmt::format("marked is\n{}found is\n{}{}", wanted, places, text);
}

std::vector<std::string> faults_of(const std::string& name, const std::string& page, const fs::path& root) {
  std::vector<std::string> faults;
  auto code = static_cast<DiagnosticCode>(std::stoi(name.substr(1)));
  std::string title = fmt::format("# {}: {}\n\n", name, summary(code));
  if (!is_known(code) || !page.starts_with(title)) faults.push_back("it does not begin with\n" + title);
  if (std::count(page.begin(), page.end(), '\n') > 40) faults.emplace_back("it is longer than 40 lines\n");
  std::vector<Block> blocks = blocks_of(page);
  bool shown = false;
  for (const Block& block : blocks) {
    shown = shown || !block.info.starts_with("carbon right");
    if (std::string fault = fault_of(block, name, root); !fault.empty()) faults.push_back(std::move(fault));
  }
  if (!shown) faults.emplace_back("it shows no example\n");
  return faults;
}

}  // namespace

int main(int, char** arguments) {
  fs::path root = arguments[1];
  std::size_t bad = 0;
  std::set<std::string> pages;
  for (const auto& entry : fs::directory_iterator(root / "docs/diagnostics")) {
    std::string name = entry.path().stem().string();
    pages.insert(name);
    for (const std::string& fault : faults_of(name, read(entry.path()), root)) {
      ++bad;
      fmt::print("{}: {}\n", entry.path().filename().string(), fault);
    }
  }
  for (unsigned number = 0; number < 10000; ++number) {
    auto code = static_cast<DiagnosticCode>(number);
    if (!is_known(code) || pages.contains(to_string(code))) continue;
    ++bad;
    fmt::print("{} has no page\n", to_string(code));
  }
  // A check that accepts anything would be none.
  Block unmarked{"carbon wrong", {"let a = b"}};
  Block misplaced{"carbon wrong", {"let a = b", "#  ^"}};
  Block clean{"carbon wrong", {"let a = 1", "#       ^"}};
  Block faulty{"carbon right", {"let a = b"}};
  bool strict = true;
  for (const Block& block : {unmarked, misplaced, clean, faulty})
    strict = strict && !fault_of(block, "C0302", root).empty();
  fmt::print("{} pages, {} faults\n", pages.size(), bad);
  return bad == 0 && strict && !pages.empty() ? 0 : 1;
}
