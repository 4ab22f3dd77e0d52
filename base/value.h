#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.h"

namespace carbon {

enum class ValueKind : std::uint8_t {
  null,
  boolean,
  integer,   ///< 64 bit
  floating,  ///< a finite double
  decimal,   ///< exact: the source text of a JSON number that is no 64-bit integer; never passes through
             ///< double
  string,
  blob,
  quantity,  ///< bytes, cpu or count: see base/quantity.h
  duration,
  list,
  set,        ///< sorted, without duplicates
  map,        ///< sorted by key
  record,     ///< keeps written order
  reference,  ///< to a resource, provider or lookup, by address
  secret,     ///< a handle; the value exists only where a request is built
  unknown,    ///< known only after apply
};

/// `string`, `record` ...: the word that diagnostics use.
[[nodiscard]] std::string_view to_string(ValueKind kind);

class Value;

/// A key with its value. Keys are string values so that they remember where they were written.
struct Entry;

/// What an unknown or a secret will be: a function by its name in the function table, over values that may be
/// open again. Leaves are `attribute(address, path)` for unknowns and `secret.env(name)`, `secret.file(path)`
/// for secrets. Plain data, so a plan file can hold it and apply can finish it.
struct OpenTerm {
  std::string function;
  std::vector<Value> arguments;
};

/// The one dynamic value of the engine. 24 bytes; copies are cheap because text and collections are shared
/// and const. Strings of up to 16 bytes are held inline. Safe to read from several threads. A value remembers
/// where it was written (`origin`), so that a plan line can name the file.
///
/// A secret or unknown value has no content that any accessor could reach: printing, diffing and journaling
/// can only see its term.
class Value {
 public:
  Value() noexcept : kind_(ValueKind::null) {}
  Value(const Value& other) noexcept : kind_(other.kind_), detail_(other.detail_), origin_(other.origin_) {
    std::memcpy(bits_, other.bits_, sizeof bits_);
    if (holds_payload()) payload()->references.fetch_add(1, std::memory_order_relaxed);
  }
  Value(Value&& other) noexcept : kind_(other.kind_), detail_(other.detail_), origin_(other.origin_) {
    std::memcpy(bits_, other.bits_, sizeof bits_);
    other.forget();
  }
  Value& operator=(const Value& other) noexcept {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept;
  ~Value() {
    if (holds_payload()) release();
  }

  [[nodiscard]] static Value boolean(bool value);
  [[nodiscard]] static Value integer(std::int64_t value);
  [[nodiscard]] static Value floating(double value);
  [[nodiscard]] static Value decimal(std::string_view text);
  [[nodiscard]] static Value string(std::string_view text);
  [[nodiscard]] static Value blob(std::string_view bytes);
  [[nodiscard]] static Value quantity(Quantity value);
  [[nodiscard]] static Value duration(Duration value);
  [[nodiscard]] static Value list(std::vector<Value> items);
  /// Sorts and removes duplicates. O(n log n).
  [[nodiscard]] static Value set(std::vector<Value> items);
  /// Sorts by key; of equal keys the last wins. O(n log n), O(n) when sorted already.
  [[nodiscard]] static Value map(std::vector<Entry> entries);
  /// Of equal keys the last wins, at the place of the first.
  [[nodiscard]] static Value record(std::vector<Entry> entries);
  [[nodiscard]] static Value reference(std::string_view address);
  [[nodiscard]] static Value secret(OpenTerm term);
  [[nodiscard]] static Value unknown(OpenTerm term);
  /// The field at `path` of the resource at `address`, once it exists.
  [[nodiscard]] static Value unknown_attribute(std::string_view address, std::string_view path);

  [[nodiscard]] ValueKind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == ValueKind::null; }
  [[nodiscard]] bool is_string() const { return kind_ == ValueKind::string; }
  [[nodiscard]] bool is_unknown() const { return kind_ == ValueKind::unknown; }
  [[nodiscard]] bool is_secret() const { return kind_ == ValueKind::secret; }
  [[nodiscard]] bool is_sequence() const { return kind_ == ValueKind::list || kind_ == ValueKind::set; }
  [[nodiscard]] bool is_fields() const { return kind_ == ValueKind::map || kind_ == ValueKind::record; }

