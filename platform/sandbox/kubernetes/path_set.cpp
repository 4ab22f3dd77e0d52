#include "platform/sandbox/kubernetes/path_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "base/value_json.h"

namespace carbon::sandbox {

namespace {

auto place_of(const std::vector<PathSet::Child>& children, std::string_view step) {
  return std::lower_bound(
      children.begin(), children.end(), step,
      [](const PathSet::Child& child, std::string_view wanted) { return child.step < wanted; });
}

std::string value_text(const Value& value) { return to_json(value); }

}  // namespace

PathSet& PathSet::child(std::string_view step) {
  // Steps mostly come in order.
  if (children_.empty() || children_.back().step < step)
    return children_.emplace_back(Child{std::string(step), {}}).set;
  auto place = place_of(children_, step);
  std::size_t index = static_cast<std::size_t>(place - children_.begin());
  if (place != children_.end() && place->step == step) return children_[index].set;
  return children_.insert(place, Child{std::string(step), {}})->set;
}

const PathSet* PathSet::find(std::string_view step) const {
  auto place = place_of(children_, step);
  return place != children_.end() && place->step == step ? &place->set : nullptr;
}

void PathSet::tidy(std::string_view step) {
  auto place = place_of(children_, step);
  if (place != children_.end() && place->step == step && place->set.empty()) children_.erase(place);
}

PathSet PathSet::united(const PathSet& other) const {
  PathSet both = *this;
  both.here_ = here_ || other.here_;
  for (const Child& from : other.children_) {
    PathSet& mine = both.child(from.step);
    mine = mine.empty() ? from.set : mine.united(from.set);
  }
  return both;
}

PathSet PathSet::intersected(const PathSet& other) const {
  PathSet both;
  both.here_ = here_ && other.here_;
  for (const Child& mine : children_) {
    const PathSet* theirs = other.find(mine.step);
    if (theirs == nullptr) continue;
    PathSet shared = mine.set.intersected(*theirs);
    if (!shared.empty()) both.children_.push_back({mine.step, std::move(shared)});
  }
  return both;
}

PathSet PathSet::without(const PathSet& other) const {
  PathSet rest;
  rest.here_ = here_ && !other.here_;
  for (const Child& mine : children_) {
    const PathSet* theirs = other.find(mine.step);
    PathSet left = theirs == nullptr ? mine.set : mine.set.without(*theirs);
    if (!left.empty()) rest.children_.push_back({mine.step, std::move(left)});
  }
  return rest;
}

PathSet PathSet::without_subtrees(const PathSet& other) const {
  if (other.here_) return {};
  PathSet rest;
  rest.here_ = here_;
  for (const Child& mine : children_) {
    const PathSet* theirs = other.find(mine.step);
    PathSet left = theirs == nullptr ? mine.set : mine.set.without_subtrees(*theirs);
    if (!left.empty()) rest.children_.push_back({mine.step, std::move(left)});
  }
  return rest;
}

PathSet PathSet::with_named_fields(const SchemaNode& schema) const {
  PathSet all;
  all.here_ = here_;
  for (const Child& mine : children_) {
    bool field = mine.step.starts_with("f:");
    std::string_view name = std::string_view(mine.step).substr(2);
    const SchemaNode* inner = field ? schema.child(name) : schema.element;
    PathSet below = inner == nullptr ? mine.set : mine.set.with_named_fields(*inner);
    if (field && schema.field(name) != nullptr) below.here_ = true;
    all.children_.push_back({mine.step, std::move(below)});
  }
  return all;
}

Value PathSet::to_fields_v1() const {
  std::vector<Entry> entries;
  if (here_ && !children_.empty()) entries.push_back({Value::string("."), Value::map({})});
  for (const Child& mine : children_) entries.push_back({Value::string(mine.step), mine.set.to_fields_v1()});
  return Value::map(std::move(entries));
}

PathSet PathSet::from_fields_v1(const Value& fields) {
  PathSet set;
  if (!fields.is_fields()) return set;
  for (const Entry& entry : fields.entries()) {
    if (entry.key.text() == ".") {
      set.here_ = true;
    } else {
      PathSet below = from_fields_v1(entry.value);
      if (below.children_.empty()) below.here_ = true;
      set.child(entry.key.text()) = std::move(below);
    }
  }
  return set;
}

std::vector<std::string> PathSet::paths() const {
  std::vector<std::string> found;
  collect({}, found);
  return found;
}

void PathSet::collect(const std::string& prefix, std::vector<std::string>& into) const {
  for (const Child& mine : children_) {
    if (mine.set.here_) into.push_back(prefix + step_text(mine.step));
  }
  for (const Child& mine : children_) {
    if (mine.set.has_children()) mine.set.collect(prefix + step_text(mine.step), into);
  }
}

std::string step_text(std::string_view step) {
  std::string_view rest = step.substr(2);
  if (step.starts_with("f:")) return fmt::format(".{}", rest);
  if (step.starts_with("v:")) return fmt::format("[={}]", rest);
  if (step.starts_with("i:")) return fmt::format("[{}]", rest);
  std::vector<std::string> parts;
  if (Result<Value> key = parse_json(rest); key && key->is_fields()) {
    for (const Entry& entry : key->entries())
      parts.push_back(fmt::format("{}={}", entry.key.text(), value_text(entry.value)));
  }
  return fmt::format("[{}]", fmt::join(parts, ","));
}

}  // namespace carbon::sandbox
