#include "engine/plan/value_digests.h"

#include <optional>
#include <string>
#include <string_view>

#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"

namespace carbon {

namespace {

/// Enough to tell values apart; a row stays small.
constexpr std::size_t digits = 16;

/// Under this path stands a digest of nothing. Where it differs, the key is another one, and no digest tells
/// anything.
constexpr std::string_view key_mark;

std::string mark(const Address& address, const KeyedDigest& digest) {
  return digest(address, key_mark, "").substr(0, digits);
}

bool same_key(const InventoryEntry& entry, const KeyedDigest& digest) {
  auto found = entry.value_digests.find(std::string(key_mark));
  return found != entry.value_digests.end() && found->second == mark(entry.digest_address(), digest);
}

/// The list without what is in its records: their fields have digests of their own, and a server adds others.
Value without_records(const Value& list) {
  std::vector<Value> items;
  for (const Value& item : list.items()) {
    bool record = item.is_fields() && !item.entries().empty();
    items.push_back(record ? Value::record({}) : item);
  }
  return Value::list(std::move(items));
}

/// Whether records in it are told apart by their place alone.
bool by_place(const Type* type) {
  return type == nullptr || (type->kind != TypeKind::set && !type->unordered && type->keys.empty());
}

/// What a digest is made from. Nothing where that cannot be told yet.
std::optional<std::string> content_at(const ResourceType& type, const Value& object, const FieldPath& path) {
  const Value* value = find_at(object, *type.schema, path);
  if (value == nullptr || value->is_null()) return "-";
  // What the target of a reference is called is known elsewhere.
  bool reference = value->kind() == ValueKind::reference;
  if (reference || value->contains_unknown() || value->contains_secret()) return std::nullopt;
  TypePtr at = type_at(*type.schema, path);
  bool records = value->kind() == ValueKind::list && by_place(at == nullptr ? nullptr : &plain_type(*at));
  if (at == nullptr) return "=" + encode_value(records ? without_records(*value) : *value);
  Value form = normal_form(*value, *at);
  if (records && form.kind() == ValueKind::list) form = without_records(form);
  // A reference that is more than one name: the server says one of them.
  if (plain_type(*at).kind == TypeKind::reference && form.is_fields()) return std::nullopt;
  return "=" + encode_value(form);
}

std::optional<std::string> digest_at(const ResourceType& type, const Address& address, const Value& object,
                                     const FieldPath& path, const KeyedDigest& digest) {
  std::optional<std::string> content = content_at(type, object, path);
  if (!content) return std::nullopt;
  return digest(address, path.text(), *content).substr(0, digits);
}

}  // namespace

DigestMap value_digests(const ResourceType& type, const Address& address, const FieldSet& fields,
                        const Value& object, const DigestMap& secrets, const KeyedDigest& digest) {
  DigestMap made;
  if (type.transport == Transport::kubernetes || !object.is_fields()) return made;
  for (const FieldPath& path : fields.paths()) {
    std::string name = path.text();
    if (secrets.contains(name)) continue;
    if (auto one = digest_at(type, address, object, path, digest)) made.emplace(std::move(name), *one);
  }
  if (!made.empty()) made.emplace(key_mark, mark(address, digest));
  return made;
}

bool keep_what_holds(InventoryEntry& entry, const ResourceType& type, const LiveObject& live,
                     const KeyedDigest& digest) {
  if (!same_key(entry, digest)) {
    entry.value_digests.clear();
    return true;
  }
  Value view = live_view(type, live.object, Value());
  std::size_t gone = std::erase_if(entry.value_digests, [&](const auto& known) {
    if (known.first == key_mark) return false;
    Result<FieldPath> path = FieldPath::parse(known.first);
    return !path || digest_at(type, entry.digest_address(), view, *path, digest) != known.second;
  });
  return gone == 0;
}

FieldCause cause_of(const DiffInput& input, const Value& view, const FieldPath& path) {
  bool told = input.entry != nullptr && input.digest != nullptr && *input.digest;
  if (!told || !same_key(*input.entry, *input.digest)) return FieldCause::unknown;
  const InventoryEntry& entry = *input.entry;
  for (FieldPath at = path; !at.steps.empty(); at.steps.pop_back()) {
    auto known = entry.value_digests.find(at.text());
    if (known == entry.value_digests.end()) continue;
    auto wanted = digest_at(input.type, entry.digest_address(), input.desired, at, *input.digest);
    auto there = digest_at(input.type, entry.digest_address(), view, at, *input.digest);
    if (!wanted || !there) return FieldCause::unknown;
    bool declared = *wanted != known->second;
    bool drift = *there != known->second;
    if (declared) return drift ? FieldCause::both : FieldCause::declared;
    return drift ? FieldCause::drift : FieldCause::unknown;
  }
  return FieldCause::unknown;
}

}  // namespace carbon
