#include "platform/sandbox/kubernetes/typed_walk.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/value_json.h"

namespace carbon::sandbox {

namespace {

enum class Shape : std::uint8_t { leaf, fields, items };

bool is_empty(const Value* value) {
  if (value == nullptr || value->is_null()) return true;
  if (value->is_fields()) return value->entries().empty();
  return value->is_sequence() && value->items().empty();
}

const Value* present(const Value* value) { return value == nullptr || value->is_null() ? nullptr : value; }

/// How a place is walked: atomic places and scalars as one leaf. Places without a schema follow the value:
/// objects are granular, lists atomic ("deduced").
Shape shape_of(const SchemaNode& schema, const Value* one, const Value* other) {
  if (schema.atomic || schema.is_scalar()) return Shape::leaf;
  if (schema.kind == NodeKind::json) {
    bool objects =
        (present(one) == nullptr || one->is_fields()) && (present(other) == nullptr || other->is_fields());
    return objects && (present(one) != nullptr || present(other) != nullptr) ? Shape::fields : Shape::leaf;
  }
  return schema.is_list() ? Shape::items : Shape::fields;
}

const SchemaNode& child_schema(const SchemaNode& schema, std::string_view name) {
  const SchemaNode* child = schema.child(name);
  return child == nullptr ? schema : *child;
}

std::string field_step(std::string_view name) {
  std::string step = "f:";
  step += name;
  return step;
}

/// Items of an associative list with their steps, in order; of equal steps the first counts.
struct Indexed {
  std::vector<std::string> steps;
  std::unordered_map<std::string_view, const Value*> by_step;

  Indexed(const SchemaNode& list, const Value* value) {
    if (value == nullptr || !value->is_sequence()) return;
    auto items = value->items();
    steps.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) steps.push_back(item_step(list, items[i], i));
    for (std::size_t i = 0; i < items.size(); ++i) by_step.emplace(steps[i], &items[i]);
  }
  [[nodiscard]] const Value* find(std::string_view step) const {
    auto found = by_step.find(step);
    return found == by_step.end() ? nullptr : found->second;
  }
};

/// Calls `each(name, before, after)` for every key of either object, in order of names.
template <class Each>
void zip_fields(const Value* before, const Value* after, const Each& each) {
  std::span<const Entry> a, b;
  if (before != nullptr && before->is_fields()) a = before->entries();
  if (after != nullptr && after->is_fields()) b = after->entries();
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    int order = i == a.size() ? 1 : j == b.size() ? -1 : a[i].key.text().compare(b[j].key.text());
    std::string_view name = order <= 0 ? a[i].key.text() : b[j].key.text();
    each(name, order <= 0 ? &a[i].value : nullptr, order >= 0 ? &b[j].value : nullptr);
    if (order <= 0) ++i;
    if (order >= 0) ++j;
  }
}

void collect_paths(const SchemaNode& schema, const Value& value, PathSet& into) {
  switch (shape_of(schema, &value, nullptr)) {
    case Shape::leaf: into.set_here(); return;
    case Shape::fields:
      if (!value.is_fields()) return;
      for (const Entry& entry : value.entries()) {
        std::string_view name = entry.key.text();
        PathSet& below = into.child(field_step(name));
        collect_paths(child_schema(schema, name), entry.value, below);
        bool empty_object = entry.value.is_fields() && entry.value.entries().empty();
        if (entry.value.is_null() || empty_object || schema.field(name) == nullptr) below.set_here();
        into.tidy(field_step(name));
      }
      return;
    case Shape::items:
      if (!value.is_sequence()) return;
      for (std::size_t i = 0; i < value.items().size(); ++i) {
        PathSet& below = into.child(item_step(schema, value.items()[i], i));
        collect_paths(*schema.element, value.items()[i], below);
        below.set_here();
      }
      return;
  }
}

class Comparer {
 public:
  struct Sets {
    PathSet& added;
    PathSet& modified;
    PathSet& removed;
  };

  static void compare(const SchemaNode& schema, const Value* before, const Value* after, Sets sets) {
    Shape shape = shape_of(schema, before, after);
    bool leaf = shape == Shape::leaf || (is_empty(before) && is_empty(after));
    if (leaf) {
      if (before != nullptr && after != nullptr && !(*before == *after)) sets.modified.set_here();
    } else if (shape == Shape::fields) {
      zip_fields(before, after, [&](std::string_view name, const Value* a, const Value* b) {
        below(sets, field_step(name), child_schema(schema, name), a, b);
      });
    } else {
      items(schema, before, after, sets);
    }
    if (before == nullptr) sets.added.set_here();
    if (after == nullptr) sets.removed.set_here();
  }

 private:
  static void below(Sets sets, const std::string& step, const SchemaNode& schema, const Value* a,
                    const Value* b) {
    if (a != nullptr && b != nullptr && *a == *b) return;
    compare(schema, a, b, {sets.added.child(step), sets.modified.child(step), sets.removed.child(step)});
    sets.added.tidy(step);
    sets.modified.tidy(step);
    sets.removed.tidy(step);
  }

  static void items(const SchemaNode& schema, const Value* before, const Value* after, Sets sets) {
    Indexed old_items(schema, before);
    Indexed new_items(schema, after);
    for (const std::string& step : new_items.steps) {
      below(sets, step, *schema.element, old_items.find(step), new_items.find(step));
    }
    for (const std::string& step : old_items.steps) {
      if (new_items.find(step) == nullptr) below(sets, step, *schema.element, old_items.find(step), nullptr);
    }
  }
};

/// nullptr for either side: absent there.
std::optional<Value> merge(const SchemaNode& schema, const Value* live, const Value* config);

