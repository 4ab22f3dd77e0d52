#include <fmt/core.h>

#include <set>

#include "base/diagnostic_text.h"
#include "cli/commands/running.h"
#include "cli/inventory_rebuild.h"
#include "cli/stores.h"
#include "cli/views/lock_view.h"
#include "platform/secrets/secrets.h"

namespace carbon {

namespace {

struct RunCounts {
  std::set<std::string> all;
  std::set<std::string> open;
};

RunCounts runs_of(const std::vector<JournalEvent>& events) {
  RunCounts runs;
  for (const JournalEvent& event : events) {
    runs.all.insert(event.run);
    if (event.kind == JournalKind::begin) runs.open.insert(event.run);
    if (event.kind == JournalKind::end) runs.open.erase(event.run);
  }
  return runs;
}

Status show(const Options& options, const StorePlace& place) {
  auto store = CARBON_TRY(open_store(options, place, Store::Access::read));
  StoreContent content = CARBON_TRY(store->content());
  LockState lock = CARBON_TRY(store->lock_state());
  RunCounts runs = runs_of(content.events);
  fmt::print("inventory   {}\n", place.name.text());
  fmt::print("kept in     {}\n", visible(store->place()));
  fmt::print("generation  {}\n", content.generation);
  fmt::print("objects     {}\n", content.entries.size());
  fmt::print("runs        {}, {} open\n", runs.all.size(), runs.open.size());
  fmt::print("lock        {}", lock_text(place.name, lock));
  return {};
}

Error occupied(const Store& target) {
  return Error(DiagnosticCode::inventory_occupied,
               fmt::format("{} holds an inventory of the same name already", visible(target.place())))
      .note("what it names and what is moved there are not the same; neither is changed")
      .help("name another place, or move that one away first");
}

/// The key that secrets are compared with goes along, so that the first plan afterwards compares them.
Status move_key(const StoreName& name, Store& source, Store& target) {
  std::string own = CARBON_TRY(load_or_make_key(digest_key_file(name)));
  auto shared = CARBON_TRY(source.shared_key(own));
  auto now = CARBON_TRY(target.shared_key(shared ? *shared : own));
  return !now && shared ? store_key(digest_key_file(name), *shared) : Status();
}

Status move(const Options& options, const Compiled& compiled, const StorePlace& here) {
  if (here.world == World::sandbox) {
    return fail(
        Error(DiagnosticCode::bad_usage, "the sandbox's inventory is always in the sandbox's own folder")
            .help("`--world live` moves that of the live world"));
  }
  StorePlace there = CARBON_TRY(other_place(compiled, options.inventory_to, options.cluster));
  auto source = CARBON_TRY(open_store(options, here, Store::Access::write));
  if (there.text() == here.text()) {
    fmt::print("The inventory is in {} already.\n", visible(source->place()));
    return {};
  }
  auto target = CARBON_TRY(open_store(options, there, Store::Access::move_here));
  StoreContent content = CARBON_TRY(source->content());
  StoreContent present = CARBON_TRY(target->content());
  bool superseded = !CARBON_TRY(target->moved_to()).empty();
  // A move that was killed in the middle has everything there, and is only to be ended.
  bool copied = !superseded && same_content(content, present);
  if (!superseded && !copied && !present.empty()) return fail(occupied(*target));
  CARBON_CHECK(move_key(here.name, *source, *target));
  if (!copied) CARBON_CHECK(target->take_over(content));
  CARBON_CHECK(source->retire(target->place()));
  RunCounts runs = runs_of(content.events);
  fmt::print("Moved {} objects and {} runs, {} of them open, from {} to {}.\n", content.entries.size(),
             runs.all.size(), runs.open.size(), visible(source->place()), visible(target->place()));
  fmt::print("Write in the platform where it is kept now; the former place is refused from now on.\n");
  return {};
}

ExitCode rebuild(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_settled_pipeline(options, code);
  if (pipeline == nullptr) return code;
  Rebuild rebuild = pipeline->plan_rebuild();
  fmt::print("{}", rebuild_text(rebuild));
  bool complete = rebuild.count(RebuildLine::Kind::foreign) + rebuild.count(RebuildLine::Kind::unmarked) +
                      rebuild.count(RebuildLine::Kind::unread) ==
                  0;
  if (!complete) print_diagnostics(pipeline->diagnostics(), pipeline->sources(), options.color);
  if (!rebuild.put.empty()) {
    if (!confirmed(options, "Write these rows?")) return ExitCode::error;
    Status written = pipeline->store().update(rebuild.put, {});
    if (!written) return report(written.error(), pipeline->sources(), options);
    fmt::print("{} rows are written.\n", rebuild.put.size());
  }
  if (complete) return ExitCode::success;
  return rebuild.put.empty() ? ExitCode::error : ExitCode::partial;
}

/// Every row against the object that it names; nothing is written. Rows that agree are only counted.
ExitCode verify(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  const std::map<Address, InventoryEntry>& entries = pipeline->inventory().entries;
  std::map<Address, LiveObject> objects = pipeline->look_at_owned();
  std::size_t there = 0;
  for (const auto& [address, entry] : entries) {
    const LiveObject& live = objects.at(address);
    bool same = entry.uid.empty() || live.uid.empty() || entry.uid == live.uid;
    if (live.presence == Presence::present && same) {
      ++there;
      continue;
    }
    std::string row = fmt::format("{}  {}", visible(address), visible(entry.type));
    if (live.presence == Presence::absent) {
      fmt::print("-  {}  is gone\n", row);
    } else if (live.presence == Presence::present) {
      fmt::print("!  {}  is another object: its uid is {}, the record has {}\n", row, visible(live.uid),
                 visible(entry.uid));
    } else {
      fmt::print("?  {}  cannot be read: {}\n", row,
                 visible_line(live.why ? live.why->message() : std::string("it was not asked for")));
    }
  }
  fmt::print("{} of {} rows name an object that is there and is carbon's.\n", there, entries.size());
  return there == entries.size() ? ExitCode::success : ExitCode::error;
}

}  // namespace

ExitCode run_inventory(const Options& options) {
  if (options.subcommand == "rebuild") return rebuild(options);
  if (options.subcommand == "verify") return verify(options);
  ExitCode code = ExitCode::success;
  auto compiled = compile_or_leave(options, code);
  if (compiled == nullptr) return code;
  auto place = store_place(*compiled, options.cluster);
  if (!place) return report(place.error(), SourceMap(), options);
  Status done = options.subcommand == "move" ? move(options, *compiled, *place) : show(options, *place);
  return done ? ExitCode::success : report(done.error(), SourceMap(), options);
}

}  // namespace carbon
