// Deep merge of what an environment patches: typed fields win, keyed lists merge by key, null removes.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

Value merge(const Value& base, const Value& patch, TypePtr type);

/// An item's key values as a patch writes them.
std::string key_of(const Type& list, const Value& item) {
  FieldStep step = item_step(list, item, 0);
  return fmt::format("{}", fmt::join(step.key, std::string(1, key_separator)));
}

/// The key fields of a new item, from the key that it stands under.
std::vector<Entry> key_fields(const Type& list, const Value& item, const Value& key) {
  std::vector<Entry> fields;
  std::string_view rest = key.text();
  for (const std::string& name : list.keys) {
    std::string_view part = rest.substr(0, rest.find(key_separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (item.find(name) != nullptr) continue;
    const FieldType* field = list.element->field(name);
    bool number = field != nullptr && plain_type(*field->type).kind == TypeKind::integer;
    std::int64_t whole = 0;
    if (number) std::from_chars(part.data(), part.data() + part.size(), whole);
    Value value = number ? Value::integer(whole) : Value::string(part);
    fields.push_back({Value::string(name), value.with_origin(key.origin())});
  }
  return fields;
}

/// `containers = { app = { … }, old = null }` on a list whose items have keys.
Value merge_keyed(const Value& base, const Value& patch, const Type& list) {
  std::vector<Value> items;
  if (base.is_sequence()) items.assign(base.items().begin(), base.items().end());
  for (const Entry& entry : patch.entries()) {
    auto same = [&](const Value& item) { return key_of(list, item) == entry.key.text(); };
    auto found = std::find_if(items.begin(), items.end(), same);
    if (entry.value.is_null()) {
      if (found != items.end()) items.erase(found);
    } else if (found != items.end()) {
      *found = merge(*found, entry.value, list.element);
    } else {
      std::vector<Entry> fields = key_fields(list, entry.value, entry.key);
      fields.insert(fields.end(), entry.value.entries().begin(), entry.value.entries().end());
      items.push_back(Value::record(std::move(fields)));
    }
  }
  return Value::list(std::move(items)).with_origin(patch.origin());
}

Value merge(const Value& base, const Value& patch, TypePtr type) {
  while (type != nullptr && (type->kind == TypeKind::optional || type->kind == TypeKind::secret))
    type = type->element;
  bool keyed = type != nullptr && type->kind == TypeKind::list && !type->keys.empty();
  if (keyed && patch.is_fields()) return merge_keyed(base, patch, *type);
  if (!patch.is_fields() || !base.is_fields()) return patch;
  std::vector<Entry> all(base.entries().begin(), base.entries().end());
  for (const Entry& entry : patch.entries()) {
    auto same = [&](const Entry& each) { return each.key.text() == entry.key.text(); };
    auto found = std::find_if(all.begin(), all.end(), same);
    TypePtr inner =
        type != nullptr ? step_type(*type, FieldStep::field(std::string(entry.key.text()))) : nullptr;
    if (entry.value.is_null()) {
      if (found != all.end()) all.erase(found);
    } else if (found != all.end()) {
      *found = {entry.key, merge(found->value, entry.value, inner)};
    } else {
      all.push_back({entry.key, merge(Value(), entry.value, inner)});
    }
  }
  Value merged = base.kind() == ValueKind::map ? Value::map(std::move(all)) : Value::record(std::move(all));
  return merged.with_origin(base.origin());
}

}  // namespace

Value patched(const Value& base, const Value& patch, TypePtr type) { return merge(base, patch, type); }

namespace {

/// The key of a field that both patches write; nullptr when there is none.
const Value* written_twice(const Value& before, const Value& now) {
  for (const Entry& entry : now.entries()) {
    const Value* same = before.find(entry.key.text());
    if (same == nullptr) continue;
    if (!same->is_fields() || !entry.value.is_fields()) return &entry.key;
    if (const Value* deeper = written_twice(*same, entry.value)) return deeper;
  }
  return nullptr;
}

}  // namespace

/// Which of two patches wins would be decided by their order alone, so no field has two.
bool Expander::patched_once(const std::vector<Value>& before, const Value& now) {
  for (const Value& one : before) {
    const Value* key = written_twice(one, now);
    if (key == nullptr) continue;
    auto end = key->origin() + static_cast<std::uint32_t>(key->text().size());
    sink_.error(DiagnosticCode::field_repeated, fmt::format("`{}` is patched twice", key->text()),
                {key->origin(), end}, "another patch of this environment writes it");
    return false;
  }
  return true;
}

/// The address of a root resource or provider, or of one member. Nothing after an error.
std::optional<std::string> Expander::target_address(const AddressPath& target, const Frame& frame) {
  std::string address = target.name;
  for (const AddressPath::Part& part : target.parts) {
    std::optional<Value> key = part.key != nullptr ? evaluate_in(*part.key, frame) : std::nullopt;
    std::optional<std::string> text = key ? key_text(*key) : std::nullopt;
    if (!text) return std::nullopt;
    address += fmt::format("[{}]", json_quote(*text));
  }
  return address;
}

bool Expander::patch(Member& member, Value& desired) {
  bool root = member.scope.around == nullptr && &member.scope == &packages_.front();
  if (environment_ == nullptr || !root) return true;
  std::vector<Value> before;
  for (std::size_t i = 0; i < environment_->patches.size(); ++i) {
    const Environment::Patch& patch = environment_->patches[i];
    if (patch.declaration != member.index) continue;
    Frame frame;
    frame.slots.resize(patch.locals);
    frame.outer = &member.scope.frame;
    std::optional<std::string> target = target_address(patch.target, frame);
    if (!target) return false;
    if (*target != member.address) continue;
    std::optional<Value> fields = evaluate_in(*patch.fields, frame);
    if (!fields) return false;
    patched_[i] = true;
    if (!patched_once(before, *fields)) return false;
    before.push_back(*fields);
    desired = merge(desired, *fields, member.declaration.instance->type->schema);
  }
  return true;
}

void Expander::unused_patches() {
  if (environment_ == nullptr || stopped_) return;
  for (std::size_t i = 0; i < patched_.size(); ++i) {
    const Environment::Patch& patch = environment_->patches[i];
    if (patched_[i] || packages_.front().failed[patch.declaration]) continue;
    sink_.error(DiagnosticCode::unknown_patch_target, "the patch names no resource that is there",
                patch.target.span, "not declared in this environment");
  }
}

}  // namespace carbon
