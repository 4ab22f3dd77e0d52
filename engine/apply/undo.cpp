#include "engine/apply/undo.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/apply/resume.h"
#include "engine/model/value_edit.h"
#include "engine/plan/diff.h"

namespace carbon {

namespace {

constexpr std::string_view secret_gone = "what a secret was is not kept";

bool hides(const FieldChange& field) {
  return field.secret || (field.before && field.before->contains_secret());
}

/// Collects the opposite of each change.
class Undoing {
 public:
  Undoing(const DoneSteps& done, const Inventory& inventory, ResourceTypes& types)
      : done_(done), inventory_(inventory), types_(types) {}

  Undo run(const Plan& plan) {
    for (const Change& change : plan.changes) {
      // What was replaced, and stays until its successor is in use, comes back with the resource itself.
      if (resource_of_former(change.address).empty()) add(change);
    }
    return std::move(undo_);
  }

 private:
  void leave(const Change& change, std::string why) {
    undo_.left.push_back({change.address, std::move(why)});
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
    undo_.formers.push_back({&change, change.was, {}, change.needs});
  }

  void add_former_fields(const Change& change) {
    const ResourceType* type = types_.find(change.type);
    if (type == nullptr) return leave(change, "its type is not known any more");
    if (!change.steps.empty()) return leave(change, "its statements cannot be turned around");
    Former former{&change, change.desired, {}, change.needs};
    // Items of plain lists are told by their places: those that come back in order, those that go from the
    // end.
    std::set<FieldPath> gone;
    for (const FieldChange& field : change.fields) {
      put_back(former, *type, field);
      if (!hides(field) && goes(field)) gone.insert(made_with(field));
    }
    for (auto path = gone.rbegin(); path != gone.rend(); ++path)
      former.desired = with_value_at(former.desired, *type->schema, *path, nullptr);
    for (FieldPath& path : managed_fields(*type, change.desired, {}).paths()) {
      if (!change.applied.contains(path)) former.ignore.push_back(std::move(path));
    }
    undo_.formers.push_back(std::move(former));
  }

  /// Whether it was not there, or nobody had set it: without it the server's default is what it was.
  static bool goes(const FieldChange& field) { return !field.before || field.owner == FieldOwner::nobody; }

  /// The record or item that was made for the sake of the field, or the field.
  static FieldPath made_with(const FieldChange& field) {
    FieldPath path = field.path;
    if (!field.before && field.there < path.steps.size()) path.steps.resize(field.there + 1);
    return path;
  }

  void put_back(Former& former, const ResourceType& type, const FieldChange& field) {
    std::string name = "`" + field.path.text() + "`: ";
    if (hides(field)) return leave(*former.change, name + std::string(secret_gone));
    if (goes(field)) return;
    former.desired = with_value_at(former.desired, *type.schema, field.path, &*field.before);
    if (field.owner == FieldOwner::other)
      leave(*former.change, name + "it has its former value, but stays carbon's; it was somebody else's");
  }

  const DoneSteps& done_;
  const Inventory& inventory_;
  ResourceTypes& types_;
  Undo undo_;
};

}  // namespace

Undo undo_of(const Plan& plan, const std::vector<JournalEvent>& events, const Inventory& inventory,
             ResourceTypes& types) {
  DoneSteps done(events);
  return Undoing(done, inventory, types).run(plan);
}

}  // namespace carbon
