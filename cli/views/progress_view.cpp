#include "cli/views/progress_view.h"

#include <fmt/format.h>
#include <utility>

#include <algorithm>
#include <map>
#include <vector>

#include "base/value_json.h"
#include "cli/views/plan_view.h"

namespace carbon {

namespace {

constexpr std::size_t most_rows = 8;
constexpr std::int64_t redraw_pause = 100'000'000;
constexpr std::int64_t heartbeat = 30'000'000'000;

/// Printing that cannot fail: a terminal that is closed must not end an apply in the middle of its steps.
template <class... Arguments>
void say(std::FILE* out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), out);
}

std::string seconds(std::int64_t nanoseconds) {
  return fmt::format("{:.1f}s", static_cast<double>(nanoseconds) / 1e9);
}

std::string_view past(Action action) {
  switch (action) {
    case Action::create: return "created";
    case Action::update: return "updated";
    case Action::replace: return "replaced";
    case Action::delete_: return "deleted";
    case Action::adopt: return "adopted";
    case Action::release: return "released";
    case Action::read: return "read";
    case Action::later: return "created";
    case Action::move: return "moved";
    case Action::no_op: return "unchanged";
  }
  return "";
}

}  // namespace

ProgressView::ProgressView(const Plan& plan, ProgressStyle style, Color color, std::FILE* out)
    : plan_(plan), style_(style), color_(color), out_(out) {}

