// `carbon support-bundle`: what somebody who helps has to know, in one document that can be read before it is
// given away. It is built from what may be in it, name by name, never by taking out of more. No value of a
// field, no identity, no address of a server, no message: these may quote one. BundleNames are replaced
// unless they are asked for.

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <thread>

#include "base/utc_time.h"
#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/commands/running.h"
#include "cli/version.h"
#include "engine/apply/run_history.h"
#include "stdlib/packages.h"

namespace carbon {

namespace {

using document::field;
using document::list;
using document::number;
using document::text;

constexpr std::size_t most_runs = 20;

/// Names that users chose, as `name-1` in the order in which they come; as they are where that is
/// wanted.
class BundleNames {
 public:
  explicit BundleNames(bool shown) : shown_(shown) {
    for (std::string_view name : standard_packages()) standard_.emplace(name);
  }

  Value operator()(const std::string& name) {
    if (shown_ || name.empty()) return text(name);
    auto [at, fresh] = known_.emplace(name, known_.size() + 1);
    return text(fmt::format("name-{}", at->second));
  }
  /// Of a type: those that come with carbon are nobody's secret.
  Value type(const std::string& name) {
    bool standard = name.find('.') != std::string::npos && standard_.contains(name.substr(0, name.find('.')));
    return standard ? text(name) : (*this)(name);
  }

 private:
  bool shown_;
  std::map<std::string, std::size_t> known_;
  std::set<std::string, std::less<>> standard_;
};

Value counts(const std::map<std::string, std::uint64_t>& numbers) {
  return list(numbers, [](const auto& each) {
    return Value::record({field("what", text(each.first)), field("count", number(each.second))});
  });
}

Value machine() {
  utsname system{};
  ::uname(&system);
  return Value::record({field("system", text(system.sysname)), field("release", text(system.release)),
                        field("machine", text(system.machine)),
                        field("cores", number(std::thread::hardware_concurrency()))});
}

/// Codes, since a message may quote what stands in a file.
Value diagnostics_of(const DiagnosticSink& sink) {
  std::map<std::string, std::uint64_t> codes;
  for (const Diagnostic& each : sink.all()) ++codes[std::string(to_string(each.code))];
  return counts(codes);
}

Value platform_of(const Compiled& compiled, BundleNames& names) {
  std::size_t bytes = compiled.loaded.digest_input().size();
  std::vector<Entry> row{field("bytes", number(bytes)),
                         field("diagnostics", diagnostics_of(compiled.diagnostics))};
  if (!compiled.expansion) return Value::record(std::move(row));
  const Expansion& expansion = *compiled.expansion;
  std::map<std::string, std::uint64_t> types;
  for (const Resource& resource : expansion.graph.resources())
    ++types[std::string(names.type(resource.type->name).text())];
  row.push_back(field("name", names(expansion.platform)));
  row.push_back(field("environment", names(expansion.environment)));
  row.push_back(field("world", text(expansion.world ? world_name(*expansion.world) : "")));
  row.push_back(field("providers", list(expansion.graph.providers(), [&](const Provider& provider) {
                        return Value::record({field("name", names(provider.address)),
                                              field("type", names.type(provider.type->name))});
                      })));
  row.push_back(field("resources", counts(types)));
  return Value::record(std::move(row));
}

Value inventory_of(const Inventory& inventory, BundleNames& names) {
  return Value::record(
      {field("generation", number(inventory.generation)),
       field("objects", list(inventory.entries, [&](const auto& each) {
               const InventoryEntry& entry = each.second;
               return Value::record(
                   {field("address", names(entry.address)), field("type", names.type(entry.type)),
                    field("type_version", text(entry.type_version)), field("provider", names(entry.provider)),
                    field("has_uid", Value::boolean(!entry.uid.empty())),
                    field("fields", number(entry.applied.paths().size())),
                    field("secrets", number(entry.digests.size())),
                    field("protect", Value::boolean(entry.protect)),
                    field("needs", list(entry.needs, [&](const Address& need) { return names(need); }))});
             }))});
}

Value runs_of(const std::vector<std::vector<JournalEvent>>& runs, BundleNames& names) {
  std::vector<Value> rows;
  for (std::size_t i = 0; i < runs.size() && i < most_runs; ++i) {
    RunSummary summary = summary_of_run(runs[i]);
    rows.push_back(
        Value::record({field("run", text(summary.run)), field("state", text(to_string(summary.state))),
                       field("began", text(utc_time(summary.began))),
                       field("milliseconds",
                             number(static_cast<std::uint64_t>((summary.last - summary.began) / 1'000'000))),
                       field("done", number(summary.done)), field("failed", number(summary.failed)),
                       field("open", number(summary.open)),
                       field("steps", list(steps_of_run(runs[i]), [&](const RunStep& step) {
                               return Value::record({field("address", names(step.address)),
                                                     field("operation", text(step.operation)),
                                                     field("outcome", text(step.outcome))});
                             }))}));
  }
  return Value::list(std::move(rows));
}

Status write_out(const std::string& path, const std::string& content) {
  if (path.empty()) {
    fmt::print("{}", content);
    return {};
  }
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool written =
      file >= 0 && ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  int problem = errno;
  if (file >= 0) ::close(file);
  if (written) return {};
  return fail(DiagnosticCode::file_failed, fmt::format("cannot write {}: {}", path, std::strerror(problem)));
}

}  // namespace

ExitCode run_support_bundle(const Options& options) {
  BundleNames names(options.show_names);
  std::vector<Entry> bundle{field("format_version", text("1.0")), field("carbon", text(tool_version)),
                            field("machine", machine())};
  auto compiled = compile_platform(options);
  bundle.push_back(field("platform", platform_of(*compiled, names)));
  std::string why;
  if (compiled->ok() && compiled->expansion) {
    auto opened = Pipeline::open(options, std::move(compiled), Store::Access::read);
    auto events = opened ? (*opened)->store().history() : fail(opened.error());
    auto lock = opened ? (*opened)->store().lock_state() : fail(opened.error());
    if (opened) bundle.push_back(field("inventory", inventory_of((*opened)->inventory(), names)));
    if (events) bundle.push_back(field("runs", runs_of(runs_in(std::move(*events)), names)));
    if (lock) bundle.push_back(field("lock_held", Value::boolean(lock->held)));
    if (!opened) why = to_string(opened.error().code());
  }
  bundle.push_back(field("inventory_error", text(why)));
  Status written =
      write_out(options.out_file, to_json(Value::record(std::move(bundle)), JsonStyle::indented) + "\n");
  if (!written) return report(written.error(), SourceMap(), options);
  if (!options.out_file.empty()) fmt::print("Read {} before you give it away.\n", options.out_file);
  return ExitCode::success;
}

}  // namespace carbon
