#pragma once

#include <memory>
#include <string>

#include "dsl/check/check.h"
#include "dsl/expand/expand.h"
#include "tests/support/golden.h"

namespace carbon::testing {

/// A golden case that is a platform: `input.carbon` and other `*.carbon` files are the root package, folders
/// are packages, other files data. `std/` packages and functions are the real ones. Owns all that its Program
/// needs.
class GoldenPlatform {
 public:
  explicit GoldenPlatform(const GoldenCase& golden);
  ~GoldenPlatform();

  /// Parses and checks; nothing else may be asked before.
  void check();
  /// Expands with the options in the case's `args`: `-e NAME`, `--world WORLD`, `--set name=value`, `--fuel
  /// N`,
  /// `--limit N`.
  [[nodiscard]] Expansion expand();
  /// The same in this environment.
  [[nodiscard]] Expansion expand(const std::optional<std::string>& environment);

  /// Runs every `test`: a line for each, and what is wrong behind it.
  [[nodiscard]] std::string run_tests();
  /// Judges policies over the plan with rows of the case's `plan`: `ADDRESS TYPE ACTION [data_bearing]` a
  /// line.
  void judge_plan(Expansion& expansion);

  [[nodiscard]] const Program& program() const;
  [[nodiscard]] const DiagnosticSink& sink() const;
  /// `C0301 2:3-2:9`, a line a diagnostic, ordered by place; other files than `input.carbon` by name.
  [[nodiscard]] std::string errors() const;
  /// As people read them.
  [[nodiscard]] std::string text() const;
  /// `input.carbon` with the safe fixes of one round made.
  [[nodiscard]] std::string fixed() const;
  /// Files of an okay or fail case: what must be there, and the fault when it went the wrong way.
  [[nodiscard]] GoldenOutput output(const std::string& okay_file, const std::string& okay_text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace carbon::testing
