#include "base/value.h"

#include <fmt/core.h>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>

namespace carbon {

namespace {

[[noreturn]] void broken(std::string_view wanted, ValueKind found) {
  fmt::print(stderr, "carbon: internal error: {} wanted, {} found\n", wanted, to_string(found));
  std::abort();
}

}  // namespace

std::string_view to_string(ValueKind kind) {
  switch (kind) {
    case ValueKind::null: return "null";
    case ValueKind::boolean: return "bool";
    case ValueKind::integer: return "int";
    case ValueKind::floating: return "float";
    case ValueKind::decimal: return "decimal";
    case ValueKind::string: return "string";
    case ValueKind::blob: return "blob";
    case ValueKind::quantity: return "quantity";
    case ValueKind::duration: return "duration";
    case ValueKind::list: return "list";
    case ValueKind::set: return "set";
    case ValueKind::map: return "map";
    case ValueKind::record: return "record";
    case ValueKind::reference: return "reference";
    case ValueKind::secret: return "secret";
    case ValueKind::unknown: return "unknown";
  }
  return "?";
}

struct Value::Text : Payload {
  std::uint32_t size = 0;
  // The bytes follow the header in the same allocation.
  [[nodiscard]] const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
};

struct Value::Items : Payload {
  Extent extent;
  std::vector<Value> items;
};

struct Value::Fields : Payload {
  Extent extent;
  std::vector<Entry> entries;
};

struct Value::Term : Payload {
  Extent extent;
  OpenTerm term;
};

void Value::release() {
  const Payload* held = payload();
  if (held->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  switch (kind_) {
    case ValueKind::list:
    case ValueKind::set: delete static_cast<const Items*>(held); return;
    case ValueKind::map:
    case ValueKind::record: delete static_cast<const Fields*>(held); return;
    case ValueKind::secret:
    case ValueKind::unknown: delete static_cast<const Term*>(held); return;
    case ValueKind::decimal:
    case ValueKind::string:
    case ValueKind::blob:
    case ValueKind::reference: {
      auto* text = const_cast<Text*>(static_cast<const Text*>(held));
      text->~Text();
      ::operator delete(text);
      return;
    }
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::quantity:
    case ValueKind::duration: return;
  }
}

Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  if (holds_payload()) release();
  kind_ = other.kind_;
  detail_ = other.detail_;
  origin_ = other.origin_;
  std::memcpy(bits_, other.bits_, sizeof bits_);
  other.forget();
  return *this;
}

Value Value::make_payload(ValueKind kind, const Payload* payload) {
  Value made;
  made.kind_ = kind;
  made.detail_ = shared;
  made.set_payload(payload);
  return made;
}

Value Value::make_text(ValueKind kind, std::string_view text) {
  if (text.size() > inline_capacity) {
    if (text.size() > UINT32_MAX) broken("text below 4 GiB", kind);
    void* memory = ::operator new(sizeof(Text) + text.size());
    auto* made = new (memory) Text;
    made->size = static_cast<std::uint32_t>(text.size());
    std::memcpy(reinterpret_cast<char*>(made + 1), text.data(), text.size());
    return make_payload(kind, made);
  }
  Value made;
  made.kind_ = kind;
  made.detail_ = static_cast<std::uint8_t>(text.size());
  if (!text.empty()) std::memcpy(made.bits_, text.data(), text.size());
  return made;
}

Value Value::boolean(bool value) {
  Value made;
  made.kind_ = ValueKind::boolean;
  made.bits_[0] = value ? 1 : 0;
  return made;
}

Value Value::integer(std::int64_t value) {
  Value made;
  made.kind_ = ValueKind::integer;
  std::memcpy(made.bits_, &value, sizeof value);
  return made;
}

Value Value::floating(double value) {
  Value made;
  made.kind_ = ValueKind::floating;
  std::memcpy(made.bits_, &value, sizeof value);
  return made;
}

Value Value::quantity(Quantity value) {
  Value made;
  made.kind_ = ValueKind::quantity;
  made.detail_ = static_cast<std::uint8_t>(value.family());
  Quantity::Nanos nanos = value.nanos();
  std::memcpy(made.bits_, &nanos, sizeof nanos);
  return made;
}

Value Value::duration(Duration value) {
  Value made = integer(value.nanoseconds);
  made.kind_ = ValueKind::duration;
  return made;
}

Value Value::decimal(std::string_view text) { return make_text(ValueKind::decimal, text); }
Value Value::string(std::string_view text) { return make_text(ValueKind::string, text); }
Value Value::blob(std::string_view bytes) { return make_text(ValueKind::blob, bytes); }
Value Value::reference(std::string_view address) { return make_text(ValueKind::reference, address); }

namespace {

constexpr std::uint64_t bytes_a_weight = 16;

std::uint32_t saturated(std::uint64_t weight) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, UINT32_MAX));
}

}  // namespace

