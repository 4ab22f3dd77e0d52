#include "cli/views/run_view.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/diagnostic_text.h"
#include "base/utc_time.h"
#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

constexpr const char* run_format = "1.0";
constexpr std::int64_t second = 1'000'000'000;

double seconds_between(std::int64_t began, std::int64_t last) {
  return static_cast<double>(std::max<std::int64_t>(last - began, 0)) / static_cast<double>(second);
}

struct About {
  std::string plan;
  std::string by;
  std::string carbon;
  std::string resumes;  ///< the run that it goes on with
  std::string undoes;   ///< the run that it takes back
};

/// Runs of an earlier carbon say nothing of themselves.
About about_of(const RunSummary& run) {
  About made;
  Result<Value> said = parse_json(run.about);
  if (!said || !said->is_fields()) return made;
  auto word = [&](std::string_view name) {
    const Value* value = said->find(name);
    return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
  };
  return {word("plan"), word("by"), word("carbon"), word("resumes"), word("undoes")};
}

std::string counts_text(const RunSummary& run) {
  std::string made = fmt::format("{} done", run.done);
  if (run.failed != 0) made += fmt::format(", {} failed", run.failed);
  if (run.open != 0) made += fmt::format(", {} open", run.open);
  return made;
}

std::vector<Entry> row_of(const RunSummary& run) {
  About about = about_of(run);
  return {
      field("run", text(run.run)),
      field("state", text(to_string(run.state))),
      field("began", text(utc_time(run.began))),
      field("seconds", Value::floating(seconds_between(run.began, run.last))),
      field("plan", text(about.plan)),
      field("by", text(about.by)),
      field("carbon", text(about.carbon)),
      field("resumes", text(about.resumes)),
      field("undoes", text(about.undoes)),
      field("done", number(run.done)),
      field("failed", number(run.failed)),
      field("open", number(run.open)),
  };
}

Value row_of(const RunStep& step) {
  return Value::record({
      field("address", text(step.address)),
      field("operation", text(step.operation)),
      field("outcome", text(step.outcome)),
      field("began", text(utc_time(step.began))),
      field("seconds", Value::floating(seconds_between(step.began, step.last))),
  });
}

std::string what_next(const RunSummary& run, const std::vector<RunStep>& steps) {
  if (run.state == RunState::open)
    return "The run has not ended. If it was killed, `carbon apply` settles what is open by looking at the "
           "objects.\n";
  auto failed =
      std::ranges::find_if(steps, [](const RunStep& step) { return step.outcome.starts_with('C'); });
  if (failed == steps.end()) return {};
  return fmt::format("`carbon explain {}` says what that means; `carbon plan` shows what is left to do.\n",
                     visible(failed->outcome));
}

}  // namespace

std::string runs_text(const std::vector<RunSummary>& runs) {
  if (runs.empty()) return "No run is on record.\n";
  std::string out;
  for (const RunSummary& run : runs) {
    About about = about_of(run);
    out += fmt::format("{}  {}  {:<11}  {:>7.1f}s  {}{}{}\n", visible(run.run), utc_time(run.began),
                       to_string(run.state), seconds_between(run.began, run.last), counts_text(run),
                       about.plan.empty() ? "" : "  " + visible(about.plan),
                       about.by.empty() ? "" : "  " + visible(about.by));
  }
  return out;
}

std::string runs_json(const std::vector<RunSummary>& runs) {
  Value made = Value::record(
      {field("format_version", text(run_format)),
       field("runs", list(runs, [](const RunSummary& run) { return Value::record(row_of(run)); }))});
  return to_json(made, JsonStyle::indented) + "\n";
}

std::string run_text(const RunSummary& run, const std::vector<RunStep>& steps) {
  About about = about_of(run);
  std::string out = fmt::format("run {}  {}  {}  {:.1f}s\n", visible(run.run), to_string(run.state),
                                utc_time(run.began), seconds_between(run.began, run.last));
  if (!about.plan.empty())
    out +=
        fmt::format("{}  by {}  carbon {}\n", visible(about.plan), visible(about.by), visible(about.carbon));
  if (!about.resumes.empty()) out += fmt::format("goes on with run {}\n", visible(about.resumes));
  if (!about.undoes.empty()) out += fmt::format("takes back run {}\n", visible(about.undoes));
  std::size_t address = 0;
  std::size_t operation = 0;
  for (const RunStep& step : steps) {
    address = std::max(address, step.address.size());
    operation = std::max(operation, step.operation.size());
  }
  out += "\n";
  for (const RunStep& step : steps) {
    out += fmt::format("  {:<{}}  {:<{}}  {:<7}  {:>6.1f}s\n", visible(step.operation), operation,
                       visible(step.address), address, visible(step.outcome),
                       seconds_between(step.began, step.last));
  }
  return out + fmt::format("\n{}\n", counts_text(run)) + what_next(run, steps);
}

std::string run_json(const RunSummary& run, const std::vector<RunStep>& steps) {
  std::vector<Entry> row = row_of(run);
  row.push_back(field("steps", list(steps, [](const RunStep& step) { return row_of(step); })));
  Value made =
      Value::record({field("format_version", text(run_format)), field("run", Value::record(std::move(row)))});
  return to_json(made, JsonStyle::indented) + "\n";
}

}  // namespace carbon
