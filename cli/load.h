#pragma once

#include <deque>
#include <map>
#include <string>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"
#include "dsl/check/check.h"
#include "dsl/check/imports.h"

namespace carbon {

/// Texts that stand for the files at their absolute paths, saved or not: what an editor holds.
using OpenTexts = std::map<std::string, std::string, std::less<>>;

/// Everything that a platform's meaning depends on, read into memory. Owns sources and trees; does not move.
/// May be loaded again: a file whose text has not changed keeps its tree. What an earlier load gave stays
/// valid.
struct LoadedPlatform {
  std::string root;  ///< absolute path of the package root
  SourceMap sources;
  std::deque<SyntaxTree> trees;
  PackageTrees packages;
  ImportedData data;

  /// The last tree of a file, with what the parser said.
  struct Parsed {
    const SyntaxTree* tree = nullptr;
    std::vector<Diagnostic> faults;
  };
  std::map<std::string, Parsed> parsed;  ///< by path
  /// The packages and files beneath the root that are imported, by path, with the first import that names
  /// them.
  std::map<std::string, SourceSpan> imported;

  LoadedPlatform() = default;
  LoadedPlatform(const LoadedPlatform&) = delete;
  LoadedPlatform& operator=(const LoadedPlatform&) = delete;

  /// Every file that was read, with its path, in a fixed order: what a plan's source digest is over.
  [[nodiscard]] std::string digest_input() const;
  /// Frees the syntax trees; the texts stay, for messages.
  void forget_trees() {
    packages.clear();
    parsed.clear();
    trees.clear();
  }
};

/// Reads the package at `directory` and everything that it imports: the file set is known without evaluating
/// anything, because import paths are literals. The only reader of source files. Paths are resolved beneath
/// the root and links out of it are refused (C0305); a folder without `.carbon` files is C1002.
void load(const std::string& directory, LoadedPlatform& loaded, DiagnosticSink& sink,
          const OpenTexts& open = {});

/// The documents of a schema file as a list: YAML, or JSON where its name ends so. Errors say what is wrong
/// with it.
[[nodiscard]] Result<Value> schema_documents(std::string_view path, std::string_view text);

}  // namespace carbon