Value::Extent Value::extent() const {
  switch (kind_) {
    case ValueKind::list:
    case ValueKind::set: return static_cast<const Items*>(payload())->extent;
    case ValueKind::map:
    case ValueKind::record: return static_cast<const Fields*>(payload())->extent;
    case ValueKind::secret:
    case ValueKind::unknown: return static_cast<const Term*>(payload())->extent;
    case ValueKind::decimal:
    case ValueKind::string:
    case ValueKind::blob:
    case ValueKind::reference: return {saturated(1 + text().size() / bytes_a_weight), 0};
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::quantity:
    case ValueKind::duration: break;
  }
  return {};
}

std::uint32_t Value::weight() const { return extent().weight; }
std::uint16_t Value::depth() const { return extent().depth; }

Value::Extent Value::extent_of(std::span<const Value> values) {
  std::uint64_t weight = 1;
  unsigned depth = 0;
  for (const Value& value : values) {
    Extent part = value.extent();
    weight += part.weight;
    depth = std::max<unsigned>(depth, part.depth);
  }
  return {saturated(weight), static_cast<std::uint16_t>(std::min<unsigned>(depth + 1, UINT16_MAX))};
}

Value::Extent Value::extent_of(std::span<const Entry> entries) {
  std::uint64_t weight = 1;
  unsigned depth = 0;
  for (const Entry& entry : entries) {
    Extent part = entry.value.extent();
    weight += part.weight + entry.key.extent().weight;
    depth = std::max<unsigned>(depth, part.depth);
  }
  return {saturated(weight), static_cast<std::uint16_t>(std::min<unsigned>(depth + 1, UINT16_MAX))};
}

Value Value::list(std::vector<Value> items) {
  auto* made = new Items;
  made->extent = extent_of(items);
  made->items = std::move(items);
  return make_payload(ValueKind::list, made);
}

Value Value::set(std::vector<Value> items) {
  std::sort(items.begin(), items.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  items.erase(std::unique(items.begin(), items.end()), items.end());
  Value made = list(std::move(items));
  made.kind_ = ValueKind::set;
  return made;
}

Value Value::map(std::vector<Entry> entries) {
  auto less = [](const Entry& a, const Entry& b) { return a.key.text() < b.key.text(); };
  if (!std::is_sorted(entries.begin(), entries.end(), less)) {
    std::stable_sort(entries.begin(), entries.end(), less);
  }
  // Keep the last of equal keys: walk from the back and drop what has been seen.
  auto same = [](const Entry& a, const Entry& b) { return a.key.text() == b.key.text(); };
  auto kept = std::unique(entries.rbegin(), entries.rend(), same);
  entries.erase(entries.begin(), kept.base());
  auto* made = new Fields;
  made->extent = extent_of(entries);
  made->entries = std::move(entries);
  return make_payload(ValueKind::map, made);
}

namespace {

/// Beyond this many fields, comparing each with each costs more than sorting.
constexpr std::size_t few_fields = 64;

bool repeats_a_key(const std::vector<Entry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (entries[i].key.text() == entries[j].key.text()) return true;
    }
  }
  return false;
}

/// Of equal keys the last value, at the place of the first. O(n log n).
std::vector<Entry> last_of_equal_keys(std::vector<Entry> entries) {
  std::vector<std::size_t> order(entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    int compared = entries[a].key.text().compare(entries[b].key.text());
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<std::size_t> dropped;
  for (std::size_t i = 0; i + 1 < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && entries[order[end]].key.text() == entries[order[i]].key.text()) ++end;
    for (std::size_t j = i + 1; j < end; ++j) dropped.push_back(order[j]);
    if (end > i + 1) entries[order[i]] = entries[order[end - 1]];
    i = end;
  }
  std::sort(dropped.begin(), dropped.end(), std::greater<>());
  for (std::size_t at : dropped) entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
  return entries;
}

}  // namespace

