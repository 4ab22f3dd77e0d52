#include "engine/plan/diff_walk.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <unordered_set>

#include "engine/expr/cron.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"
#include "engine/plan/value_digests.h"

namespace carbon {

namespace {

const Type& json_type() {
  static const Type type{};
  return type;
}

const Type& element_of(const Type& type) { return type.element == nullptr ? json_type() : *type.element; }

const Value* present(const Value* value) { return value == nullptr || value->is_null() ? nullptr : value; }

/// A name in a path reads back as a key when it needs quotes; both mean the same field.
std::string_view name_of(const FieldStep& step) {
  return step.kind == FieldStep::Kind::key && step.key.size() == 1 ? step.key.front() : step.name;
}

bool holds(const std::vector<FieldPath>& paths, const FieldPath& path) {
  return std::any_of(paths.begin(), paths.end(), [&](const FieldPath& one) {
    return one.steps.size() == path.steps.size() && one == path;
  });
}

bool is_secret_type(const Type& type) {
  return type.kind == TypeKind::secret ||
         (type.kind == TypeKind::optional && type.element != nullptr && is_secret_type(*type.element));
}

bool spelled_by_type(ValueKind kind) {
  return kind == ValueKind::quantity || kind == ValueKind::duration || kind == ValueKind::blob ||
         kind == ValueKind::set;
}

/// The API types of Kubernetes itself leave an empty list or map out of what they store (`omitempty`), so it
/// says nothing there; a custom resource keeps it. A record without fields stays: `emptyDir: {}` is a choice.
bool left_out_when_empty(const ResourceType& type, TypePtr field, const Value& desired) {
  if (type.transport != Transport::kubernetes || !type.name.starts_with("k8s.") || field == nullptr)
    return false;
  const Type& plain = plain_type(*field);
  if (plain.kind == TypeKind::map) return desired.is_fields() && desired.entries().empty();
  bool sequence = plain.kind == TypeKind::list || plain.kind == TypeKind::set;
  return sequence && desired.is_sequence() && desired.items().empty();
}

/// Nothing, as Go's API types have it: left out where a field is no pointer, kept where it is one.
bool is_zero(const Value& value) {
  if (value.kind() == ValueKind::boolean) return !value.as_bool();
  if (value.kind() == ValueKind::integer) return value.as_int() == 0;
  return value.is_string() && value.text().empty();
}

/// A ConfigMap or a Secret whose content the API server will never change again, because it says so itself.
bool says_immutable(const ResourceType& type, const Value& live) {
  const Value* said = live.find("immutable");
  bool has_it = type.name == "k8s.ConfigMap" || type.name == "k8s.Secret";
  return has_it && said != nullptr && said->kind() == ValueKind::boolean && said->as_bool();
}

}  // namespace

void DiffWalk::run() {
  const Value* live = nullptr;
  if (object_exists()) {
    view_ = live_view(in_.type, in_.live->object, in_.desired);
    live = &view_;
  }
  frozen_ = live != nullptr && says_immutable(in_.type, *live);
  walk({in_.desired, live, *in_.type.schema, in_.applied, {}});
  std::move(removals_.begin(), removals_.end(), std::back_inserter(out_.fields));
}

bool DiffWalk::object_exists() const {
  return in_.live != nullptr && in_.live->presence == Presence::present;
}

/// Everything but metadata: `data`, `binaryData`, `stringData`, and `immutable` itself.
bool DiffWalk::frozen(std::string_view name) const {
  return frozen_ && path_.steps.empty() && name != "metadata";
}

/// The server stores nothing for a value that says nothing. Of a zero it is known only where carbon's manager
/// holds the field: it was sent, and is not there.
bool DiffWalk::left_out(TypePtr field, const Value& desired) const {
  if (left_out_when_empty(in_.type, field, desired)) return true;
  return object_exists() && is_zero(desired) && in_.live->managed && covers(*in_.live->managed, path_);
}

bool DiffWalk::ignored() const { return in_.ignore != nullptr && holds(*in_.ignore, path_); }

/// Whether the live content here, or something in it, came from a secret that carbon applied.
bool DiffWalk::was_secret() const {
  if (in_.remembered_digests == nullptr || in_.remembered_digests->empty()) return false;
  std::string here = path_.text();
  auto at = in_.remembered_digests->lower_bound(here);
  return at != in_.remembered_digests->end() && at->first.starts_with(here);
}

void DiffWalk::walk(Place place) {
  // `ignore` fields are set at create and never compared later.
  if (object_exists() && ignored()) return;
  if (place.desired.origin() != 0) place.marks.origin = place.desired.origin();
  if (place.live != nullptr) place.marks.write_only = false;  // it can be read after all
  if (is_secret_type(place.type)) place.marks.secret = true;
  if (place.desired.is_null()) return absent_leaf(place);
  if (place.desired.is_secret()) return secret_leaf(place);
  if (place.desired.is_unknown()) return change(place, place.desired);
  const Type& type = type_of(place.type, place.desired);
  bool exact = type.kind == TypeKind::map && type.atomic && !place.desired.contains_secret();
  if (place.desired.is_fields() && !exact) return fields(place, type);
  if (place.desired.kind() == ValueKind::list && type.kind != TypeKind::set && !type.unordered) {
    return type.keys.empty() ? items(place, type) : keyed_items(place, type);
  }
  bool merged_set = type.kind == TypeKind::set && place.desired.is_sequence() && !type.atomic &&
                    in_.type.transport == Transport::kubernetes && !place.desired.contains_unknown();
  merged_set ? members(place, type) : leaf(place, type);
}

namespace {

/// The field names of a value, for many questions: a record looks through all of its fields for each.
class Names {
 public:
  explicit Names(const Value& fields) : fields_(fields) {
    constexpr std::size_t few = 16;
    if (fields.kind() != ValueKind::record || fields.entries().size() <= few) return;
    for (const Entry& entry : fields.entries()) names_.insert(entry.key.text());
  }
  [[nodiscard]] bool contain(std::string_view name) const {
    return names_.empty() ? fields_.find(name) != nullptr : names_.contains(name);
  }

