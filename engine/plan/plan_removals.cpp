// What is owned and no longer declared.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <queue>

#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/plan/losses.h"
#include "engine/plan/owned_fields.h"
#include "engine/plan/plan_builder.h"

namespace carbon {

namespace {

constexpr std::uint32_t least_budget = 5;
constexpr std::size_t budget_percent = 5;

/// `platform.carbon:22` as the inventory keeps it.
Written read_place(std::string_view text) {
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {std::string(text), 0};
  Written place{std::string(text.substr(0, colon)), 0};
  std::string_view digits = text.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), place.line);
  return place;
}

}  // namespace

bool PlanBuilder::declared(const Address& address) const {
  if (options_.destroy) return false;
  std::uint32_t index = graph_.find(address);
  return index != ResourceGraph::npos && graph_.resource(index).mode == ResourceMode::managed;
}

std::string PlanBuilder::object_key(std::string_view type, std::string_view provider, const Value& identity) {
  return fmt::format("{}\n{}\n{}", type, provider, encode_value(identity));
}

/// As the last apply remembered it, or as a block says that is still there to be destroyed.
bool PlanBuilder::is_protected(const InventoryEntry& entry) const {
  std::uint32_t index = graph_.find(entry.address);
  bool says_so = index != ResourceGraph::npos && graph_.resource(index).settings.protect;
  return entry.protect || says_so;
}

void PlanBuilder::plan_removals() {
  for (const auto& [address, entry] : inventory_.entries) {
    if (!declared(address)) plan_removal(entry);
  }
  std::ranges::sort(removals_, {}, &Change::address);  // those of replaced objects stand among them
  report_orphans();
  order_removals();
  check_limits();
}

/// The type by which an object without a block is deleted, or nullptr when nothing says any more how it is
/// reached.
const ResourceType* PlanBuilder::reachable_type(const InventoryEntry& entry) {
  const auto& providers = graph_.providers();
  bool reachable = std::any_of(providers.begin(), providers.end(),
                               [&](const Provider& one) { return one.address == entry.provider; });
  // Destroying works from an inventory alone.
  reachable = reachable || entry.provider.empty() || (options_.destroy && entry.provider_config.is_fields());
  const ResourceType* type = reachable ? options_.types.find(entry.type) : nullptr;
  if (type == nullptr) orphans_[entry.provider].push_back(&entry);
  return type;
}

/// Nothing can be deleted through a server that is not there any more.
bool PlanBuilder::server_is_gone(const Address& provider) const {
  auto same = [&](const Provider& one) { return one.address == provider; };
  auto found = std::ranges::find_if(graph_.providers(), same);
  if (found == graph_.providers().end()) return false;
  return std::ranges::any_of(found->served_by, [&](const Address& server) {
    auto live = live_.objects.find(server);
    return live != live_.objects.end() && live->second.presence == Presence::absent;
  });
}

void PlanBuilder::plan_removal(const InventoryEntry& entry) {
  static const LiveObject never_asked;
  Because because = why_removed(entry);
  if (because == Because::kept)
    return add_removal(entry, options_.types.find(entry.type), Action::release, "");
  if (wrong_targets_.contains(entry.provider)) return block(entry.address);
  const ResourceType* type = reachable_type(entry);
  if (type == nullptr) return block(entry.address);
  if (!declared_.empty()) {
    auto now = declared_.find(object_key(entry.type, entry.provider, entry.identity));
    if (now != declared_.end())
      return add_removal(entry, type, Action::release, fmt::format("now `{}`", now->second));
  }
  auto found = live_.objects.find(entry.address);
  const LiveObject& live = found == live_.objects.end() ? never_asked : found->second;
  switch (live.presence) {
    case Presence::unknown: return unreadable(entry.address, entry.provider, {}, live);
    case Presence::later:
      if (options_.destroy && server_is_gone(entry.provider))
        return add_removal(entry, type, Action::release, "gone with its server");
      return add_removal(entry, type, Action::later, "deleted if it is still there");
    case Presence::absent: return add_removal(entry, type, Action::release, "already gone");
    case Presence::present: break;
  }
  bool other = !entry.uid.empty() && !live.uid.empty() && entry.uid != live.uid;
  if (other) return add_removal(entry, type, Action::release, "somebody made it again: it stays");
  if (because != Because::removed && is_protected(entry)) return refuse_protected(entry);
  add_removal(entry, type, Action::delete_, "");
}

