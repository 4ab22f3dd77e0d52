#include "cli/views/lock_view.h"

#include <fmt/format.h>

#include "base/diagnostic_text.h"
#include "base/utc_time.h"
#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

namespace {

constexpr const char* lock_format = "1.0";

}  // namespace

std::string lock_text(const StoreName& name, const LockState& state) {
  if (!state.held) return fmt::format("free  {}\n", name.text());
  const LockHolder& holder = state.holder;
  std::string line = fmt::format("held  {}  by {}", name.text(), visible(holder.by));
  if (holder.process > 0) line += fmt::format(", process {}", holder.process);
  if (!holder.command.empty()) line += fmt::format(", `carbon {}`", visible(holder.command));
  if (holder.since > 0) line += fmt::format(", since {}", utc_time(holder.since));
  if (state.expires_in > 0) line += fmt::format(", expires in {} s unless renewed", state.expires_in);
  line += holder.run.empty() ? ", no run begun" : fmt::format(", run {}", visible(holder.run));
  return line + "\n";
}

std::string lock_json(const StoreName& name, const LockState& state) {
  using document::field;
  using document::text;
  std::vector<Entry> row{field("platform", text(name.platform)), field("environment", text(name.environment)),
                         field("world", text(name.world)), field("place", text(state.place)),
                         field("held", Value::boolean(state.held))};
  if (state.held) {
    const LockHolder& holder = state.holder;
    row.push_back(field("by", text(holder.by)));
    row.push_back(field("command", text(holder.command)));
    row.push_back(field("process", Value::integer(holder.process)));
    row.push_back(field("run", text(holder.run)));
    if (state.expires_in > 0) row.push_back(field("expires_in", Value::integer(state.expires_in)));
    row.push_back(field("since", text(holder.since > 0 ? utc_time(holder.since) : "")));
  }
  return to_json(Value::record({field("format_version", text(lock_format)),
                                field("locks", Value::list({Value::record(std::move(row))}))}),
                 JsonStyle::indented) +
         "\n";
}

}  // namespace carbon
