#include "platform/sandbox/kubernetes/managed_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/typed_walk.h"

namespace carbon::sandbox {

namespace {

constexpr std::size_t most_updaters = 10;

/// What nobody owns (stripmeta.go).
constexpr std::array<std::string_view, 7> stripped_metadata{
    "f:name", "f:namespace",  "f:creationTimestamp", "f:selfLink",
    "f:uid",  "f:generation", "f:resourceVersion"};

void strip_meta(PathSet& paths) {
  PathSet stripped;
  stripped.child("f:apiVersion").set_here();
  stripped.child("f:kind").set_here();
  PathSet& metadata = stripped.child("f:metadata");
  metadata.set_here();
  for (std::string_view step : stripped_metadata) metadata.child(step).set_here();
  paths = paths.without(stripped);
}

ManagerEntry* find(ManagerEntries& entries, const ManagerEntry& wanted) {
  auto found =
      std::ranges::find_if(entries, [&](const ManagerEntry& entry) { return entry.same_manager(wanted); });
  return found == entries.end() ? nullptr : &*found;
}

ManagerEntry entry_of(const Writer& writer, bool applied) {
  return {writer.manager, applied, writer.api_version, {}, writer.subresource, {}};
}

void drop_empty(ManagerEntries& entries) {
  std::erase_if(entries, [](const ManagerEntry& entry) { return entry.paths.empty(); });
}

/// The name of a manager as conflicts tell it (printManager).
std::string shown(const ManagerEntry& entry) {
  std::string name = json_quote(entry.manager);
  if (!entry.subresource.empty()) name += fmt::format(" with subresource {}", json_quote(entry.subresource));
  if (!entry.applied) name += fmt::format(" using {}", entry.api_version);
  return name;
}

ApiStatus conflict_status(const std::vector<std::pair<std::string, std::string>>& found) {
  ApiStatus status;
  status.code = 409;
  status.reason = "Conflict";
  status.has_details = true;
  std::map<std::string, std::vector<std::string>> by_manager;
  for (const auto& [manager, path] : found) {
    status.causes.push_back({"FieldManagerConflict", fmt::format("conflict with {}", manager), path});
    by_manager[manager].push_back(path);
  }
  if (found.size() == 1) {
    status.message =
        fmt::format("Apply failed with 1 conflict: conflict with {}: {}", found[0].first, found[0].second);
    return status;
  }
  std::vector<std::string> lines;
  for (const auto& [manager, paths] : by_manager) {
    lines.push_back(fmt::format("conflicts with {}:", manager));
    for (const std::string& path : paths) lines.push_back("- " + path);
  }
  status.message = fmt::format("Apply failed with {} conflicts: {}", found.size(), fmt::join(lines, "\n"));
  return status;
}

Comparison compared_without(const SchemaNode& schema, const Value& before, const Value& after,
                            const PathSet& ignored) {
  Comparison change = compared(schema, before, after);
  if (ignored.empty()) return change;
  change.added = change.added.without_subtrees(ignored);
  change.modified = change.modified.without_subtrees(ignored);
  change.removed = change.removed.without_subtrees(ignored);
  return change;
}

/// Takes what changed away from all others, or says who stands against it.
ApiResult<void> take_over(const Comparison& change, ManagerEntries& managers, const ManagerEntry& self,
                          Force force) {
  PathSet set = change.modified.united(change.added);
  std::vector<std::pair<std::string, std::string>> found;
  for (ManagerEntry& entry : managers) {
    if (entry.same_manager(self)) continue;
    PathSet clash = entry.paths.intersected(set);
    if (clash.empty()) continue;
    if (force == Force::no) {
      for (std::string& path : clash.paths()) found.emplace_back(shown(entry), std::move(path));
    } else {
      entry.paths = entry.paths.without(clash);
    }
  }
  if (!found.empty()) return refuse(conflict_status(found));
  for (ManagerEntry& entry : managers) {
    if (!entry.same_manager(self)) entry.paths = entry.paths.without(change.removed);
  }
  return {};
}

/// Removes what this manager owned before and nobody owns now (merge/update.go, prune).
Value pruned(const SchemaNode& schema, const Value& merged_object, const PathSet& last,
             const ManagerEntries& managers) {
  PathSet owned;
  for (const ManagerEntry& entry : managers) owned = owned.united(entry.paths);
  // Nothing was dropped: nothing can go. That is nearly every apply.
  if (last.without(owned).empty()) return merged_object;
  PathSet last_named = last.with_named_fields(schema);
  Value left = without_paths(schema, merged_object, last_named);
  PathSet all = paths_of(schema, merged_object).with_named_fields(schema);
  PathSet kept = paths_of(schema, left).with_named_fields(schema);
  PathSet lost = all.without(kept.united(owned.with_named_fields(schema)));
  left = without_paths(schema, merged_object, lost);
  kept = paths_of(schema, left).with_named_fields(schema);
  return without_paths(schema, merged_object, all.without(kept).intersected(last_named));
}

/// More than ten updaters: the oldest become one entry (capmanagers.go).
void cap_updaters(ManagerEntries& managers) {
  std::vector<ManagerEntry*> updaters;
  for (ManagerEntry& entry : managers) {
    if (!entry.applied && entry.subresource.empty()) updaters.push_back(&entry);
  }
  if (updaters.size() <= most_updaters) return;
  std::ranges::sort(updaters, {}, [](const ManagerEntry* e) { return std::tie(e->time, e->manager); });
  ManagerEntry bucket{"ancient-changes", false, updaters[0]->api_version, {}, {}, {}};
  for (std::size_t i = 0; i + most_updaters <= updaters.size(); ++i) {
    bucket.paths = bucket.paths.united(updaters[i]->paths);
    bucket.time = std::max(bucket.time, updaters[i]->time);
    updaters[i]->paths = {};
  }
  drop_empty(managers);
  managers.push_back(std::move(bucket));
}

/// What an ordinary write does to the entries; it never conflicts.
void track_update(const SchemaNode& schema, const Value& before, const Value& after, ManagerEntries& managers,
                  const Writer& writer) {
  Comparison change = compared_without(schema, before, after, writer.ignored);
  ManagerEntry self = entry_of(writer, false);
  ManagerEntry nobody = self;
  nobody.manager =
      "current-operation\n";  // no manager has that name: the writer's own entry is treated as others'
  (void)take_over(change, managers, nobody, Force::yes);
  self.paths = change.modified.united(change.added);
  strip_meta(self.paths);
  if (!self.paths.empty()) {
    ManagerEntry* mine = find(managers, self);
    if (mine == nullptr) mine = &managers.emplace_back(entry_of(writer, false));
    mine->paths = mine->paths.united(self.paths);
    mine->time = writer.now;
  }
  drop_empty(managers);
  cap_updaters(managers);
}

}  // namespace

bool ManagerEntry::same_manager(const ManagerEntry& other) const {
  return manager == other.manager && applied == other.applied && subresource == other.subresource &&
         (applied || api_version == other.api_version);
}

ManagerEntries managers_of(const Value& object) {
  ManagerEntries entries;
  for (const Value& item : items_at(object, {"metadata", "managedFields"})) {
    ManagerEntry entry;
    entry.manager = text_at(item, {"manager"});
    entry.applied = text_at(item, {"operation"}) == "Apply";
    entry.api_version = text_at(item, {"apiVersion"});
    entry.time = text_at(item, {"time"});
    entry.subresource = text_at(item, {"subresource"});
    if (const Value* paths = at(item, {"fieldsV1"})) entry.paths = PathSet::from_fields_v1(*paths);
    if (!entry.paths.empty()) entries.push_back(std::move(entry));
  }
  return entries;
}

Value with_managers(const Value& object, ManagerEntries entries) {
  if (entries.empty()) return without(object, {"metadata", "managedFields"});
  std::ranges::sort(entries, {}, [](const ManagerEntry& e) {
    return std::tuple(!e.applied, std::string_view(e.time), std::string_view(e.manager),
                      std::string_view(e.api_version), std::string_view(e.subresource));
  });
  std::vector<Value> items;
  for (const ManagerEntry& entry : entries) {
    std::vector<std::pair<std::string_view, Value>> item{
        {"apiVersion", text(entry.api_version)},
        {"fieldsType", text("FieldsV1")},
        {"fieldsV1", entry.paths.to_fields_v1()},
        {"manager", text(entry.manager)},
        {"operation", text(entry.applied ? "Apply" : "Update")}};
    if (!entry.subresource.empty()) item.emplace_back("subresource", text(entry.subresource));
    if (!entry.time.empty()) item.emplace_back("time", text(entry.time));
    items.push_back(fields(std::move(item)));
  }
  return with(object, {"metadata", "managedFields"}, Value::list(std::move(items)));
}

ApiResult<Applied> apply_config(const SchemaNode& schema, const Value& blank, const Value& live,
                                const Value& config, ManagerEntries managers, const Writer& writer,
                                Force force) {
  if (managers.empty()) {
    Writer before = writer;
    before.manager = "before-first-apply";
    track_update(schema, blank, live, managers, before);
  }
  Value object = merged(schema, live, config);
  ManagerEntry self = entry_of(writer, true);
  ManagerEntry* mine = find(managers, self);
  if (mine == nullptr) mine = &managers.emplace_back(self);
  PathSet last = std::exchange(mine->paths, paths_of(schema, config).without_subtrees(writer.ignored));
  mine->api_version = writer.api_version;
  object = pruned(schema, object, last, managers);
  Comparison change = compared_without(schema, live, object, writer.ignored);
  if (auto taken = take_over(change, managers, self, force); !taken) return refuse(taken.error());
  mine = find(managers, self);
  strip_meta(mine->paths);
  bool changed = !change.same();
  if (changed) mine->time = writer.now;
  drop_empty(managers);
  return Applied{changed ? std::move(object) : live, changed, std::move(managers)};
}

ManagerEntries managers_after_update(const SchemaNode& schema, const Value& before, const Value& after,
                                     ManagerEntries managers, const Writer& writer, Age age) {
  if (managers.empty() && age == Age::existing) return managers;
  track_update(schema, before, after, managers, writer);
  return managers;
}

}  // namespace carbon::sandbox
