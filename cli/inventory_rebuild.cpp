#include "cli/inventory_rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/diagnostic_text.h"
#include "engine/model/identity.h"

namespace carbon {

namespace {

using Kind = RebuildLine::Kind;

struct Words {
  std::string_view sign;
  std::string_view text;
};

Words words_of(Kind kind) {
  switch (kind) {
    case Kind::put: return {"+", "carbon made it"};
    case Kind::known: return {"=", "in the inventory already"};
    case Kind::absent: return {" ", "not there"};
    case Kind::foreign: return {"!", "refused: not made by carbon"};
    case Kind::unmarked: return {"!", "refused: its server keeps no marks"};
    case Kind::unread: return {"?", "cannot be read"};
  }
  return {};
}

Kind kind_of(const ResourceType& type, const LiveObject* live, const InventoryEntry* entry) {
  if (live == nullptr || live->presence == Presence::unknown || live->presence == Presence::later)
    return Kind::unread;
  if (live->presence == Presence::absent) return Kind::absent;
  if (entry != nullptr && entry->uid == live->uid) return Kind::known;
  if (type.transport != Transport::kubernetes) return Kind::unmarked;
  return bears_marks(*live) ? Kind::put : Kind::foreign;
}

InventoryEntry entry_of(const Change& change, const LiveObject& live, const Plan& plan) {
  InventoryEntry entry;
  entry.address = change.address;
  entry.type = change.type;
  entry.type_version = change.type_version;
  entry.provider = change.provider;
  for (const PlannedProvider& provider : plan.providers) {
    if (provider.address != change.provider) continue;
    entry.provider_config = provider.config;
    if (provider.target) entry.provider_key = provider.target->uid;
  }
  entry.identity = change.identity;
  entry.uid = live.uid;
  entry.applied = *live.managed;
  entry.protect = change.protect;
  entry.needs = change.needs;
  if (!change.declared.file.empty())
    entry.declared_at = fmt::format("{}:{}", change.declared.file, change.declared.line);
  return entry;
}

template <class T>
const T* find(const std::map<Address, T>& in, const Address& address) {
  auto found = in.find(address);
  return found == in.end() ? nullptr : &found->second;
}

}  // namespace

std::size_t Rebuild::count(RebuildLine::Kind kind) const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&](const auto& each) { return each.kind == kind; }));
}

bool bears_marks(const LiveObject& live) {
  return live.presence == Presence::present && !live.token.empty() && live.managed && !live.uid.empty();
}

Rebuild rebuild_inventory(const ResourceGraph& graph, const LiveState& live, const Plan& plan,
                          const Inventory& inventory) {
  std::map<Address, const Change*> changes;
  for (const Change& change : plan.changes) changes.emplace(change.address, &change);
  Rebuild rebuild;
  for (const Resource& resource : graph.resources()) {
    if (resource.mode != ResourceMode::managed) continue;
    const LiveObject* object = find(live.objects, resource.address);
    RebuildLine line{kind_of(*resource.type, object, find(inventory.entries, resource.address)),
                     resource.address,
                     resource.type->name,
                     identity_text(*resource.type, resource.desired),
                     object == nullptr ? "" : object->uid,
                     0};
    auto change = changes.find(resource.address);
    // What an error keeps out of the plan has no row to be made from: the error says why.
    if (line.kind == Kind::put && change == changes.end()) line.kind = Kind::unread;
    // The row of an object of another name is the only trace of that object.
    const InventoryEntry* known = find(inventory.entries, resource.address);
    if (line.kind == Kind::put && known != nullptr && !(known->identity == change->second->identity))
      line.kind = Kind::unread;
    if (line.kind == Kind::put) {
      line.fields = object->managed->paths().size();
      rebuild.put.push_back(entry_of(*change->second, *object, plan));
    }
    rebuild.lines.push_back(std::move(line));
  }
  std::sort(rebuild.lines.begin(), rebuild.lines.end(),
            [](const auto& a, const auto& b) { return a.address < b.address; });
  return rebuild;
}

std::string rebuild_text(const Rebuild& rebuild) {
  std::size_t width = 0, type_width = 0, identity_width = 0;
  for (const RebuildLine& line : rebuild.lines) {
    width = std::max(width, line.address.size());
    type_width = std::max(type_width, line.type.size());
    identity_width = std::max(identity_width, line.identity.size());
  }
  std::string out;
  for (const RebuildLine& line : rebuild.lines) {
    Words words = words_of(line.kind);
    out += fmt::format("{} {:<{}}  {:<{}}  {:<{}}  {}", words.sign, visible(line.address), width,
                       visible(line.type), type_width, visible(line.identity), identity_width, words.text);
    if (line.kind == Kind::put) out += fmt::format(", {} fields, uid {}", line.fields, visible(line.uid));
    out += "\n";
  }
  constexpr std::array<std::pair<Kind, std::string_view>, 6> told{{{Kind::put, "to write"},
                                                                   {Kind::known, "known"},
                                                                   {Kind::absent, "not there"},
                                                                   {Kind::foreign, "refused"},
                                                                   {Kind::unmarked, "without marks"},
                                                                   {Kind::unread, "not read"}}};
  std::string counts;
  for (const auto& [kind, text] : told) {
    if (std::size_t count = rebuild.count(kind); count > 0 || kind == Kind::put)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, text);
  }
  return out + fmt::format("Rows: {}. Nothing live is changed, and no row is removed.\n", counts);
}

}  // namespace carbon