 private:
  const Value& fields_;
  std::unordered_set<std::string_view> names_;
};

}  // namespace

void DiffWalk::fields(const Place& place, const Type& type) {
  if (place.live != nullptr && !place.live->is_fields()) return leaf(place, type);
  if (place.desired.entries().empty() && !path_.steps.empty()) {
    place.live == nullptr ? change(place, place.desired) : same(place.desired, *place.live);
  }
  for (const Entry& entry : place.desired.entries()) field(place, type, entry);
  if (place.applied == nullptr) return;
  Names declared(place.desired);
  for (const auto& [step, applied] : place.applied->children()) {
    if (!declared.contain(name_of(step))) remove_child(step, applied, place, type);
  }
}

void DiffWalk::field(const Place& outer, const Type& type, const Entry& entry) {
  std::string_view name = entry.key.text();
  const FieldType* known = type.kind == TypeKind::record ? type.field(name) : nullptr;
  Marks marks = outer.marks;
  marks.server_default = false;
  if (entry.key.origin() != 0) marks.origin = entry.key.origin();
  if (known != nullptr) {
    if (has(known->flags, FieldFlag::computed) && !has(known->flags, FieldFlag::derived)) return;
    marks.immutable |= has(known->flags, FieldFlag::immutable);
    marks.secret |= has(known->flags, FieldFlag::sensitive);
    marks.write_only |= has(known->flags, FieldFlag::write_only);
    marks.server_default = has(known->flags, FieldFlag::server_default);
    marks.immutable |= frozen(name);
  }
  path_.steps.push_back(FieldStep::field(std::string(name)));
  if (object_exists() && holds(in_.type.identity, path_)) {
    ++out_.unchanged;  // the object was found by it
  } else {
    const FieldSet* applied = outer.applied == nullptr ? nullptr : outer.applied->find(path_.steps.back());
    TypePtr below = known != nullptr ? known->type : (type.open != nullptr ? type.open : type.element);
    const Value* live = outer.live == nullptr ? nullptr : present(outer.live->find(name));
    if (outer.live != nullptr && live == nullptr && known != nullptr && left_out(known->type, entry.value)) {
      ++out_.unchanged;
      fold(quiet::nothing_in_it);
    } else {
      walk({entry.value, live, below == nullptr ? json_type() : *below, applied, marks});
    }
  }
  path_.steps.pop_back();
}

void DiffWalk::keyed_items(const Place& place, const Type& type) {
  if (place.live != nullptr && !place.live->is_sequence()) return leaf(place, type);
  if (place.desired.items().empty()) {
    place.live == nullptr ? change(place, place.desired) : same(place.desired, *place.live);
  }
  std::map<FieldStep, std::size_t, FieldSet::Less> where;
  if (place.live != nullptr) {
    std::span<const Value> there = place.live->items();
    // A key that stands twice in live data is tolerated: the first item counts, as in the server's own merge.
    for (std::size_t i = 0; i < there.size(); ++i) where.emplace(item_step(type, there[i], i), i);
  }
  std::set<FieldStep, FieldSet::Less> wanted;
  std::size_t last = 0;
  bool in_order = true;
  std::span<const Value> items = place.desired.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    FieldStep step = item_step(type, items[i], i);
    auto found = where.find(step);
    if (found != where.end()) {
      in_order = in_order && found->second >= last;
      last = found->second;
    }
    const FieldSet* applied = place.applied == nullptr ? nullptr : place.applied->find(step);
    const Value* live = found == where.end() ? nullptr : &place.live->items()[found->second];
    path_.steps.push_back(step);
    walk({items[i], live, element_of(type), applied, place.marks});
    path_.steps.pop_back();
    wanted.insert(std::move(step));
  }
  if (!in_order) fold(quiet::order);
  if (place.applied == nullptr) return;
  for (const auto& [step, applied] : place.applied->children()) {
    if (!wanted.contains(step)) remove_child(step, applied, place, type);
  }
}

