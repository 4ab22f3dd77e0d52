#include <fmt/core.h>

#include "base/diagnostic_text.h"
#include "cli/commands/running.h"
#include "cli/stores.h"
#include "cli/views/lock_view.h"

namespace carbon {

namespace {

/// A holder that lives may be in the middle of a request: who takes its lock must know which run that is.
Error still_lives(const LockState& state) {
  const LockHolder& holder = state.holder;
  std::string name = holder.name();
  Error error = Error(DiagnosticCode::lock_in_use,
                      fmt::format("{} holds {}, and its process lives", visible(holder.by), state.place))
                    .note("what it has sent by now may still take effect");
  if (holder.process > 0) error = std::move(error).note(fmt::format("that is process {}", holder.process));
  if (name.empty()) return std::move(error).help("end the program that has the lock's file open");
  return std::move(error).help(
      fmt::format("wait, or stop it by Ctrl-C; `carbon lock break {}` takes the lock all the same", name));
}

ExitCode break_lock(const Options& options, const StorePlace& place, Store& store) {
  auto state = store.lock_state();
  if (!state) return report(state.error(), SourceMap(), options);
  if (!state->held) {
    fmt::print("The lock of {} is free: nothing to break.\n", place.name.text());
    return ExitCode::success;
  }
  const LockHolder& holder = state->holder;
  if (!options.run.empty() && options.run != holder.name()) {
    return report(
        Error(DiagnosticCode::bad_usage, fmt::format("`{}` does not hold the lock", visible(options.run)))
            .help("`carbon lock list` shows who does"),
        SourceMap(), options);
  }
  bool named = !options.run.empty();
  if (!named && (state->lives || lives_here(holder)))
    return report(still_lives(*state), SourceMap(), options);
  fmt::print("{}", lock_text(place.name, *state));
  if (!named && !confirmed(options, "Take this lock from its holder?")) return ExitCode::error;
  Status broken = store.break_lock(*state);
  if (!broken) return report(broken.error(), SourceMap(), options);
  fmt::print("The lock is free. What its holder writes from now on is refused.\n");
  return ExitCode::success;
}

}  // namespace

ExitCode run_lock(const Options& options) {
  ExitCode code = ExitCode::success;
  auto compiled = compile_or_leave(options, code);
  if (compiled == nullptr) return code;
  auto place = store_place(*compiled, options.cluster);
  if (!place) return report(place.error(), SourceMap(), options);
  auto store = open_store(options, *place, Store::Access::read);
  if (!store) return report(store.error(), SourceMap(), options);
  if (options.subcommand == "break") return break_lock(options, *place, **store);
  auto state = (*store)->lock_state();
  if (!state) return report(state.error(), SourceMap(), options);
  bool json = options.format == OutputFormat::json;
  fmt::print("{}", json ? lock_json(place->name, *state) : lock_text(place->name, *state));
  return ExitCode::success;
}

}  // namespace carbon
