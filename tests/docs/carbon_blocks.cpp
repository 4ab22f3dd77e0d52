// Every ```carbon block of the documentation parses and checks, and one that is a whole platform expands. A
// block that is only a part of something says so: ```carbon fragment. Then it must parse, at the top of a
// file or in a body.
//   docs-test ROOT

#include <fmt/format.h>
#include <stdlib.h>
#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "dsl/parse/parse.h"
#include "tests/support/golden_platform.h"

using namespace carbon;
namespace fs = std::filesystem;

namespace {

struct Block {
  std::string place;  ///< `README.md:22`
  std::string text;
  bool fragment = false;
};

std::vector<Block> blocks_of(const fs::path& file, const std::string& name) {
  std::vector<Block> blocks;
  std::ifstream in(file);
  std::string line;
  bool inside = false;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (inside) {
      inside = line != "```";
      if (inside) blocks.back().text += line + "\n";
    } else if (line == "```carbon" || line == "```carbon fragment") {
      inside = true;
      blocks.push_back({fmt::format("{}:{}", name, number), "", line.ends_with("fragment")});
    }
  }
  return blocks;
}

/// A folder that is gone with this object.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "carbon-docs-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
};

bool parses(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  (void)parse(sources, sources.add("block.carbon", text), sink);
  return !sink.has_errors();
}

/// What is wrong with the block; empty when nothing is.
std::string fault(const Block& block) {
  if (block.fragment) {
    bool part = parses(block.text) || parses("resource part : k8s.ConfigMap {\n" + block.text + "}\n");
    return part ? "" : "it parses neither at the top of a file nor in a body\n";
  }
  Folder folder;
  std::ofstream(folder.path / "block.carbon") << block.text;
  testing::GoldenCase golden{folder.path, block.place, false};
  testing::GoldenPlatform platform(golden);
  platform.check();
  if (platform.sink().has_errors()) return platform.text();
  if (!platform.program().platform) return "";
  std::vector<std::optional<std::string>> environments;
  for (const Environment& each : platform.program().environments) environments.emplace_back(each.name);
  if (environments.empty()) environments.emplace_back(std::nullopt);
  for (const auto& environment : environments) {
    testing::GoldenPlatform expanded(golden);
    expanded.check();
    (void)expanded.expand(environment);
    if (expanded.sink().has_errors()) return expanded.text();
  }
  return "";
}

}  // namespace

int main(int, char** arguments) {
  fs::path root = arguments[1];
  std::vector<fs::path> files{root / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::size_t read = 0;
  std::size_t bad = 0;
  for (const fs::path& file : files) {
    for (const Block& block : blocks_of(file, fs::relative(file, root).string())) {
      ++read;
      std::string wrong = fault(block);
      if (wrong.empty()) continue;
      ++bad;
      fmt::print("{} is no carbon:\n{}\n", block.place, wrong);
    }
  }
  // A check that accepts anything would be none.
  bool strict = !fault({"", "resource a : k8s.ConfigMap { data = nothing }\n", false}).empty() &&
                !fault({"", "resource a : {\n", true}).empty();
  fmt::print("{} blocks in {} files, {} bad\n", read, files.size(), bad);
  return read > 0 && bad == 0 && strict ? 0 : 1;
}
