#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "dsl/check/imports.h"
#include "dsl/check/program.h"
#include "dsl/syntax/syntax_tree.h"

namespace carbon {

class NameIndex;

/// Trees of packages by import path; the root package under "". A package whose types are known to the
/// ResourceTypes alone (`std/k8s`) has no trees and need not be here.
using PackageTrees = std::map<std::string, std::vector<const SyntaxTree*>, std::less<>>;

/// Everything is owned by the caller. The trees may go once check has returned; sources, types and functions
/// must live as long as the Program.
struct CheckInput {
  const SourceMap& sources;
  const PackageTrees& packages;
  const ImportedData& data;
  ResourceTypes& types;  ///< declared types are added to it
  const FunctionTable& functions;
  NameIndex* index = nullptr;  ///< filled if there is one
  /// If known, only what stands around it is looked into; of everything else names and types alone. The
  /// Program is of no use then.
  SourceSpan focus{};
  /// Of this carbon, for `requires carbon`; empty: every demand is met.
  std::string_view tool_version{};
};

/// Resolves names, checks types and settings, and lowers expressions. Goes on after an error; the Program may
/// be expanded only if the sink has none. O(n log n).
[[nodiscard]] Program check(const CheckInput& input, DiagnosticSink& sink);

/// A constant expression in carbon's syntax, for `--set name=TEXT`, converted to the type; a bare word is a
/// string where the type is one. Errors have no span: the text stands in no file.
[[nodiscard]] Result<Value> check_constant(Program& program, std::string_view text, TypePtr type);

}  // namespace carbon
