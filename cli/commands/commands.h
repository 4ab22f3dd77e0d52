#pragma once

#include "cli/exit_code.h"
#include "cli/options.h"

namespace carbon {

// One function a verb. Each prints its result on stdout, everything else on stderr, and gives the exit code.
[[nodiscard]] ExitCode run_check(const Options& options);
[[nodiscard]] ExitCode run_test_command(const Options& options);
[[nodiscard]] ExitCode run_plan(const Options& options);
[[nodiscard]] ExitCode run_show(const Options& options);
[[nodiscard]] ExitCode run_comment(const Options& options);
[[nodiscard]] ExitCode run_apply(const Options& options);
[[nodiscard]] ExitCode run_destroy(const Options& options);
[[nodiscard]] ExitCode run_resume(const Options& options);
[[nodiscard]] ExitCode run_undo(const Options& options);
[[nodiscard]] ExitCode run_inventory(const Options& options);
[[nodiscard]] ExitCode run_lock(const Options& options);
[[nodiscard]] ExitCode run_list(const Options& options);
[[nodiscard]] ExitCode run_runs(const Options& options);
[[nodiscard]] ExitCode run_get(const Options& options);
[[nodiscard]] ExitCode run_adopt(const Options& options);
[[nodiscard]] ExitCode run_convert(const Options& options);
[[nodiscard]] ExitCode run_graph(const Options& options);
[[nodiscard]] ExitCode run_render(const Options& options);
[[nodiscard]] ExitCode run_eval(const Options& options);
[[nodiscard]] ExitCode run_console(const Options& options);
[[nodiscard]] ExitCode run_fmt(const Options& options);
[[nodiscard]] ExitCode run_lsp(const Options& options);
[[nodiscard]] ExitCode run_explain(const Options& options);
[[nodiscard]] ExitCode run_sandbox_serve(const Options& options);
[[nodiscard]] ExitCode run_why(const Options& options);
[[nodiscard]] ExitCode run_completion(const Options& options);
[[nodiscard]] ExitCode run_manual(const Options& options);
[[nodiscard]] ExitCode run_support_bundle(const Options& options);
[[nodiscard]] ExitCode run_version(const Options& options);

}  // namespace carbon
