#include "lsp/analysis.h"

namespace carbon::lsp {

const SyntaxTree* Analysis::tree_at(std::string_view path) const {
  for (const auto& [name, trees] : packages) {
    for (const SyntaxTree* tree : trees) {
      if (path_of(sources->file(tree->file())) == path) return tree;
    }
  }
  return nullptr;
}

std::string Analysis::path_of(const SourceMap::File& file) const {
  return file.path.starts_with("std/") ? "" : root + "/" + file.path;
}

}  // namespace carbon::lsp
