#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "dsl/check/check.h"
#include "dsl/check/name_index.h"
#include "dsl/expand/expand.h"

namespace carbon::lsp {

/// What the files of one package mean, as the client had them at one moment. Immutable but for `diagnostics`,
/// to which a later stage may add.
struct Analysis {
  std::shared_ptr<const void> owner;  ///< of what the pointers point at
  std::string root;                   ///< absolute path; files of the sources are relative to it
  const SourceMap* sources = nullptr;
  PackageTrees packages;
  std::optional<Program> program;  ///< absent when there is no file
  NameIndex index;
  ResourceTypes* types = nullptr;
  const FunctionTable* functions = nullptr;
  std::vector<std::string_view> standard_packages;  ///< their names, without `std/`
  DiagnosticSink diagnostics;
  // From `evaluate` on:
  std::string environment;             ///< whose values there are; empty before
  std::optional<Expansion> expansion;  ///< absent where there are errors

  /// The tree of a file by its absolute path, or nullptr when the package does not hold it.
  [[nodiscard]] const SyntaxTree* tree_at(std::string_view path) const;
  /// The absolute path of a source file; empty for files that come with carbon.
  [[nodiscard]] std::string path_of(const SourceMap::File& file) const;
};

/// The text of documents by absolute path.
using OpenTexts = std::map<std::string, std::string, std::less<>>;

/// The server's only way to files and to the stages of the compiler: implemented by cli.
class Workspace {
 public:
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  virtual ~Workspace() = default;

  /// Links in the path resolved.
  [[nodiscard]] virtual std::string canonical(const std::string& path) const = 0;
  /// The folder whose package holds the file: docs/reference/lsp.md, "Package". `folders` are those of the
  /// client.
  [[nodiscard]] virtual std::string root_of(const std::string& path, const std::vector<std::string>& folders,
                                            const OpenTexts& open) = 0;
  /// Loads and checks the package at the folder. Never nullptr.
  [[nodiscard]] virtual std::unique_ptr<Analysis> analyse(const std::string& root, const OpenTexts& open) = 0;
  /// The same, but only the declaration at the offset of one file is looked into, and the index also says
  /// what is known there.
  [[nodiscard]] virtual std::unique_ptr<Analysis> look_at(const std::string& root, const OpenTexts& open,
                                                          const std::string& path, std::size_t offset) = 0;
  /// Adds what evaluation in the environment finds, unless there are errors already.
  virtual void evaluate(Analysis& analysis, const std::string& environment) = 0;
  /// The value of a `let` or input of the root package in the analysis' environment; nothing where it has
  /// none.
  [[nodiscard]] virtual std::optional<Value> value_of(const Analysis& analysis, const std::string& name) = 0;
  /// A value as carbon text; secrets and what is known only after apply by their kind.
  [[nodiscard]] virtual std::string text_of(const Value& value) const = 0;
};

}  // namespace carbon::lsp
