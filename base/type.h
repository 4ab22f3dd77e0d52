#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon {

/// What a type is. The language's names are in docs/language; `int_or_string` and `json` come from Kubernetes
/// schemas too. There is no `any`: `json` is the only escape hatch and must be written.
enum class TypeKind : std::uint8_t {
  string,
  integer,
  floating,
  boolean,
  json,
  blob,
  bytes,
  cpu,
  quantity,  ///< the undecided Kubernetes form: a bytes or cpu literal, or a count
  duration,
  int_or_string,
  list,
  set,
  map,
  record,
  literal,    ///< one string: an enum is a union of literals
  union_,     ///< of literals, or of records told apart by one literal field
  optional,   ///< T?
  secret,     ///< secret<T>
  reference,  ///< to a resource or provider of the named type
};

/// A subtype of string with its own syntax, checked when the value is known.
enum class CheckedString : std::uint8_t { none, cron, cidr, ip, url, dns_name, dns_label, semver, regex };

struct Type;
/// Types are owned by a TypeTable and live as long as it; everybody else points at them.
using TypePtr = const Type*;

/// `int(min=1, max=9)`, `string(pattern='…')`, `list<T>(min=1)`: JSON Schema's keywords.
struct Facets {
  std::optional<Value> min;
  std::optional<Value> max;
  std::string pattern;  ///< RE2, matches the whole string
};

/// Words behind a typed field in a `type … via` block, and what Kubernetes' schema extensions say.
enum class FieldFlag : std::uint16_t {
  none = 0,
  required = 1,
  identity = 2,
  immutable = 4,
  computed = 8,         ///< the server sets it; cannot be written
  write_only = 16,      ///< cannot be read back; compared by keyed digest
  server_default = 32,  ///< takes the server's value until written
  sensitive = 64,       ///< content is secret-bearing: shown only as changed or same
  derived = 128,  ///< worked out from the others when a plan is made: compared, and never written by users
};
[[nodiscard]] constexpr FieldFlag operator|(FieldFlag a, FieldFlag b) {
  return static_cast<FieldFlag>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
[[nodiscard]] constexpr bool has(FieldFlag set, FieldFlag flag) {
  return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(flag)) != 0;
}

struct FieldType {
  std::string name;
  TypePtr type = nullptr;
  FieldFlag flags = FieldFlag::none;
  std::string doc;
  std::string deprecated = {};  ///< why it should no longer be written, or empty
};

/// Closed unless `open` says what other fields hold. Exactly the members of its kind are meaningful.
struct Type {
  TypeKind kind = TypeKind::json;
  std::string name;  ///< literal: its text; reference: the resource type; named types: the name
  CheckedString checked = CheckedString::none;
  Facets facets;
  TypePtr element = nullptr;          ///< list, set, map, optional, secret
  std::vector<FieldType> fields;      ///< record, in written order
  TypePtr open = nullptr;             ///< record: type of fields not listed, or nullptr when closed
  std::vector<TypePtr> alternatives;  ///< union
  std::vector<std::string> keys;      ///< list: the key fields, when it is keyed (x-kubernetes-list-map-keys)
  bool unordered = false;             ///< list: compared without regard to order
  bool atomic = false;  ///< list, map, record: owned and compared as one value (listType=atomic)

  [[nodiscard]] const FieldType* field(std::string_view wanted) const;
};

/// Owns types. Pointers stay valid for its lifetime. One a compilation; not shared between threads while
/// filled.
class TypeTable {
 public:
  TypeTable();
  TypeTable(const TypeTable&) = delete;
  TypeTable& operator=(const TypeTable&) = delete;

  /// The one type of a kind without parameters (string, int, json, bytes ...).
  [[nodiscard]] TypePtr basic(TypeKind kind) const;
  [[nodiscard]] TypePtr checked(CheckedString checked) const;
  [[nodiscard]] TypePtr list(TypePtr element);
  [[nodiscard]] TypePtr set(TypePtr element);
  [[nodiscard]] TypePtr map(TypePtr element);
  [[nodiscard]] TypePtr optional(TypePtr element);
  [[nodiscard]] TypePtr secret(TypePtr element);
  [[nodiscard]] TypePtr literal(std::string_view text);
  [[nodiscard]] TypePtr reference(std::string_view resource_type);
  /// Anything else: the caller fills it. The reference may be completed later (recursive types).
  [[nodiscard]] Type& make(TypeKind kind);

 private:
  std::deque<Type> types_;
  std::vector<TypePtr> basics_;
  std::vector<TypePtr> checkeds_;
};

/// The type as users write it: `list<string>`, `int(min=1)`, `"ro" | "rw"`, `secret<string>`.
[[nodiscard]] std::string to_string(const Type& type);
/// The same on one line that can be read: of a record without a name, whose text may be pages, `{ … }`.
[[nodiscard]] std::string short_text(const Type& type);

/// The built-in type named so in source text (`string`, `bytes`, `cron`), or nullptr.
[[nodiscard]] TypePtr find_basic(const TypeTable& table, std::string_view name);

}  // namespace carbon