  // Accessors: the kind must be the one named; anything else is a broken invariant and aborts.
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] std::int64_t as_int() const;
  [[nodiscard]] double as_float() const;
  [[nodiscard]] Quantity as_quantity() const;
  [[nodiscard]] Duration as_duration() const;
  /// Text of a string, decimal, blob or reference (its address). Valid while this value lives and is not
  /// moved.
  [[nodiscard]] std::string_view text() const;
  /// Items of a list or set.
  [[nodiscard]] std::span<const Value> items() const;
  /// Fields of a map or record.
  [[nodiscard]] std::span<const Entry> entries() const;
  /// The field of a map or record, or nullptr; also nullptr on any other kind. O(log n) for maps, O(n) for
  /// records.
  [[nodiscard]] const Value* find(std::string_view key) const;
  /// The term of an unknown or secret.
  [[nodiscard]] const OpenTerm& term() const;

  /// Offset in the SourceMap where the value was written, or 0.
  [[nodiscard]] std::uint32_t origin() const { return origin_; }
  [[nodiscard]] Value with_origin(std::uint32_t origin) const;

  /// How much a walk over the value costs: a value counts one and each 16 bytes of text one more; what is
  /// shared counts each time that it is met. At most UINT32_MAX. O(1): collections keep it.
  [[nodiscard]] std::uint32_t weight() const;
  /// How many collections and open terms stand around its innermost part, at most UINT16_MAX. O(1).
  [[nodiscard]] std::uint16_t depth() const;

  /// True if the value, or anything in it, is unknown (secrets over unknown parts included). O(size).
  [[nodiscard]] bool contains_unknown() const;
  /// True if the value, or anything in it, is a secret. O(size).
  [[nodiscard]] bool contains_secret() const;

 private:
  /// Shared and const once made; the count is the only thing that changes. Destroyed by kind, so no virtual
  /// table.
  struct Payload {
    mutable std::atomic<std::uint32_t> references{1};
  };
  struct Text;
  struct Items;
  struct Fields;
  struct Term;

  static constexpr std::size_t inline_capacity = 16;
  static constexpr std::uint8_t shared = 0xFF;

  static Value make_text(ValueKind kind, std::string_view text);
  struct Extent {
    std::uint32_t weight = 1;
    std::uint16_t depth = 0;
  };
  [[nodiscard]] Extent extent() const;
  static Extent extent_of(std::span<const Value> values);
  static Extent extent_of(std::span<const Entry> entries);
  static Value make_payload(ValueKind kind, const Payload* payload);
  /// The commonest question of a plan, so it is one comparison.
  [[nodiscard]] bool holds_payload() const { return detail_ == shared; }
  [[nodiscard]] const Payload* payload() const {
    const Payload* payload = nullptr;
    std::memcpy(&payload, bits_, sizeof payload);
    return payload;
  }
  void set_payload(const Payload* payload) { std::memcpy(bits_, &payload, sizeof payload); }
  /// Null, without letting go of what was held.
  void forget() {
    kind_ = ValueKind::null;
    detail_ = 0;
  }
  void release();

  ValueKind kind_;
  std::uint8_t detail_ =
      0;  ///< `shared`: bits_ points at a payload; else length of text, or a quantity's suffix family
  std::uint32_t origin_ = 0;
  alignas(8) unsigned char bits_[inline_capacity] = {};
};

static_assert(sizeof(Value) == 24);

struct Entry {
  Value key;
  Value value;
};

/// Deep equality by value: quantities of other spelling, integers and decimals of equal value, records in
/// other order and a map against a record with the same fields are equal. Open values are equal when their
/// terms are. O(n log n).
[[nodiscard]] bool operator==(const Value& a, const Value& b);

/// A total order that agrees with ==, for sets and stable output.
[[nodiscard]] int compare(const Value& a, const Value& b);

}  // namespace carbon
