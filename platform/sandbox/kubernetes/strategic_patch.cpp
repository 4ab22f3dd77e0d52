// Strategic merge patch: apimachinery pkg/util/strategicpatch/patch.go. Merge keys come from the schema's
// x-kubernetes-patch-merge-key; kubectl's client-side apply, edit, set and rollout send such patches.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/patches.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view order_directive = "$setElementOrder/";
constexpr std::string_view delete_directive = "$deleteFromPrimitiveList/";

Value patch_fields(const SchemaNode& schema, const Value& object, const Value& patch);

bool contains(const std::vector<Value>& items, const Value& item) {
  return std::ranges::find(items, item) != items.end();
}

/// Directives of a list are keys of its object: `$setElementOrder/ports`.
std::vector<Value> directive(const Value& patch, std::string_view prefix, std::string_view name) {
  return items_at(patch, {fmt::format("{}{}", prefix, name)});
}

/// Items in the order that the patch wants; others keep their place behind the item that they followed.
std::vector<Value> in_order(std::vector<Value> items, const std::vector<Value>& wanted,
                            std::string_view key) {
  if (wanted.empty()) return items;
  auto rank = [&](const Value& item) {
    auto found = std::ranges::find_if(wanted, [&](const Value& one) {
      return key.empty()
                 ? one == item
                 : text_at(one, {key}) == text_at(item, {key}) && int_at(one, {key}) == int_at(item, {key});
    });
    return found - wanted.begin();
  };
  auto last = static_cast<std::ptrdiff_t>(wanted.size());
  std::ranges::stable_sort(items, [&](const Value& a, const Value& b) {
    auto first = rank(a), second = rank(b);
    return first < second && first != last;
  });
  return items;
}

bool same_key(const Value& a, const Value& b, std::string_view key) {
  const Value* x = at(a, {key});
  const Value* y = at(b, {key});
  return x != nullptr && y != nullptr && *x == *y;
}

std::vector<Value> merge_records(const SchemaNode& element, std::string_view key, std::vector<Value> items,
                                 const std::vector<Value>& patches) {
  for (const Value& patch : patches) {
    std::string_view what = text_at(patch, {"$patch"});
    if (what == "replace") {
      std::vector<Value> all;
      for (const Value& other : patches) {
        if (at(other, {"$patch"}) == nullptr) all.push_back(other);
      }
      return all;
    }
    auto found = std::ranges::find_if(items, [&](const Value& item) { return same_key(item, patch, key); });
    if (what == "delete") {
      if (found != items.end()) items.erase(found);
    } else if (found == items.end()) {
      items.push_back(patch_fields(element, Value::map({}), patch));
    } else {
      *found = patch_fields(element, *found, patch);
    }
  }
  return items;
}

Value patch_list(const SchemaEntry& field, const Value& object, const Value& patch, const Value& sent) {
  std::vector<Value> items = items_at(object, {field.name});
  std::vector<Value> patches(sent.items().begin(), sent.items().end());
  std::vector<Value> order = directive(patch, order_directive, field.name);
  if (!field.merge_key.empty()) {
    return Value::list(
        in_order(merge_records(*field.node->element, field.merge_key, std::move(items), patches), order,
                 field.merge_key));
  }
  std::vector<Value> dropped = directive(patch, delete_directive, field.name);
  std::erase_if(items, [&](const Value& item) { return contains(dropped, item); });
  for (const Value& item : patches) {
    if (!contains(items, item)) items.push_back(item);
  }
  return Value::list(in_order(std::move(items), order, {}));
}

Value retained(const Value& object, const Value& patch) {
  std::vector<Value> keys = items_at(patch, {"$retainKeys"});
  if (keys.empty() || !object.is_fields()) return object;
  Value result = object;
  for (const Entry& entry : object.entries()) {
    if (!contains(keys, entry.key)) result = without(result, {entry.key.text()});
  }
  return result;
}

/// A patch that only deletes from a list or orders it has no field of the list's own name.
Value with_directive_lists(const SchemaNode& schema, Value object, const Value& patch) {
  for (const SchemaEntry& field : schema.fields) {
    if (!field.node->is_list() || patch.find(field.name) != nullptr || at(object, {field.name}) == nullptr)
      continue;
    bool named = !directive(patch, order_directive, field.name).empty() ||
                 !directive(patch, delete_directive, field.name).empty();
    if (named) object = with(object, {field.name}, patch_list(field, object, patch, Value::list({})));
  }
  return object;
}

Value patch_fields(const SchemaNode& schema, const Value& object, const Value& patch) {
  if (text_at(patch, {"$patch"}) == "replace") return without(patch, {"$patch"});
  Value result = retained(object.is_fields() ? object : Value::map({}), patch);
  for (const Entry& entry : patch.entries()) {
    std::string_view name = entry.key.text();
    if (name.starts_with('$')) continue;
    const SchemaNode* child = schema.child(name);
    const SchemaEntry* field = schema.field(name);
    bool deletes = entry.value.is_fields() && text_at(entry.value, {"$patch"}) == "delete";
    if (entry.value.is_null() || deletes) {
      result = without(result, {name});
    } else if (entry.value.is_fields() && child != nullptr) {
      const Value* old = result.find(name);
      result = with(result, {name}, patch_fields(*child, old == nullptr ? Value() : *old, entry.value));
    } else if (entry.value.is_sequence() && field != nullptr && !field->replace_list) {
      result = with(result, {name}, patch_list(*field, result, patch, entry.value));
    } else {
      result = with(result, {name}, entry.value);
    }
  }
  return with_directive_lists(schema, std::move(result), patch);
}

}  // namespace

ApiResult<Value> strategic_patched(const SchemaNode& schema, const Value& object, const Value& patch) {
  return patch_fields(schema, object, patch);
}

}  // namespace carbon::sandbox
