#include "platform/store/store.h"

#include <fmt/core.h>

#include <algorithm>

namespace carbon {

namespace {

bool same_event(const JournalEvent& a, const JournalEvent& b) {
  return a.run == b.run && a.kind == b.kind && a.address == b.address && a.operation == b.operation &&
         a.token == b.token && a.uid == b.uid && a.detail == b.detail && a.wall_clock == b.wall_clock;
}

bool same_entry(const InventoryEntry& a, const InventoryEntry& b) {
  return encode_entry(a) == encode_entry(b);
}

}  // namespace

bool same_content(const StoreContent& a, const StoreContent& b) {
  return a.generation == b.generation && std::ranges::equal(a.entries, b.entries, same_entry) &&
         std::ranges::equal(a.events, b.events, same_event) && a.used_plans == b.used_plans &&
         a.kept_plan == b.kept_plan;
}

Error moved_away(const std::string& place, const std::string& moved_to) {
  return Error(DiagnosticCode::inventory_damaged,
               fmt::format("the inventory in {} was moved to {}", place, moved_to))
      .help(
          "write in the platform where it is kept now: `inventory postgres PROVIDER`, `inventory kubernetes "
          "PROVIDER` or `inventory sqlite \"DIR\"`")
      .help("`carbon inventory move` moves it back");
}

}  // namespace carbon
