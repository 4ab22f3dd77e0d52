#include "platform/postgres_schema/schedule.h"

#include <fmt/core.h>

#include <algorithm>

#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"
#include "platform/postgres_schema/order.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

Error circle(const ChangeSet& changes, const std::vector<std::size_t>& circular) {
  constexpr std::size_t most_named = 6;
  std::string names;
  for (std::size_t at = 0; at < std::min(circular.size(), most_named); ++at)
    names += (at == 0 ? "`" : ", `") + describe(changes.all()[circular[at]].id()) + "`";
  if (circular.size() > most_named) names += " and others";
  return Error(DiagnosticCode::server_refused, "these objects depend on each other in a circle: " + names)
      .help("break the circle in the files, for example by a function whose body is a string");
}

/// Which drops take others with them.
class DropOrder {
 public:
  explicit DropOrder(const ChangeSet& changes) : changes_(changes), alone_(changes.all().size(), false) {}

  [[nodiscard]] Result<std::vector<std::size_t>> order() {
    Ordering::Order order = ordering().sort();
    if (!order.circular.empty()) {
      drop_parts_alone(order.circular);
      order = ordering().sort();
    }
    if (!order.circular.empty()) return fail(circle(changes_, order.circular));
    return std::move(order.sorted);
  }

 private:
  [[nodiscard]] bool is_dropped(std::size_t at) const {
    const Change& change = changes_.all()[at];
    bool inherited =
        change.live != nullptr && change.id().object_class == C::column && has(*change.live, "inherited");
    return change.gone() && !change.set_aside && !is_swapped(at, changes_) &&
           !(inherited && dropped_with(at) == at);
  }

  [[nodiscard]] bool is_gone(std::size_t at) const {
    return at != ChangeSet::none && changes_.all()[at].gone();
  }

  /// The object that takes this one with it, or itself.
  [[nodiscard]] std::size_t dropped_with(std::size_t at) const {
    const Change& change = changes_.all()[at];
    const ObjectId& id = change.id();
    if (alone_[at]) return at;
    if (id.object_class == C::sequence) return owner_of(at);
    if (id.object_class == C::sequence_owner) {
      std::size_t sequence = changes_.find({C::sequence, "", id.name});
      return is_gone(sequence) ? dropped_with(sequence) : at;
    }
    if (id.object_class == C::table && has(*change.live, "partition_of")) {
      std::size_t whole = changes_.find({C::table, "", std::string(property(*change.live, "partition_of"))});
      return is_gone(whole) ? dropped_with(whole) : at;
    }
    if (id.parent.empty()) return at;
    std::size_t parent = changes_.find({traits(id.object_class).parent, "", id.parent});
    if (is_gone(parent) && !changes_.all()[parent].set_aside) return dropped_with(parent);
    bool on_columns = id.object_class == C::constraint || id.object_class == C::index ||
                      id.object_class == C::statistics || id.object_class == C::column_default;
    if (!on_columns) return at;
    for (std::size_t needed : changes_.live_needs(at)) {
      const ObjectId& column = changes_.all()[needed].id();
      if (column.object_class == C::column && column.parent == id.parent && is_gone(needed)) return needed;
    }
    return at;
  }

  /// A sequence goes with the column that owns it.
  [[nodiscard]] std::size_t owner_of(std::size_t sequence) const {
    std::size_t owner = changes_.find({C::sequence_owner, "", changes_.all()[sequence].id().name});
    if (owner == ChangeSet::none || changes_.all()[owner].live == nullptr || alone_[owner]) return sequence;
    for (std::size_t needed : changes_.live_needs(owner)) {
      if (changes_.all()[needed].id().object_class == C::column && is_gone(needed))
        return dropped_with(needed);
    }
    return sequence;
  }

  [[nodiscard]] Ordering ordering() const {
    Ordering ordering(changes_.all().size());
    std::vector<std::size_t> with(changes_.all().size(), ChangeSet::none);
    for (std::size_t at = 0; at < with.size(); ++at) {
      if (!is_dropped(at)) continue;
      with[at] = dropped_with(at);
      auto rank = static_cast<std::uint32_t>(class_count) -
                  static_cast<std::uint32_t>(changes_.all()[at].id().object_class);
      if (with[at] == at) ordering.include(at, rank);
    }
    for (std::size_t at = 0; at < with.size(); ++at) {
      if (with[at] == ChangeSet::none) continue;
      for (std::size_t needed : changes_.live_needs(at))
        if (with[needed] != ChangeSet::none) ordering.add_need(with[needed], with[at]);
    }
    return ordering;
  }

