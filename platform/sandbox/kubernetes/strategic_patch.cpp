// Strategic merge patch: mergeMap of apimachinery pkg/util/strategicpatch/patch.go, with its errors. Merge
// keys come from the schema's x-kubernetes-patch-merge-key; kubectl's client-side apply, edit, set and
// rollout send such patches.
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/sandbox/kubernetes/element_order.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/patches.h"

namespace carbon::sandbox {

namespace {

using Items = std::vector<Value>;

constexpr std::string_view marker = "$patch";
constexpr std::string_view order_directive = "$setElementOrder";
constexpr std::string_view delete_directive = "$deleteFromPrimitiveList";
constexpr std::string_view retain_directive = "$retainKeys";

/// What a patch must know of a field: the schema below it, and whether lists are merged and by which key.
struct PatchMeta {
  const SchemaNode* node = nullptr;
  bool merges = false;
  std::string_view key;
};

ApiResult<Value> patch_fields(const SchemaNode& schema, const Value& object, const Value& patch);

Items items_of(const Value* list) {
  return list == nullptr ? Items() : Items(list->items().begin(), list->items().end());
}

ApiResult<PatchMeta> meta_of(const SchemaNode& schema, std::string_view name) {
  const SchemaNode* child = schema.child(name);
  if (child == nullptr) {
    std::string_view type = schema.name;
    type.remove_prefix(type.rfind('.') == std::string_view::npos ? 0 : type.rfind('.') + 1);
    return refuse(plain_error(
        fmt::format("unable to find api field in struct {} for the json field \"{}\"", type, name)));
  }
  const SchemaEntry* entry = schema.field(name);
  if (entry == nullptr) return PatchMeta{child, false, {}};
  return PatchMeta{child, !entry->replace_list, entry->merge_key};
}

/// A value that nothing stood for before: without nulls, and without what a directive is in. Nothing when it
/// is a directive itself.
std::optional<Value> taken(const Value& value) {
  if (value.is_fields()) {
    if (value.find(marker) != nullptr) return std::nullopt;
    Value kept = Value::map({});
    for (const Entry& entry : value.entries()) {
      if (entry.value.is_null()) continue;
      if (auto inner = taken(entry.value)) kept = with(kept, {entry.key.text()}, *std::move(inner));
    }
    return kept;
  }
  if (!value.is_sequence()) return value;
  Items kept;
  for (const Value& item : value.items()) {
    if (auto inner = taken(item)) kept.push_back(*std::move(inner));
  }
  return Value::list(std::move(kept));
}

ApiStatus no_merge_key(const Value& item, std::string_view key) {
  return plain_error(fmt::format("map: {} does not contain declared merge key: {}", go_text(item), key));
}

ApiResult<void> check_keys(const Items& items, std::string_view key) {
  for (const Value& item : items) {
    if (at(item, {key}) == nullptr) return refuse(no_merge_key(item, key));
  }
  return {};
}

/// Takes the items with a directive out of `patch` and carries them out on `items`.
ApiResult<void> carry_out_directives(Items& items, Items& patch, std::string_view key) {
  Items rest;
  bool replaces = false;
  for (Value& item : patch) {
    const Value* what = item.find(marker);
    if (what == nullptr) {
      rest.push_back(std::move(item));
    } else if (*what == text("replace")) {
      replaces = true;
    } else if (*what == text("merge")) {
      return refuse(plain_error("merging lists cannot yet be specified in the patch"));
    } else if (*what != text("delete")) {
      return refuse(
          plain_error(fmt::format("unknown patch type: {} in map: {}", go_text(*what), go_text(item))));
    } else {
      if (at(item, {key}) == nullptr) return refuse(no_merge_key(item, key));
      std::erase_if(items, [&](const Value& old) { return same_element(old, item, key); });
    }
  }
  patch = std::move(rest);
  if (replaces) items = std::exchange(patch, {});
  return {};
}

ApiResult<Items> merge_records(const PatchMeta& meta, Items items, Items& patch) {
  if (meta.key.empty()) return refuse(plain_error("cannot merge lists without merge key for struct"));
  if (auto done = carry_out_directives(items, patch, meta.key); !done) return refuse(done.error());
  if (auto right = check_keys(patch, meta.key); !right) return refuse(right.error());
  const SchemaNode& element = *meta.node->element;
  for (const Value& item : patch) {
    auto found =
        std::ranges::find_if(items, [&](const Value& old) { return same_element(old, item, meta.key); });
    if (found == items.end()) {
      items.push_back(item);
      continue;
    }
    auto merged = patch_fields(element, *found, item);
    if (!merged) return refuse(merged.error());
    *found = *std::move(merged);
  }
  if (auto right = check_keys(items, meta.key); !right) return refuse(right.error());
  return items;
}

Items without_doubles(const Items& items) {
  Items once;
  for (const Value& item : items) {
    if (std::ranges::find(once, item) == once.end()) once.push_back(item);
  }
  return once;
}

/// The list that a patch of it makes, in the order of the patch, where it says one, else of the live list.
ApiResult<Items> patch_list(const PatchMeta& meta, const Items& items, Items patch) {
  if (!meta.merges) return patch;
  if (items.empty() && patch.empty()) return items;
  auto records = elements_are_records(items, patch);
  if (!records) return refuse(records.error());
  if (!*records) {
    Items both = items;
    both.insert(both.end(), patch.begin(), patch.end());
    return in_order_of(without_doubles(both), patch, items, {});
  }
  auto merged = merge_records(meta, items, patch);
  if (!merged) return refuse(merged.error());
  return in_order_of(*std::move(merged), patch, items, meta.key);
}

/// Fields that the patch wants to keep: all others of the object go. The patch itself may name no other.
ApiResult<Value> retained(const Value& object, const Value& patch) {
  const Value* wanted = patch.find(retain_directive);
  if (wanted == nullptr) return object;
  ApiStatus malformed = bad_request("invalid patch format of retainKeys");
  if (!wanted->is_sequence()) return refuse(std::move(malformed));
  Items keys = items_of(wanted);
  auto named = [&](const Value& key) { return std::ranges::find(keys, key) != keys.end(); };
  for (const Entry& entry : patch.entries()) {
    std::string_view name = entry.key.text();
    bool directive =
        name == retain_directive || name.starts_with(delete_directive) || name.starts_with(order_directive);
    if (!directive && !entry.value.is_null() && !named(entry.key)) return refuse(std::move(malformed));
  }
  Value kept = object;
  for (const Entry& entry : object.entries()) {
    if (!named(entry.key)) kept = without(kept, {entry.key.text()});
  }
  return kept;
}

ApiResult<void> check_is_list(const Value& value) {
  if (value.is_sequence()) return {};
  return refuse(plain_error(fmt::format("expected a []interface {{}}, but received a {}", go_type(value))));
}

/// One `$setElementOrder/NAME` with the patch of that list, if there is one. `patch` loses what is done.
ApiResult<Value> order_list(const SchemaNode& schema, Value object, Value& patch, const Entry& directive) {
  std::string_view key = directive.key.text();
  patch = without(patch, {key});
  if (auto right = check_is_list(directive.value); !right) return refuse(right.error());
  std::size_t slash = key.find('/');
  if (key.substr(0, slash) != order_directive || slash == std::string_view::npos)
    return refuse(bad_request("invalid patch format of setElementOrder list"));
  std::string name(key.substr(slash + 1));
  const Value* old = object.find(name);
  const Value* sent = patch.find(name);
  for (const Value* list : {old, sent}) {
    if (list == nullptr) continue;
    if (auto right = check_is_list(*list); !right) return refuse(right.error());
  }
  auto meta = meta_of(schema, name);
  if (!meta) return refuse(meta.error());
  Items order = items_of(&directive.value), items = items_of(old), patches = items_of(sent);
  if (auto right = check_order(patches, order, meta->key); !right) return refuse(right.error());
  if (old == nullptr && sent == nullptr) return object;
  ApiResult<Items> merged = items;
  if (old == nullptr) {
    std::optional<Value> list = taken(*sent);
    merged = items_of(&*list);
  } else if (sent != nullptr) {
    merged = patch_list(*meta, items, patches);
  }
  if (!merged) return refuse(merged.error());
  if (auto records = elements_are_records(items, patches); !records) return refuse(records.error());
  if (!meta->key.empty()) {
    if (auto right = check_keys(*merged, meta->key); !right) return refuse(right.error());
  }
  patch = without(patch, {name});
  return with(object, {name}, Value::list(in_order_of(*std::move(merged), order, items, meta->key)));
}

/// A field of the patch that both sides may have.
ApiResult<Value> patch_field(const SchemaNode& schema, const Value& object, std::string_view name,
                             const Value& sent) {
  const Value* old = object.find(name);
  if (sent.is_null()) return without(object, {name});
  bool both_records = old != nullptr && old->is_fields() && sent.is_fields();
  bool both_lists = old != nullptr && old->is_sequence() && sent.is_sequence();
  if (!both_records && !both_lists) {
    std::optional<Value> kept = taken(sent);
    return kept ? with(object, {name}, *std::move(kept)) : without(object, {name});
  }
  auto meta = meta_of(schema, name);
  if (!meta) return refuse(meta.error());
  if (both_records) {
    auto inner = patch_fields(*meta->node, *old, sent);
    if (!inner) return refuse(inner.error());
    return with(object, {name}, *std::move(inner));
  }
  auto list = patch_list(*meta, items_of(old), items_of(&sent));
  if (!list) return refuse(list.error());
  return with(object, {name}, Value::list(*std::move(list)));
}

ApiResult<Value> delete_from_list(const Value& object, std::string_view directive, const Value& dropped) {
  std::size_t slash = directive.find('/');
  if (directive.substr(0, slash) != delete_directive || slash == std::string_view::npos)
    return refuse(bad_request("invalid patch format of primitive list"));
  std::string name(directive.substr(slash + 1));
  const Value* old = object.find(name);
  if (old == nullptr || !old->is_sequence() || !dropped.is_sequence()) return object;
  Items items = items_of(old), gone = items_of(&dropped);
  if (items.empty() && gone.empty()) return object;
  if (auto records = elements_are_records(items, gone); !records) return refuse(records.error());
  std::erase_if(items, [&](const Value& item) { return std::ranges::find(gone, item) != gone.end(); });
  return with(object, {name}, Value::list(std::move(items)));
}

ApiResult<Value> patch_fields(const SchemaNode& schema, const Value& object, const Value& sent) {
  if (const Value* what = sent.find(marker)) {
    if (*what == text("replace")) return without(sent, {marker});
    if (*what == text("delete")) return Value::map({});
    return refuse(
        plain_error(fmt::format("unknown patch type: {} in map: {}", go_text(*what), go_text(sent))));
  }
  ApiResult<Value> result = retained(object, sent);
  Value patch = without(sent, {retain_directive});
  for (const Entry& entry : sent.entries()) {
    if (!result) return result;
    if (entry.key.text().starts_with(order_directive))
      result = order_list(schema, *std::move(result), patch, entry);
  }
  for (const Entry& entry : patch.entries()) {
    if (!result) return result;
    std::string_view name = entry.key.text();
    result = name.starts_with(delete_directive) ? delete_from_list(*result, name, entry.value)
                                                : patch_field(schema, *result, name, entry.value);
  }
  return result;
}

}  // namespace

ApiResult<Value> strategic_patched(const SchemaNode& schema, const Value& object, const Value& patch) {
  return patch_fields(schema, object, patch);
}

}  // namespace carbon::sandbox