std::string ProgressView::paint(std::string_view code, std::string text) const {
  return color_ == Color::off ? text : fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void ProgressView::event(const ApplyEvent& event, std::int64_t now) {
  switch (event.kind) {
    case ApplyEvent::Kind::started: rows_[event.step] = {now, ""}; break;
    case ApplyEvent::Kind::acted: break;
    case ApplyEvent::Kind::waiting: rows_[event.step].waits_for = event.text; break;
    case ApplyEvent::Kind::finished:
      rows_.erase(event.step);
      ++finished_;
      break;
  }
  switch (style_) {
    case ProgressStyle::quiet: return;
    case ProgressStyle::json: return;  // its lines are made by event_stream.h
    case ProgressStyle::plain: plain(event, now); return;
    case ProgressStyle::tty:
      if (event.kind == ApplyEvent::Kind::finished) {
        close();
        finished_line(*event.result);
      }
      draw(now, event.kind == ApplyEvent::Kind::finished);
      return;
  }
}

void ProgressView::finished_line(const StepResult& result) {
  std::string head = fmt::format("[{}/{}] ", finished_, plan_.changes.size());
  std::string name = fmt::format("{}  {}", visible(result.address), result.type);
  switch (result.outcome) {
    case StepOutcome::done:
      say(out_, "{}{} {} ({})\n", head, paint("32", std::string(past(result.action))), name,
          seconds(result.nanoseconds));
      break;
    case StepOutcome::failed:
      say(out_, "{}{} {}: {}\n", head, paint("31", "failed"), name,
          visible(result.error ? result.error->message() : result.reason));
      break;
    case StepOutcome::skipped:
      say(out_, "{}{} {}: {}\n", head, paint("33", "skipped"), name, visible(result.reason));
      break;
    case StepOutcome::not_ready:
      say(out_, "{}{} {}: {}\n", head, paint("31", "not ready"), name, visible(result.reason));
      break;
  }
  std::fflush(out_);
}

void ProgressView::plain(const ApplyEvent& event, std::int64_t now) {
  if (event.kind == ApplyEvent::Kind::finished) {
    finished_line(*event.result);
    last_ = now;
  } else if (last_ != 0 && now - last_ > heartbeat) {
    std::string what =
        rows_.empty() ? ""
                      : fmt::format("; {} waits for {}", visible(plan_.changes[rows_.begin()->first].address),
                                    visible(rows_.begin()->second.waits_for));
    say(out_, "[{}/{}] still at work: {} in flight{}\n", finished_, plan_.changes.size(), rows_.size(), what);
    std::fflush(out_);
    last_ = now;
  } else if (last_ == 0) {
    last_ = now;
  }
}

void ProgressView::draw(std::int64_t now, bool always) {
  if (!always && now - last_ < redraw_pause) return;
  last_ = now;
  close();
  std::size_t shown = 0;
  for (const auto& [step, row] : rows_) {
    if (shown == most_rows) break;
    const Change& change = plan_.changes[step];
    std::string what =
        row.waits_for.empty() ? std::string(to_string(change.action)) : "waits for " + visible(row.waits_for);
    say(out_, "  {}  {}  {}\n", visible(change.address), what, seconds(now - row.began));
    ++shown;
  }
  say(out_, "  {} of {} done, {} in flight\n", finished_, plan_.changes.size(), rows_.size());
  drawn_ = shown + 1;
  std::fflush(out_);
}

void ProgressView::close() {
  for (; drawn_ > 0; --drawn_) say(out_, "\x1b[1A\x1b[2K");
  std::fflush(out_);
}

namespace {

/// What was not begun, one error a cause however many steps it cost.
std::string skipped_text(const Run& run, const SourceMap& sources, Color color) {
  constexpr std::size_t shown = 10;
  std::map<std::string, std::vector<const StepResult*>> causes;
  for (const StepResult& step : run.steps) {
    if (step.outcome == StepOutcome::skipped && step.error) causes[step.reason].push_back(&step);
  }
  std::string out;
  for (const auto& [reason, steps] : causes) {
    Diagnostic error = steps.front()->error->diagnostic();
    error.address = steps.front()->address;
    for (std::size_t i = 1; i < std::min(shown, steps.size()); ++i)
      error.notes.push_back(fmt::format("nor was `{}`", steps[i]->address));
    if (steps.size() > shown) error.notes.push_back(fmt::format("nor were {} more", steps.size() - shown));
    out += to_text(error, sources, color) + "\n";
  }
  return out;
}

}  // namespace

std::string run_errors(const Plan& plan, const Run& run, const SourceMap& sources, Color color) {
  std::string out;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const StepResult& step = run.steps[i];
    bool told = step.outcome == StepOutcome::skipped ||
                (run.broken && step.error && step.error->message() == run.broken->message());
    if (!step.error || told) continue;
    Diagnostic error = step.error->diagnostic();
    const Written& declared = plan.changes[i].declared;
    if (error.labels.empty() && !declared.file.empty())
      error.notes.push_back(fmt::format("declared at {}:{}", declared.file, declared.line));
    out += to_text(error, sources, color) + "\n";
  }
  out += skipped_text(run, sources, color);
  if (run.broken) out += to_text(run.broken->diagnostic(), sources, color) + "\n";
  return out;
}

std::string run_text(const Plan& plan, const Run& run) {
  std::string out;
  std::size_t done = run.count(StepOutcome::done);
  std::size_t failed = run.count(StepOutcome::failed);
  std::size_t skipped = run.count(StepOutcome::skipped);
  std::size_t waiting = run.count(StepOutcome::not_ready);
  out += fmt::format("{}: {} of {} steps done",
                     run.interrupted ? "Interrupted" : (plan.destroy ? "Destroyed" : "Applied"), done,
                     run.steps.size());
  if (run.recorded > 0) out += fmt::format(", {} recorded", run.recorded);
  if (failed > 0) out += fmt::format(", {} failed", failed);
  if (waiting > 0) out += fmt::format(", {} not ready", waiting);
  if (skipped > 0) out += fmt::format(", {} skipped", skipped);
  out += fmt::format(".  run {}\n", run.id);
  bool rest = failed + skipped + waiting > 0 || run.broken;
  if (rest)
    out += fmt::format("To go on, once the cause is gone:  carbon {}\n", plan.destroy ? "destroy" : "apply");
  return out;
}

}  // namespace carbon
