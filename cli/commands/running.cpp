#include "cli/commands/running.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iostream>

#include "cli/views/event_stream.h"
#include "cli/views/progress_view.h"
#include "platform/log/log_file.h"

namespace carbon {

ExitCode report(const Error& error, const SourceMap& sources, const Options& options) {
  log_file::error(fmt::format("{} {}", to_string(error.code()), error.message()));
  fmt::print(stderr, "{}", to_text(error.diagnostic(), sources, options.color));
  return exit_code_for(error.code());
}

std::unique_ptr<Compiled> compile_or_leave(const Options& options, ExitCode& code) {
  auto compiled = compile_platform(options);
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (compiled->ok() && compiled->expansion) return compiled;
  code = compiled->ok() ? ExitCode::error : exit_code_for(compiled->diagnostics);
  return nullptr;
}

std::unique_ptr<Pipeline> open_pipeline(const Options& options, Store::Access access, ExitCode& code) {
  auto compiled = compile_or_leave(options, code);
  if (compiled == nullptr) return nullptr;
  auto pipeline = Pipeline::open(options, std::move(compiled), access, world_opener(options.cluster));
  if (pipeline) return std::move(*pipeline);
  code = report(pipeline.error(), SourceMap(), options);
  return nullptr;
}

PlanFacts plan_facts(Pipeline& pipeline, const IoCounts& counts) {
  PlanFacts facts{pipeline.plan_name(), counts.requests, pipeline.declared(), "", ""};
  for (const Diagnostic& diagnostic : pipeline.diagnostics().all()) {
    if (diagnostic.severity != Severity::error) continue;
    PlanProblem problem{to_string(diagnostic.code), diagnostic.message, diagnostic.address, {}};
    if (!diagnostic.labels.empty()) {
      SourceLocation place = pipeline.sources().locate(diagnostic.labels.front().span.begin);
      problem.written = Written{std::string(place.path), place.line};
    }
    facts.problems.push_back(std::move(problem));
  }
  return facts;
}

void print_plan(const Plan& whole, PlanFacts facts, const Options& options) {
  const Plan* shown = &whole;
  Plan part;
  if (!options.only.empty() || !options.exclude.empty()) {
    part = selected(whole, options.only, options.exclude, facts.hidden);
    shown = &part;
  }
  const Plan& plan = *shown;
  switch (options.format) {
    case OutputFormat::json: fmt::print("{}", plan_json(plan, facts)); return;
    case OutputFormat::markdown: fmt::print("{}", plan_markdown(plan, facts)); return;
    case OutputFormat::html: fmt::print("{}", plan_html(plan, facts)); return;
    case OutputFormat::text: {
      PlanViewOptions view;
      view.detail = options.detail;
      view.color = options.color;
      view.width = options.width;
      fmt::print("{}", plan_text(plan, facts, view));
      return;
    }
  }
}

void PhaseStats::print(std::string_view phase, const Options& options) const {
  if (!options.stats) return;
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  IoCounts counts = this->counts();
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print(stderr, "stats  {}: {} requests, {} bytes sent, {} received, {:.2f} s, peak memory {} MiB\n",
             phase, requests_text(counts.requests), counts.sent, counts.received, took.count(),
             usage.ru_maxrss / 1024);
}

void print_settled(const Settled& settled) {
  if (settled.run.empty()) return;
  log_file::info(fmt::format("run {} had not ended", settled.run));
  for (const Settled::Step& step : settled.steps)
    log_file::info(fmt::format("settled {} {}: {}", step.operation, step.address, step.finding));
  fmt::print(stderr, "run {} had not ended; settled by reading the live objects:\n", settled.run);
  for (const Settled::Step& step : settled.steps) {
    fmt::print(stderr, "  {}  {}: {}\n", visible(step.address), step.operation, step.finding);
  }
  if (settled.steps.empty()) fmt::print(stderr, "  no step was open\n");
}

namespace {

Error no_such_run(const std::string& wanted, std::size_t found) {
  if (found > 1)
    return Error(DiagnosticCode::bad_usage, fmt::format("{} runs begin with `{}`", found, wanted))
        .help("write more of its digits");
  return Error(DiagnosticCode::bad_usage, fmt::format("no run begins with `{}`", wanted))
      .help("`carbon runs` lists those on record");
}

}  // namespace

Result<std::vector<JournalEvent>> find_run(std::vector<std::vector<JournalEvent>> runs,
                                           const std::string& name) {
  std::erase_if(runs, [&](const auto& run) { return !run.front().run.starts_with(name); });
  if (runs.size() != 1) return fail(no_such_run(name, runs.size()));
  return std::move(runs.front());
}

std::unique_ptr<Pipeline> open_settled_pipeline(const Options& options, ExitCode& code) {
  auto pipeline = open_pipeline(options, Store::Access::write, code);
  if (pipeline == nullptr) return nullptr;
  auto settled = pipeline->settle_open_run();
  if (!settled) {
    code = report(settled.error(), pipeline->sources(), options);
    return nullptr;
  }
  print_settled(*settled);
  return pipeline;
}

bool confirmed(const Options& options, std::string_view question) {
  if (options.yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    Error error = Error(DiagnosticCode::bad_usage, "there is no terminal to ask on")
                      .help("pass `--yes`, or apply a saved plan");
    fmt::print(stderr, "{}Nothing was changed.\n", to_text(error.diagnostic(), SourceMap(), options.color));
    return false;
  }
  fmt::print(stderr, "{} Only `yes` goes on: ", question);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes") return true;
  fmt::print(stderr, "Nothing was changed.\n");
  return false;
}

namespace {

ProgressStyle progress_style(const Options& options) {
  if (options.progress) return *options.progress;
  return ::isatty(STDERR_FILENO) == 1 ? ProgressStyle::tty : ProgressStyle::plain;
}

ExitCode exit_code_of(const Run& run) {
  if (run.broken) return ExitCode::error;
  if (run.interrupted) return ExitCode::interrupted;
  if (run.count(StepOutcome::failed) > 0) return ExitCode::partial;
  if (run.count(StepOutcome::not_ready) > 0) return ExitCode::not_ready;
  return run.count(StepOutcome::skipped) > 0 ? ExitCode::partial : ExitCode::success;
}

/// What happens to a step, for the log.
void note(const Plan& plan, const ApplyEvent& event) {
  if (!log_file::is_open()) return;
  const Change& change = plan.changes[event.step];
  std::string step = fmt::format("{} {} {}", to_string(change.action), change.address, change.type);
  switch (event.kind) {
    case ApplyEvent::Kind::started: return log_file::info(fmt::format("begins {}", step));
    case ApplyEvent::Kind::acted: return log_file::info(fmt::format("accepted {}", step));
    case ApplyEvent::Kind::waiting: return log_file::info(fmt::format("waits {}: {}", step, event.text));
    case ApplyEvent::Kind::finished: break;
  }
  const StepResult& result = *event.result;
  std::string words = fmt::format("{} {}, {:.1f} ms", to_string(result.outcome), step,
                                  static_cast<double>(result.nanoseconds) / 1e6);
  if (!result.error) return log_file::info(words);
  log_file::error(fmt::format("{}: {} {}", words, to_string(result.error->code()), result.error->message()));
}

}  // namespace

ExitCode apply_and_report(Pipeline& pipeline, const Options& options) {
  catch_signals();
  ProgressStyle style = progress_style(options);
  ProgressView view(pipeline.plan(), style, options.color, stderr);
  auto stream = [&](const std::string& line) {
    if (style == ProgressStyle::json) std::fwrite(line.data(), 1, line.size(), stderr);
  };
  const Plan& plan = pipeline.plan();
  PhaseStats applying(pipeline);
  log_file::info(fmt::format("apply {}: {} changes", pipeline.plan_name(), plan.changes.size()));
  stream(run_started_line(plan, pipeline.plan_name(), pipeline.io().wall_clock()));
  Run run = pipeline.apply_plan([&](const ApplyEvent& event) {
    view.event(event, pipeline.io().now());
    note(plan, event);
    if (style == ProgressStyle::json) stream(step_line(plan, event, pipeline.io().wall_clock()));
  });
  view.close();
  std::string ended = run_ended_line(run, pipeline.io().wall_clock());
  stream(ended);
  log_file::info(fmt::format("run {} ended: {} done, {} failed, {} skipped, {} not ready{}", run.id,
                             run.count(StepOutcome::done), run.count(StepOutcome::failed),
                             run.count(StepOutcome::skipped), run.count(StepOutcome::not_ready),
                             run.interrupted ? ", interrupted" : ""));
  applying.print("apply", options);
  fmt::print(stderr, "{}", run_errors(pipeline.plan(), run, pipeline.sources(), options.color));
  fmt::print("{}", options.format == OutputFormat::json ? ended : run_text(pipeline.plan(), run));
  ExitCode code = exit_code_of(run);
  bool failed = run.count(StepOutcome::failed) + run.count(StepOutcome::not_ready) != 0;
  if (options.on_error == "undo" && failed && !run.broken && !run.interrupted)
    take_back(pipeline, run.id, options);
  return code;
}

}  // namespace carbon
