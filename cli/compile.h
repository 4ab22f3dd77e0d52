#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/diagnostic.h"
#include "cli/load.h"
#include "cli/options.h"
#include "dsl/check/check.h"
#include "dsl/expand/expand.h"
#include "dsl/expand/run_test.h"
#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// The built-in functions and types: what the language knows before any file is read. Reads no schema.
struct Language {
  FunctionTable functions;
  ResourceTypes types;
  Language();
  Language(const Language&) = delete;
  Language& operator=(const Language&) = delete;
};

/// A platform from its files to its graph. Everything points into everything, so it does not move.
struct Compiled {
  Language language;
  LoadedPlatform loaded;
  std::optional<Program> program;  ///< absent when there were errors before
  std::optional<Expansion> expansion;
  DiagnosticSink diagnostics;

  [[nodiscard]] bool ok() const { return !diagnostics.has_errors(); }
};

/// Files to SourceMap to SyntaxTree to Program.
[[nodiscard]] std::unique_ptr<Compiled> check_platform(const Options& options, const OpenTexts& open = {});
/// The same with one `let` more in the root package, whose name is chosen here: an expression of the command
/// line, in the place of a file `<expression>`. C1001 when the text is more than one expression. `own` is one
/// file more of the package, `<console>`.
[[nodiscard]] std::unique_ptr<Compiled> check_with_let(const Options& options, const std::string& expression,
                                                       std::string& name, const std::string& own = {});
/// What the command line says about the environment.
[[nodiscard]] ExpandOptions expand_options(const Options& options);
/// Files to Program as above, then Program to ResourceGraph in the chosen environment and world.
[[nodiscard]] std::unique_ptr<Compiled> compile_platform(const Options& options, const OpenTexts& open = {});

/// One `test` of a checked platform.
[[nodiscard]] TestOutcome run_one_test(const Compiled& compiled, const Test& test);

/// Loads the standard packages' types (`postgres.Database`) into a Language that has no platform: a saved
/// plan applies without any source text. Errors are broken builds.
void load_standard_types(Language& language);

/// Whether a source file comes with carbon.
[[nodiscard]] bool is_standard_file(std::string_view path);

/// Prints diagnostics to stderr, in order of place, at most 20 errors.
void print_diagnostics(const DiagnosticSink& diagnostics, const SourceMap& sources, Color color);

}  // namespace carbon