/// A list without keys is one value; but where only items differ, the plan names these.
void DiffWalk::items(const Place& place, const Type& type) {
  std::span<const Value> items = place.desired.items();
  bool comparable =
      place.live != nullptr && place.live->is_sequence() && place.live->items().size() == items.size();
  if (!comparable) return change(place, place.desired);
  if (items.empty()) return same(place.desired, *place.live);
  // Items without fields are not remembered one by one: who applied the list has applied them.
  bool whole = place.applied != nullptr && place.applied->here() && place.applied->children().empty();
  for (std::size_t i = 0; i < items.size(); ++i) {
    path_.steps.push_back(FieldStep::at(i));
    const FieldSet* applied = place.applied;
    if (applied != nullptr && !whole) applied = applied->find(path_.steps.back());
    walk({items[i], present(&place.live->items()[i]), element_of(type), applied, place.marks});
    path_.steps.pop_back();
  }
}

/// A set that the server merges by member: others' members stay.
void DiffWalk::members(const Place& place, const Type& type) {
  if (place.live != nullptr && !place.live->is_sequence()) return leaf(place, type);
  Value wanted = normal_form(place.desired, type);
  Value there = place.live == nullptr ? Value::set({}) : normal_form(*place.live, type);
  if (wanted.items().empty()) {
    place.live == nullptr ? change(place, place.desired) : same(wanted, there);
  }
  for (const Value& member : wanted.items()) {
    std::span<const Value> live = there.items();
    bool found = std::any_of(live.begin(), live.end(), [&](const Value& one) { return one == member; });
    path_.steps.push_back(FieldStep::of(member));
    found ? same(member, member)
          : change({member, nullptr, element_of(type), place.applied, place.marks}, member);
    path_.steps.pop_back();
  }
  if (place.applied == nullptr) return;
  std::span<const Value> members = wanted.items();
  for (const auto& [step, applied] : place.applied->children()) {
    const Value& removed = step.member;
    bool declared =
        std::any_of(members.begin(), members.end(), [&](const Value& one) { return one == removed; });
    if (!declared) remove_child(step, applied, place, type);
  }
}