void PlanBuilder::refuse_protected(const InventoryEntry& entry) {
  if (options_.destroy) {
    refuse(DiagnosticCode::protected_resource,
           fmt::format("`{}` is protected and would be deleted", entry.address), entry)
        .helps.push_back({"take `protect` out of its block and apply, then destroy", {}});
    return;
  }
  Diagnostic& error =
      refuse(DiagnosticCode::protected_resource,
             fmt::format("`{}` is protected and its block was deleted", entry.address), entry);
  error.helps.push_back({fmt::format("to delete it, write: removed {} destroy", entry.address), {}});
  error.helps.push_back({fmt::format("to forget it, write: removed {} keep", entry.address), {}});
  error.helps.push_back({fmt::format("if it has another address now: moved {} -> …", entry.address), {}});
}

Because PlanBuilder::why_removed(const InventoryEntry& entry) const {
  if (const Removal* said = graph_.moves().removal(entry.address); said != nullptr)
    return said->destroy ? Because::removed : Because::kept;
  if (options_.destroy) return Because::destroy_requested;
  std::string_view resource = resource_of_former(entry.address);
  return !resource.empty() && declared(Address(resource)) ? Because::replaced : Because::not_declared;
}

void PlanBuilder::add_removal(const InventoryEntry& entry, const ResourceType* type, Action action,
                              std::string detail) {
  Change change;
  change.address = entry.address;
  change.action = action;
  change.because = why_removed(entry);
  change.because_detail = std::move(detail);
  change.type = entry.type;
  change.type_version = entry.type_version;
  change.provider = entry.provider;
  change.identity = entry.identity;
  change.identity_text =
      type == nullptr ? encode_value(entry.identity) : identity_text(*type, entry.identity);
  change.applied = entry.applied;
  change.data_bearing = type != nullptr && type->data_bearing;
  change.protect = entry.protect;
  change.needs = entry.needs;
  change.declared = read_place(entry.declared_at);
  auto live = live_.objects.find(entry.address);
  if (live != live_.objects.end() && live->second.presence == Presence::present) {
    change.fingerprint.present = true;
    change.fingerprint.uid = live->second.uid;
    change.fingerprint.version = live->second.version;
  }
  if (action == Action::delete_ && type != nullptr) change.was = owned_fields(*type, live->second, entry);
  if (action == Action::delete_)
    change.reversibility = change.data_bearing ? Reversibility::one_way : Reversibility::lossy;
  if (action == Action::later) change.stage = 2;
  removals_.push_back(std::move(change));
}

void PlanBuilder::report_orphans() {
  constexpr std::size_t shown = 10;
  for (const auto& [provider, entries] : orphans_) {
    bool many = entries.size() != 1;
    Diagnostic& error = sink_.error(
        DiagnosticCode::orphaned_provider,
        fmt::format("{} owned object{} can no longer be reached: provider `{}` or type `{}` is not declared",
                    entries.size(), many ? "s" : "", provider, entries.front()->type),
        {});
    error.address = entries.front()->address;
    for (std::size_t i = 0; i < std::min(shown, entries.size()); ++i) {
      const InventoryEntry& entry = *entries[i];
      error.notes.push_back(entry.declared_at.empty()
                                ? fmt::format("`{}`", entry.address)
                                : fmt::format("`{}`, declared at {}", entry.address, entry.declared_at));
    }
    if (entries.size() > shown) error.notes.push_back(fmt::format("and {} more", entries.size() - shown));
    error.helps.push_back({fmt::format("to delete {}, declare `{}` again until the delete has run",
                                       many ? "them" : "it", provider),
                           {}});
    error.helps.push_back({fmt::format("to keep {} and forget {}, write: removed {} keep",
                                       many ? "them" : "it", many ? "them" : "it", entries.front()->address),
                           {}});
  }
}