  /// Two tables with foreign keys to each other: the keys go first.
  void drop_parts_alone(const std::vector<std::size_t>& circular) {
    static constexpr ObjectClass parts[] = {C::constraint, C::column_default, C::trigger, C::policy};
    for (std::size_t at : circular) {
      if (changes_.all()[at].id().object_class != C::table) continue;
      for (ObjectClass part : parts) {
        for (std::size_t each : parts_of(changes_, part, changes_.all()[at].id().name)) {
          const Change& change = changes_.all()[each];
          if (change.live == nullptr) continue;
          bool key = part == C::constraint && property(*change.live, "kind") != "foreign key";
          if (!key) alone_[each] = true;
        }
      }
    }
  }

  const ChangeSet& changes_;
  std::vector<bool> alone_;
};

bool takes_part(const Change& change) { return change.made() || change.kind == Change::Kind::alter; }

/// What ends the transaction, because it builds or reads without stopping writes, comes late.
std::uint32_t make_rank(const Change& change, const ChangeSet& changes) {
  constexpr std::uint32_t late = 100;
  ObjectClass object_class = change.id().object_class;
  auto rank = static_cast<std::uint32_t>(object_class);
  bool of_live_table = changes.survives({C::table, "", change.id().parent});
  if (object_class == C::column) {
    bool forbids = change.kind == Change::Kind::alter && has(*change.target, "not_null") &&
                   !has(*change.live, "not_null");
    return forbids && of_live_table ? late + rank : rank;
  }
  return change.made() && of_live_table && (object_class == C::constraint || object_class == C::index)
             ? late + rank
             : rank;
}

/// A table below another one is made with the columns that this one has then.
void follow_parent_columns(std::size_t at, const std::vector<std::size_t>& with, const ChangeSet& changes,
                           Ordering& ordering) {
  static constexpr ObjectClass parts[] = {C::column, C::column_default};
  const Change& table = changes.all()[at];
  if (table.id().object_class != C::table || !table.made()) return;
  for (std::size_t parent : changes.target_needs(at)) {
    if (changes.all()[parent].id().object_class != C::table) continue;
    for (ObjectClass part : parts)
      for (std::size_t each : parts_of(changes, part, changes.all()[parent].id().name))
        if (with[each] != ChangeSet::none) ordering.add_need(at, with[each]);
  }
}

}  // namespace

Result<std::vector<std::size_t>> drop_order(const ChangeSet& changes) { return DropOrder(changes).order(); }

Result<std::vector<std::size_t>> make_order(const ChangeSet& changes) {
  Ordering ordering(changes.all().size());
  std::vector<std::size_t> with(changes.all().size(), ChangeSet::none);
  for (std::size_t at = 0; at < with.size(); ++at) {
    if (!takes_part(changes.all()[at])) continue;
    with[at] = made_with(at, changes);
    if (with[at] == at) ordering.include(at, make_rank(changes.all()[at], changes));
  }
  for (std::size_t at = 0; at < with.size(); ++at) {
    if (with[at] == ChangeSet::none) continue;
    follow_parent_columns(at, with, changes, ordering);
    for (std::size_t needed : changes.target_needs(at))
      if (with[needed] != ChangeSet::none) ordering.add_need(with[at], with[needed]);
  }
  Ordering::Order order = ordering.sort();
  if (!order.circular.empty()) return fail(circle(changes, order.circular));
  return std::move(order.sorted);
}

std::vector<std::size_t> set_aside_order(const ChangeSet& changes) {
  Ordering ordering(changes.all().size());
  for (std::size_t at = 0; at < changes.all().size(); ++at)
    if (changes.all()[at].set_aside) ordering.include(at, 0);
  for (std::size_t at = 0; at < changes.all().size(); ++at)
    for (std::size_t needed : changes.live_needs(at)) ordering.add_need(needed, at);
  return ordering.sort().sorted;
}

}  // namespace carbon::postgres