void DiffWalk::leaf(const Place& place, const Type& type) {
  if (object_exists() && place.marks.write_only && place.live == nullptr) return secret_leaf(place);
  if (place.live == nullptr || place.desired.contains_unknown()) return change(place, place.desired);
  if (place.desired.contains_secret()) {  // in a set: there is no path to keep its digest under
    ++out_.unchanged;
    return fold(quiet::not_compared);
  }
  if (place.desired.kind() == ValueKind::reference && same_reference(place)) {
    ++out_.unchanged;
    return;
  }
  Value wanted = normal_form(place.desired, type);
  if (wanted == normal_form(*place.live, type)) return same(wanted, *place.live);
  change(place, place.desired);
}

void DiffWalk::absent_leaf(const Place& place) {
  if (place.live == nullptr) {
    ++out_.unchanged;
    return;
  }
  if (place.marks.server_default && place.applied == nullptr) {
    ++out_.unchanged;
    return fold(quiet::server_default);
  }
  out_.removed.push_back(path_);
  change(place, std::nullopt);
}

/// What a reference is on the server: the target's only identity field, or a record of all of them.
bool DiffWalk::same_reference(const Place& place) const {
  Value identity = in_.identity ? in_.identity(place.desired.text()) : Value();
  const Value* inner = &identity;
  while (!(*inner == *place.live)) {
    if (!inner->is_fields() || inner->entries().size() != 1) return false;
    inner = &inner->entries().front().value;
  }
  return true;
}

const std::string* DiffWalk::known_digest(const Place& place, const std::string& field) const {
  auto in = [&](const DigestMap* digests) -> const std::string* {
    auto found = digests == nullptr ? DigestMap::const_iterator{} : digests->find(field);
    return digests == nullptr || found == digests->end() ? nullptr : &found->second;
  };
  const std::string* live = place.live == nullptr ? nullptr : in(in_.live_digests);
  return live != nullptr ? live : in(in_.remembered_digests);
}

void DiffWalk::secret_leaf(const Place& place) {
  Place hidden = place;
  hidden.marks.secret = true;
  bool unreadable = place.live == nullptr && !place.marks.write_only;
  bool open = place.desired.contains_unknown() || (in_.awaited && in_.awaited(place.desired));
  if (!object_exists() || unreadable || open) return change(hidden, place.desired);
  std::string field = path_.text();
  auto wanted =
      in_.desired_digests == nullptr ? DigestMap::const_iterator{} : in_.desired_digests->find(field);
  if (in_.desired_digests == nullptr || wanted == in_.desired_digests->end()) {
    ++out_.unchanged;
    return fold(quiet::not_compared);
  }
  const std::string* known = known_digest(place, field);
  // An object that is taken over may have it as it is written: nobody can tell, and replacing it would be no
  // adoption.
  if (in_.remembered_digests == nullptr && place.marks.write_only && place.marks.immutable) {
    ++out_.unchanged;
    return fold(quiet::not_compared);
  }
  if (known == nullptr || *known != wanted->second) return change(hidden, place.desired);
  ++out_.unchanged;
}

void DiffWalk::remove_child(const FieldStep& step, const FieldSet& applied, const Place& outer,
                            const Type& type) {
  if (outer.live == nullptr) return;
  const Value* live = present(find_at(*outer.live, type, FieldPath{{step}}));
  if (live == nullptr) return;
  Marks marks = outer.marks;
  marks.origin = 0;
  const FieldType* known = type.kind == TypeKind::record ? type.field(name_of(step)) : nullptr;
  if (known != nullptr) {
    marks.immutable |= has(known->flags, FieldFlag::immutable);
    marks.secret |= has(known->flags, FieldFlag::sensitive);
    marks.immutable |= frozen(name_of(step));
  }
  TypePtr below = step_type(type, step);
  path_.steps.push_back(step);
  if (!ignored() && !holds(in_.type.identity, path_)) {
    const Type& inner = below == nullptr ? json_type() : *below;
    bool item = !type.keys.empty() && step.kind == FieldStep::Kind::key;
    item ? remove_here(*live, inner, marks) : remove(applied, *live, inner, marks);
  }
  path_.steps.pop_back();
}

