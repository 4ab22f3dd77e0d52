// What the parser makes of files, for comparison with what editors make of them: for each file a line with
// its name and its errors, tabs between them, then the nodes of one without errors, one a line, as `depth
// kind begin end`, in bytes.
//   syntax-trees <FILE_WITH_PATHS

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "dsl/parse/parse.h"

using namespace carbon;

namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    fmt::print(stderr, "cannot read {}\n", path);
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

void print_tree(const SyntaxTree& tree, std::uint32_t base) {
  std::vector<std::uint32_t> ends;  // where the open nodes end; its size is the depth
  for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    const SyntaxNode& node = tree.nodes()[i];
    fmt::print("{} {} {} {}\n", ends.size(), to_string(node.kind), node.begin - base, node.end - base);
    ends.push_back(i + node.size);
  }
}

}  // namespace

int main() {
  std::string path;
  while (std::getline(std::cin, path)) {
    SourceMap sources;
    DiagnosticSink sink;
    std::uint32_t file = sources.add(path, file_text(path));
    SyntaxTree tree = parse(sources, file, sink);
    fmt::print("file {}", path);
    for (const Diagnostic& each : sink.all()) fmt::print("\t{} {}", to_string(each.code), each.message);
    fmt::print("\n");
    if (sink.all().empty()) print_tree(tree, sources.file(file).base);
  }
}
