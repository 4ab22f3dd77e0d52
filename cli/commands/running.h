#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "cli/commands/commands.h"
#include "cli/pipeline.h"

namespace carbon {

/// Prints one error on stderr and gives its exit code.
[[nodiscard]] ExitCode report(const Error& error, const SourceMap& sources, const Options& options);

/// Compiles the platform and prints what is to be said of it; nullptr where nothing can be done with it, and
/// then `code` says how to leave.
[[nodiscard]] std::unique_ptr<Compiled> compile_or_leave(const Options& options, ExitCode& code);

/// Compiles the platform and opens its world; on failure everything is printed and `code` says how to leave.
[[nodiscard]] std::unique_ptr<Pipeline> open_pipeline(const Options& options, Store::Access access,
                                                      ExitCode& code);

/// What there is to say of the plan that a pipeline has made, its errors among it. `counts`: of making it.
[[nodiscard]] PlanFacts plan_facts(Pipeline& pipeline, const IoCounts& counts);

/// The same for one who will write: what a killed run left open is settled first, and said.
[[nodiscard]] std::unique_ptr<Pipeline> open_settled_pipeline(const Options& options, ExitCode& code);

/// Prints a plan on stdout in the chosen format, or the part of it that was chosen.
void print_plan(const Plan& whole, PlanFacts facts, const Options& options);

/// What a phase of a command costs, from the making of this object on.
class PhaseStats {
 public:
  explicit PhaseStats(const Pipeline& pipeline)
      : pipeline_(pipeline), before_(pipeline.counts()), began_(std::chrono::steady_clock::now()) {}

  [[nodiscard]] IoCounts counts() const { return difference(pipeline_.counts(), before_); }
  /// With `--stats` one line on stderr: stdout is the same whatever the clock says.
  void print(std::string_view phase, const Options& options) const;

 private:
  const Pipeline& pipeline_;
  IoCounts before_;
  std::chrono::steady_clock::time_point began_;
};

/// The events of the run whose name begins so. Errors: C1001 where none or several do.
[[nodiscard]] Result<std::vector<JournalEvent>> find_run(std::vector<std::vector<JournalEvent>> runs,
                                                         const std::string& name);

/// Says on stderr what settling a killed run found.
void print_settled(const Settled& settled);

/// Applies what the pipeline has planned, with progress; prints the ledger and gives the exit code.
[[nodiscard]] ExitCode apply_and_report(Pipeline& pipeline, const Options& options);

/// Takes back what the run did that this pipeline has just carried out, without a question; prints the plan
/// of that and its ledger. What cannot or must not be taken back is told, and then nothing is.
void take_back(Pipeline& pipeline, const std::string& run, const Options& options);

/// Asks on the terminal; without one, or without a `yes`, false, and the remedy is printed.
[[nodiscard]] bool confirmed(const Options& options, std::string_view question);

}  // namespace carbon