/// What needs something goes before it; ties by address. A circle in what was remembered is cut by address.
void PlanBuilder::order_removals() {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < removals_.size(); ++i) index.emplace(removals_[i].address, i);
  std::vector<std::size_t> users(removals_.size(), 0);
  auto each_need = [&](std::size_t i, auto visit) {
    for (const Address& need : removals_[i].needs) {
      auto found = index.find(need);
      if (found != index.end() && found->second != i) visit(found->second);
    }
  };
  for (std::size_t i = 0; i < removals_.size(); ++i) each_need(i, [&](std::size_t need) { ++users[need]; });
  // Removals stand in the order of their addresses, so an index compares as its address does.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (users[i] == 0) ready.push(i);
  }
  std::vector<Change> ordered;
  std::vector<bool> taken(removals_.size(), false);
  std::size_t next_left = 0;
  while (ordered.size() < removals_.size()) {
    while (ready.empty() && taken[next_left]) ++next_left;
    std::size_t at = ready.empty() ? next_left : ready.top();
    if (!ready.empty()) ready.pop();
    if (taken[at]) continue;
    taken[at] = true;
    each_need(at, [&](std::size_t need) {
      if (--users[need] == 0) ready.push(need);
    });
    ordered.push_back(removals_[at]);
  }
  removals_ = std::move(ordered);
}

void PlanBuilder::check_limits() {
  auto losing = [&](const Change& change) {
    bool loses = change.action == Action::delete_ || change.action == Action::replace;
    if (change.because == Because::replaced) loses = false;  // it is told of its replacement
    if (!loses || !change.data_bearing || may_lose_data(options_.allow_delete, change.type, change.address))
      return;
    bool replaced = change.action == Action::replace;
    Diagnostic& error =
        sink_.error(DiagnosticCode::data_bearing_delete,
                    fmt::format("`{}` bears data and would be {}: {} {}", change.address,
                                replaced ? "replaced" : "deleted", change.type, change.identity_text),
                    {});
    error.address = change.address;
    error.helps.push_back({fmt::format("if the data may go: --allow-delete {}", change.type), {}});
  };
  std::for_each(plan_.changes.begin(), plan_.changes.end(), losing);
  std::for_each(removals_.begin(), removals_.end(), losing);

  if (options_.destroy) return;
  std::size_t owned = inventory_.entries.size();
  std::size_t budget = options_.max_delete
                           ? *options_.max_delete
                           : std::max<std::size_t>(least_budget, owned * budget_percent / 100);
  auto deletes =
      static_cast<std::size_t>(std::count_if(removals_.begin(), removals_.end(), [](const Change& change) {
        return change.action == Action::delete_ && change.because != Because::replaced;
      }));
  if (deletes <= budget) return;
  Diagnostic& error = sink_.error(
      DiagnosticCode::delete_budget,
      fmt::format("{} of {} owned objects would be deleted, and at most {} may", deletes, owned, budget), {});
  constexpr std::size_t shown = 10;
  for (const Change& change : removals_) {
    bool counts = change.action == Action::delete_ && change.because != Because::replaced;
    if (!counts || error.notes.size() == shown) continue;
    if (error.address.empty()) error.address = change.address;
    bool placed = !change.declared.file.empty();
    error.notes.push_back(placed ? fmt::format("`{}`, declared at {}:{}", change.address,
                                               change.declared.file, change.declared.line)
                                 : fmt::format("`{}`", change.address));
  }
  if (deletes > shown) error.notes.push_back(fmt::format("and {} more", deletes - shown));
  error.helps.push_back({fmt::format("if this is meant: --max-delete {}", deletes), {}});
}

}  // namespace carbon