void DiffWalk::remove(const FieldSet& applied, const Value& live, const Type& declared, const Marks& marks) {
  const Type& type = type_of(declared, live);
  // Only a leaf, or a list owned as one value, goes as a whole: the rest of a record may be somebody else's.
  bool whole = applied.children().empty() || live.is_sequence();
  if (applied.here() && whole) return remove_here(live, declared, marks);
  for (const auto& [step, child] : applied.children()) {
    remove_child(step, child, {live, &live, type, &applied, marks}, type);
  }
}

void DiffWalk::remove_here(const Value& live, const Type& type, const Marks& marks) {
  if (in_.live->managed && !covers(*in_.live->managed, path_)) return fold(quiet::taken_over);
  FieldChange made;
  made.path = path_;
  made.immutable = marks.immutable;
  made.secret = marks.secret || is_secret_type(type) || was_secret();
  if (!made.secret) made.before = masked(live, type);
  explain(made, nullptr);
  removals_.push_back(std::move(made));
  out_.removed.push_back(path_);
}

namespace {

/// The change of a value whose type has words for it: a cron schedule. Empty where it has none.
std::string in_words(const FieldChange& change, const Type& type) {
  if (plain_type(type).checked != CheckedString::cron) return {};
  auto words = [](const std::optional<Value>& value) {
    return value && value->is_string() ? describe_cron(value->text()) : std::string();
  };
  std::string before = words(change.before);
  std::string after = words(change.after);
  if (before.empty() || after.empty()) return after;
  return before + " -> " + after;
}

}  // namespace

void DiffWalk::change(const Place& place, std::optional<Value> after) {
  if (after && after->contains_unknown()) out_.has_open = true;
  FieldChange made;
  made.path = path_;
  made.immutable = place.marks.immutable;
  made.secret = place.marks.secret || (place.live != nullptr && was_secret());
  if (!made.secret) {
    if (place.live != nullptr) made.before = masked(*place.live, place.type);
    made.after = std::move(after);
    made.words = in_words(made, place.type);
  }
  if (in_.locate && place.marks.origin != 0) made.written = in_.locate(place.marks.origin);
  explain(made, place.applied);
  // A list that was applied as a whole has no nodes of its items.
  bool ours = place.applied != nullptr || (in_.applied != nullptr && covers(*in_.applied, path_));
  if (object_exists() && !ours) {
    bool others = place.live != nullptr && !writer_here().empty();
    made.owner = others ? FieldOwner::other : FieldOwner::nobody;
    made.within = applied_steps();
  }
  out_.fields.push_back(std::move(made));
}

void DiffWalk::same(const Value& desired, const Value& live) {
  ++out_.unchanged;
  if (!spelled_by_type(desired.kind())) return;
  bool as_sent = normal_form(desired, json_type()) == live;
  if (!as_sent) fold(desired.is_sequence() ? quiet::order : quiet::spelling);
}

void DiffWalk::explain(FieldChange& made, const FieldSet* applied) const {
  made.writer = applied == nullptr ? std::string() : writer_here();
  if (!made.writer.empty()) {
    made.cause = FieldCause::drift;
  } else if (object_exists() && !made.secret) {
    made.cause = cause_of(in_, view_, path_);
  }
}

std::uint32_t DiffWalk::applied_steps() const {
  const FieldSet* at = in_.applied;
  std::uint32_t steps = 0;
  for (const FieldStep& step : path_.steps) {
    at = at == nullptr ? nullptr : at->find(step);
    if (at == nullptr) break;
    ++steps;
  }
  return steps;
}

/// Who holds the field: another writer, unless carbon's manager does.
std::string DiffWalk::writer_here() const {
  if (!object_exists()) return {};
  if (in_.live->managed && covers(*in_.live->managed, path_)) return {};
  for (const ForeignWriter& writer : in_.live->writers) {
    if (!covers(writer.fields, path_)) continue;
    return writer.time.empty() ? writer.manager : writer.manager + " at " + writer.time;
  }
  return {};
}

}  // namespace carbon