std::optional<Value> merge_fields(const SchemaNode& schema, const Value* live, const Value* config) {
  std::vector<Entry> out;
  zip_fields(live, config, [&](std::string_view name, const Value* a, const Value* b) {
    std::optional<Value> value = b == nullptr ? *a : merge(child_schema(schema, name), a, b);
    if (value) out.push_back({Value::string(name), *std::move(value)});
  });
  return Value::map(std::move(out));
}

/// The order of structured-merge-diff's merge.go (visitListItems): live order, new items where the
/// configuration has them relative to the shared ones.
class ListMerge {
 public:
  ListMerge(const SchemaNode& schema, const Value* live, const Value* config)
      : schema_(schema), live_(schema, live), config_(schema, config) {
    if (live != nullptr) live_items_ = live->items();
    for (const std::string& step : config_.steps) {
      if (live_.find(step) != nullptr) shared_.push_back(step);
    }
  }

  std::optional<Value> run() {
    std::size_t l = 0, r = 0;
    while (l < live_.steps.size() || r < config_.steps.size()) {
      if (l < live_.steps.size() && r < config_.steps.size()) {
        const std::string& step = live_.steps[l];
        if (step == config_.steps[r]) {
          take(step);
          ++l, ++r, ++next_;
          continue;
        }
        if (config_.find(step) != nullptr && next_ < shared_.size() && shared_[next_] != step) {
          ++l;
          continue;
        }
      }
      if (l < live_.steps.size()) {
        const std::string& step = live_.steps[l];
        if (config_.find(step) == nullptr) {
          out_.push_back(live_items_[l++]);
          continue;
        }
        if (done_.contains(step)) ++l;
      }
      if (r < config_.steps.size()) {
        const std::string& step = config_.steps[r++];
        take(step);
        if (next_ < shared_.size() && shared_[next_] == step) ++next_;
      }
    }
    if (out_.empty()) return std::nullopt;
    return Value::list(std::move(out_));
  }

 private:
  void take(const std::string& step) {
    done_.emplace(step, true);
    std::optional<Value> item = merge(*schema_.element, live_.find(step), config_.find(step));
    if (item) out_.push_back(*std::move(item));
  }

  const SchemaNode& schema_;
  Indexed live_, config_;
  std::span<const Value> live_items_;
  std::vector<std::string> shared_;
  std::size_t next_ = 0;
  std::map<std::string, bool, std::less<>> done_;
  std::vector<Value> out_;
};

std::optional<Value> merge(const SchemaNode& schema, const Value* live, const Value* config) {
  if (config == nullptr) return live == nullptr ? std::nullopt : std::optional(*live);
  Shape shape = shape_of(schema, live, config);
  if (shape == Shape::leaf || (is_empty(live) && is_empty(config))) return *config;
  if (shape == Shape::fields) return merge_fields(schema, present(live), present(config));
  return ListMerge(schema, present(live), present(config)).run();
}

/// nullopt: nothing is left of it.
std::optional<Value> remove(const SchemaNode& schema, const Value& value, const PathSet& paths) {
  switch (shape_of(schema, &value, nullptr)) {
    case Shape::leaf: return value;
    case Shape::fields: {
      if (!value.is_fields()) return value;
      std::vector<Entry> out;
      for (const Entry& entry : value.entries()) {
        const PathSet* below = paths.find(field_step(entry.key.text()));
        if (below == nullptr) {
          out.push_back(entry);
        } else if (!below->here()) {
          auto left = remove(child_schema(schema, entry.key.text()), entry.value, *below);
          out.push_back({entry.key, left.value_or(Value())});
        }
      }
      if (out.empty()) return std::nullopt;
      return Value::map(std::move(out));
    }
    case Shape::items: {
      if (!value.is_sequence()) return value;
      std::vector<Value> out;
      for (std::size_t i = 0; i < value.items().size(); ++i) {
        const PathSet* below = paths.find(item_step(schema, value.items()[i], i));
        if (below == nullptr) {
          out.push_back(value.items()[i]);
        } else if (!below->here()) {
          out.push_back(remove(*schema.element, value.items()[i], *below).value_or(Value()));
        }
      }
      if (out.empty()) return std::nullopt;
      return Value::list(std::move(out));
    }
  }
  return value;
}

}  // namespace

std::string item_step(const SchemaNode& list, const Value& item, std::size_t index) {
  if (list.kind == NodeKind::set) return "v:" + to_json(item);
  if (list.keys.empty() || !item.is_fields()) return fmt::format("i:{}", index);
  std::string step = "k:{";
  for (const std::string& key : list.keys) {
    const Value* value = item.find(key);
    if (value == nullptr || value->is_null()) {
      const SchemaEntry* field = list.element->field(key);
      value = field != nullptr && field->default_value ? &*field->default_value : nullptr;
    }
    if (value == nullptr) continue;
    if (step.size() > 3) step.push_back(',');
    step += json_quote(key);
    step.push_back(':');
    step += to_json(*value);
  }
  step.push_back('}');
  return step;
}

PathSet paths_of(const SchemaNode& schema, const Value& value) {
  PathSet set;
  collect_paths(schema, value, set);
  set.clear_here();
  return set;
}

Value merged(const SchemaNode& schema, const Value& live, const Value& config) {
  return merge(schema, &live, &config).value_or(Value::map({}));
}

Comparison compared(const SchemaNode& schema, const Value& before, const Value& after) {
  Comparison result;
  Comparer::compare(schema, &before, &after, {result.added, result.modified, result.removed});
  return result;
}

Value without_paths(const SchemaNode& schema, const Value& value, const PathSet& paths) {
  return remove(schema, value, paths).value_or(Value::map({}));
}

}  // namespace carbon::sandbox
