#include "platform/store/lock_holder.h"

#include <fmt/core.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "base/diagnostic_text.h"
#include "base/utc_time.h"
#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

namespace {

using document::field;
using document::text;

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Ticks since boot at which a process began: field 22 of its `stat`. Empty when there is no such process.
std::string start_of(std::int64_t process) {
  std::string line = first_line(fmt::format("/proc/{}/stat", process));
  std::size_t at = line.rfind(')');  // the program's name may hold anything
  if (at == std::string::npos) return {};
  constexpr int fields_behind_name = 20;
  for (int field = 0; field < fields_behind_name && at != std::string::npos; ++field)
    at = line.find(' ', at + 1);
  if (at == std::string::npos) return {};
  return line.substr(at + 1, line.find(' ', at + 1) - at - 1);
}

/// A machine since it was started, and in it the group of processes whose ids mean something to each other.
std::string this_boot() {
  std::array<char, 64> name{};
  ssize_t length = ::readlink("/proc/self/ns/pid", name.data(), name.size());
  std::string processes(name.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return first_line("/proc/sys/kernel/random/boot_id") + " " + processes;
}

std::string word_of(const Value& row, std::string_view name) {
  const Value* value = row.find(name);
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
}

std::int64_t number_of(const Value& row, std::string_view name) {
  const Value* value = row.find(name);
  return value != nullptr && value->kind() == ValueKind::integer ? value->as_int() : 0;
}

}  // namespace

std::string LockHolder::name() const {
  if (!run.empty()) return run;
  return process > 0 ? fmt::format("{}", process) : "";
}

std::string this_account() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  std::array<char, 1024> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  bool known =
      ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  std::string user = known ? entry.pw_name : fmt::format("{}", ::geteuid());
  return user + "@" + host.data();
}

LockHolder this_holder(std::string command, std::int64_t now) {
  LockHolder holder;
  holder.by = this_account();
  holder.command = std::move(command);
  holder.since = now;
  holder.boot = this_boot();
  holder.process = ::getpid();
  holder.process_start = start_of(holder.process);
  return holder;
}

namespace {

bool is_of_here(const LockHolder& holder) {
  return holder.process > 0 && !holder.process_start.empty() && holder.boot == this_boot();
}

}  // namespace

bool lives_here(const LockHolder& holder) {
  return is_of_here(holder) && start_of(holder.process) == holder.process_start;
}

bool died_here(const LockHolder& holder) {
  return is_of_here(holder) && start_of(holder.process) != holder.process_start;
}

std::string encode_holder(const LockHolder& holder) {
  return to_json(
      Value::record({field("by", text(holder.by)), field("command", text(holder.command)),
                     field("run", text(holder.run)), field("since", Value::integer(holder.since)),
                     field("boot", text(holder.boot)), field("process", Value::integer(holder.process)),
                     field("process_start", text(holder.process_start))}));
}

LockHolder decode_holder(const std::string& written) {
  LockHolder holder;
  Result<Value> row = parse_json(written);
  if (!row || !row->is_fields()) {
    // What carbon wrote before there were records: `process 4711`.
    holder.by = written.empty() ? "a process that did not say its name" : written.substr(0, 100);
    return holder;
  }
  holder.by = word_of(*row, "by");
  holder.command = word_of(*row, "command");
  holder.run = word_of(*row, "run");
  holder.since = number_of(*row, "since");
  holder.boot = word_of(*row, "boot");
  holder.process = number_of(*row, "process");
  holder.process_start = word_of(*row, "process_start");
  return holder;
}

Error lock_held_error(const LockHolder& holder, const std::string& place, Duration waited) {
  std::string message = fmt::format("the inventory is locked by {}", visible(holder.by));
  if (!holder.command.empty()) message += fmt::format(", who runs `carbon {}`", visible(holder.command));
  if (holder.since > 0) message += fmt::format(" since {}", utc_time(holder.since));
  Error error(DiagnosticCode::lock_held, std::move(message));
  if (holder.process > 0) error = std::move(error).note(fmt::format("that is process {}", holder.process));
  if (!holder.run.empty())
    error = std::move(error).note(fmt::format("it has begun run {}", visible(holder.run)));
  if (waited.nanoseconds > 0) error = std::move(error).note(fmt::format("waited {} for it", waited.text()));
  return std::move(error)
      .note("the lock is " + place)
      .help(
          "wait with `--lock-timeout 10m`; the lock goes with its holder. `carbon lock break` takes it away");
}

Error lock_lost_error(const std::string& place) {
  return Error(DiagnosticCode::lock_lost, "the lock was taken from this run; it writes nothing more")
      .note("the lock is " + place)
      .help(
          "`carbon lock list` shows who has it now; `carbon apply` settles what this run had begun by "
          "looking");
}

}  // namespace carbon
