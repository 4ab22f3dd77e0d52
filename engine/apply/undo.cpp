#include "engine/apply/undo.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/apply/resume.h"
#include "engine/apply/undo_targets.h"
#include "engine/model/typed_path.h"
#include "engine/model/value_edit.h"
#include "engine/plan/diff.h"

namespace carbon {

namespace {

constexpr std::string_view secret_gone = "what was secret or cannot be read is not kept";

bool hides(const FieldChange& field) {
  return field.secret || (field.before && field.before->contains_secret());
}

/// Collects the opposite of each change.
class Undoing {
 public:
  Undoing(const Plan& plan, const DoneSteps& done, const Inventory& inventory, ResourceTypes& types)
      : plan_(plan), done_(done), inventory_(inventory), types_(types), targets_(plan, inventory, types) {}

  Undo run() {
    for (const Change& change : plan_.changes) {
      // What was replaced, and stays until its successor is in use, comes back with the resource itself.
      if (resource_of_former(change.address).empty()) add(change);
    }
    for (Former& former : undo_.formers) name_targets(former);
    return std::move(undo_);
  }

 private:
  void leave(const Change& change, std::string why) {
    undo_.left.push_back({change.address, std::move(why)});
  }

  /// An identity holds what its targets are called, as in any graph.
  void name_targets(Former& former) const {
    const ResourceType* type = types_.find(former.change->type);
    if (type == nullptr) return;
    Value named = targets_.with_references(former.desired, *type->schema);
    for (const FieldPath& path : type->identity) {
      const Value* called = find_at(former.desired, *type->schema, path);
      if (called != nullptr) named = with_value_at(named, *type->schema, path, called);
    }
    former.desired = std::move(named);
  }

  void add(const Change& change) {
    bool half = change.action == Action::replace && done_.has(change.address, "delete");
    if (!done_.has(change) && !half) return;
    switch (change.action) {
      case Action::create:
      case Action::later:
        if (inventory_.entries.contains(change.address)) undo_.made.push_back(&change);
        return;
      case Action::update: return add_former_fields(change);
      case Action::replace:
      case Action::delete_: return add_former_object(change);
      case Action::adopt: return leave(change, "it was taken over, and stays carbon's as it is");
      case Action::release: return leave(change, "it was let go, and nothing of it was changed");
      case Action::move:  // what the files call an object is no state of anything
      case Action::read:
      case Action::no_op: return;
    }
  }

  void add_former_object(const Change& change) {
    if (change.was.is_null()) return leave(change, std::string(secret_gone));
    undo_.formers.push_back({&change, change.was, {}, {}, change.needs});
  }

  void add_former_fields(const Change& change) {
    const ResourceType* type = types_.find(change.type);
    if (type == nullptr) return leave(change, "its type is not known any more");
    if (!change.steps.empty()) return leave(change, "its statements cannot be turned around");
    Former former{&change, change.desired, {}, {}, change.needs};
    // What was made for a field goes as a whole, items of plain lists from the end; then what was there comes
    // back, in order.
    std::set<FieldPath> gone;
    for (const FieldChange& field : change.fields) {
      if (!hides(field) && !field.before) gone.insert(made_with(field));
    }
    for (auto path = gone.rbegin(); path != gone.rend(); ++path)
      former.desired = with_value_at(former.desired, *type->schema, *path, nullptr);
    for (const FieldChange& field : change.fields) put_back(former, *type, field);
    // A reference is one field, whatever its target is called by.
    Value wanted = targets_.with_references(change.desired, *type->schema);
    for (FieldPath& path : managed_fields(*type, wanted, {}).paths()) {
      // A default that an undo has put back is not remembered either, but it was compared.
      bool compared = std::ranges::any_of(
          change.fields, [&](const FieldChange& field) { return is_within(path, field.path); });
      if (!compared && !covers(change.applied, path)) former.ignore.push_back(std::move(path));
    }
    undo_.formers.push_back(std::move(former));
  }

  /// The field, or the outermost record or item around it in which nothing was carbon's.
  static FieldPath made_with(const FieldChange& field) {
    FieldPath path = field.path;
    bool new_here = field.owner != FieldOwner::carbon && field.within < path.steps.size();
    if (new_here) path.steps.resize(field.within + 1);
    return path;
  }

  void put_back(Former& former, const ResourceType& type, const FieldChange& field) {
    std::string name = "`" + field.path.text() + "`: ";
    if (hides(field)) return leave(*former.change, name + std::string(secret_gone));
    if (!field.before) return;
    former.desired = with_value_at(former.desired, *type.schema, field.path, &*field.before);
    if (field.owner == FieldOwner::nobody) former.defaults.push_back(field.path);
    if (field.owner == FieldOwner::other)
      leave(*former.change, name + "it has its former value, but stays carbon's; it was somebody else's");
  }

  const Plan& plan_;
  const DoneSteps& done_;
  const Inventory& inventory_;
  ResourceTypes& types_;
  UndoTargets targets_;
  Undo undo_;
};

}  // namespace

Undo undo_of(const Plan& plan, const std::vector<JournalEvent>& events, const Inventory& inventory,
             ResourceTypes& types) {
  DoneSteps done(events);
  return Undoing(plan, done, inventory, types).run();
}

}  // namespace carbon