Value Value::record(std::vector<Entry> entries) {
  bool repeated = entries.size() > few_fields || repeats_a_key(entries);
  auto* made = new Fields;
  made->entries = repeated ? last_of_equal_keys(std::move(entries)) : std::move(entries);
  made->extent = extent_of(made->entries);
  return make_payload(ValueKind::record, made);
}

Value Value::secret(OpenTerm term) {
  auto* made = new Term;
  made->extent = extent_of(term.arguments);
  made->term = std::move(term);
  return make_payload(ValueKind::secret, made);
}

Value Value::unknown(OpenTerm term) {
  Value made = secret(std::move(term));
  made.kind_ = ValueKind::unknown;
  return made;
}

Value Value::unknown_attribute(std::string_view address, std::string_view path) {
  return unknown({"attribute", {string(address), string(path)}});
}

bool Value::as_bool() const {
  if (kind_ != ValueKind::boolean) broken("bool", kind_);
  return bits_[0] != 0;
}

std::int64_t Value::as_int() const {
  if (kind_ != ValueKind::integer) broken("int", kind_);
  std::int64_t value = 0;
  std::memcpy(&value, bits_, sizeof value);
  return value;
}

double Value::as_float() const {
  if (kind_ != ValueKind::floating) broken("float", kind_);
  double value = 0;
  std::memcpy(&value, bits_, sizeof value);
  return value;
}

Quantity Value::as_quantity() const {
  if (kind_ != ValueKind::quantity) broken("quantity", kind_);
  Quantity::Nanos nanos = 0;
  std::memcpy(&nanos, bits_, sizeof nanos);
  return {nanos, static_cast<SuffixFamily>(detail_)};
}

Duration Value::as_duration() const {
  if (kind_ != ValueKind::duration) broken("duration", kind_);
  std::int64_t value = 0;
  std::memcpy(&value, bits_, sizeof value);
  return {value};
}

std::string_view Value::text() const {
  bool textual = kind_ == ValueKind::string || kind_ == ValueKind::decimal || kind_ == ValueKind::blob ||
                 kind_ == ValueKind::reference;
  if (!textual) broken("text", kind_);
  if (!holds_payload()) return {reinterpret_cast<const char*>(bits_), detail_};
  const auto* text = static_cast<const Text*>(payload());
  return {text->bytes(), text->size};
}

std::span<const Value> Value::items() const {
  if (!is_sequence()) broken("list", kind_);
  return static_cast<const Items*>(payload())->items;
}

std::span<const Entry> Value::entries() const {
  if (!is_fields()) broken("record", kind_);
  return static_cast<const Fields*>(payload())->entries;
}

const Value* Value::find(std::string_view key) const {
  if (!is_fields()) return nullptr;
  std::span<const Entry> all = entries();
  if (kind_ == ValueKind::map) {
    auto at = std::lower_bound(all.begin(), all.end(), key, [](const Entry& entry, std::string_view wanted) {
      return entry.key.text() < wanted;
    });
    return at != all.end() && at->key.text() == key ? &at->value : nullptr;
  }
  for (const Entry& entry : all) {
    if (entry.key.text() == key) return &entry.value;
  }
  return nullptr;
}

const OpenTerm& Value::term() const {
  if (!is_unknown() && !is_secret()) broken("open value", kind_);
  return static_cast<const Term*>(payload())->term;
}

Value Value::with_origin(std::uint32_t origin) const {
  Value copy = *this;
  copy.origin_ = origin;
  return copy;
}

namespace {

/// Visits the value and all in it, the arguments of open terms included, until the visitor says stop.
template <class Visitor>
bool any_of(const Value& value, const Visitor& visitor) {
  if (visitor(value)) return true;
  if (value.is_unknown() || value.is_secret()) {
    const auto& arguments = value.term().arguments;
    return std::any_of(arguments.begin(), arguments.end(),
                       [&](const Value& v) { return any_of(v, visitor); });
  }
  if (value.is_sequence()) {
    auto items = value.items();
    return std::any_of(items.begin(), items.end(), [&](const Value& v) { return any_of(v, visitor); });
  }
  if (value.is_fields()) {
    auto entries = value.entries();
    return std::any_of(entries.begin(), entries.end(),
                       [&](const Entry& e) { return any_of(e.value, visitor); });
  }
  return false;
}

}  // namespace

bool Value::contains_unknown() const {
  return any_of(*this, [](const Value& value) { return value.is_unknown(); });
}

bool Value::contains_secret() const {
  return any_of(*this, [](const Value& value) { return value.is_secret(); });
}

}  // namespace carbon
