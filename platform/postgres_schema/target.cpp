#include "platform/postgres_schema/target.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/value_document.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;
using document::field;

class Keeper {
 public:
  Keeper(const SchemaCatalog& live, const SchemaCatalog& desired, const MigrationOptions& options,
         const FormerNames& former)
      : live_(live), desired_(desired), options_(options), former_(former) {}

  [[nodiscard]] Result<SchemaCatalog> target() {
    for (const SchemaObject& object : live_.objects)
      if (desired_.find(object.id) == nullptr && is_kept(object.id)) kept_.insert(object.id);
    CARBON_CHECK(drop_parts());
    SchemaCatalog out;
    out.schema = desired_.schema;
    out.server_version = live_.server_version;
    for (const SchemaObject& object : desired_.objects) {
      out.objects.push_back(object);
      const SchemaObject* live = live_.find(object.id);
      if (live != nullptr) keep_grants(*live, out.objects.back());
    }
    for (const ObjectId& id : kept_) out.objects.push_back(*live_.find(id));
    std::sort(out.objects.begin(), out.objects.end(),
              [](const SchemaObject& a, const SchemaObject& b) { return a.id < b.id; });
    return out;
  }

 private:
  /// What was applied under the name of before is what was applied.
  [[nodiscard]] bool is_owned(FieldPath path, const ObjectId& id) const {
    if (owns(path)) return true;
    if (id.parent.empty()) return false;
    std::string parent = former_.of({traits(id.object_class).parent, "", id.parent});
    if (parent == id.parent || path.steps.size() < 2) return false;
    path.steps[1].name = parent;
    return owns(path);
  }

  [[nodiscard]] bool owns(const FieldPath& path) const {
    const FieldSet* set = &options_.owned;
    for (const FieldStep& step : path.steps) {
      if (set->here()) return true;
      set = set->find(step);
      if (set == nullptr) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_kept(const ObjectId& id) const {
    return options_.unknown == Unknown::kept && !is_temporary(id) && !is_owned(path_of(id), id);
  }

  [[nodiscard]] bool remains(const ObjectId& id) const {
    return kept_.count(id) != 0 || desired_.find(id) != nullptr;
  }

  /// Whether PostgreSQL drops it silently with what it depends on.
  [[nodiscard]] static bool goes_with(const SchemaObject& object, const ObjectId& needed) {
    std::vector<ObjectId> parents = parents_of(object);
    if (std::find(parents.begin(), parents.end(), needed) != parents.end()) return true;
    bool on_columns = object.id.object_class == C::constraint || object.id.object_class == C::index ||
                      object.id.object_class == C::statistics;
    return on_columns && needed.object_class == C::column && needed.parent == object.id.parent;
  }

  [[nodiscard]] Status drop_parts() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const SchemaObject& object : live_.objects) {
        if (kept_.count(object.id) == 0) continue;
        for (const ObjectId& needed : object.depends_on) {
          if (remains(needed)) continue;
          if (!goes_with(object, needed)) return fail(in_the_way(object.id, needed));
          kept_.erase(object.id);
          changed = true;
          break;
        }
      }
    }
    return {};
  }

  [[nodiscard]] Error in_the_way(const ObjectId& id, const ObjectId& needed) const {
    return Error(
               DiagnosticCode::server_refused,
               fmt::format(
                   "{} of the schema `{}`, which carbon does not own, depends on {}, which would be dropped",
                   describe(id), live_.schema, describe(needed)))
        .help("drop it, or write it into the files of the schema");
  }

  /// Privileges that somebody else granted stay, with those of a view's columns.
  void keep_grants(const SchemaObject& live, SchemaObject& target) const {
    bool none = live.properties.find("grants") == nullptr && live.properties.find("column_grants") == nullptr;
    if (none || options_.unknown == Unknown::dropped) return;
    std::vector<Entry> entries(target.properties.entries().begin(), target.properties.entries().end());
    bool changed = false;
    for (std::string_view name : {std::string_view("grants"), std::string_view("column_grants")}) {
      const Value* former = live.properties.find(name);
      if (former == nullptr) continue;
      const Value* desired = target.properties.find(name);
      FieldPath path = path_of(live.id).then(FieldStep::field(std::string(name)));
      entries.push_back(field(name, merged(*former, desired, path, live.id)));
      changed = true;
    }
    if (changed) target.properties = Value::map(std::move(entries));
  }

  [[nodiscard]] Value merged(const Value& live, const Value* desired, const FieldPath& path,
                             const ObjectId& id) const {
    std::vector<Entry> entries;
    for (const Entry& entry : live.entries()) {
      FieldPath inner = path.then(FieldStep::field(std::string(entry.key.text())));
      const Value* wanted = desired == nullptr ? nullptr : desired->find(entry.key.text());
      if (entry.value.is_fields()) {
        Value part = merged(entry.value, wanted, inner, id);
        if (!part.entries().empty()) entries.push_back({entry.key, std::move(part)});
      } else if (wanted == nullptr && !is_owned(inner, id)) {
        entries.push_back(entry);
      }
    }
    if (desired == nullptr) return Value::map(std::move(entries));
    for (const Entry& entry : desired->entries()) {
      const Value* kept = live.find(entry.key.text());
      if (kept == nullptr || !entry.value.is_fields()) entries.push_back(entry);
    }
    return Value::map(std::move(entries));
  }

  const SchemaCatalog& live_;
  const SchemaCatalog& desired_;
  const MigrationOptions& options_;
  const FormerNames& former_;
  std::set<ObjectId> kept_;
};

}  // namespace

Result<SchemaCatalog> keep_unknown(const SchemaCatalog& live, const SchemaCatalog& desired,
                                   const MigrationOptions& options, const FormerNames& former) {
  return Keeper(live, desired, options, former).target();
}

}  // namespace carbon::postgres
