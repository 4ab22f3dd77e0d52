#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/source.h"
#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// The forms of an expression. Children are named in the order in which they stand in `Expr::children`.
enum class ExprKind : std::uint8_t {
  constant,            ///< `constant`
  slot,                ///< the value of a name: frame `depth` levels out, index `slot`
  member,              ///< object; field `name`. On a reference: the attribute of that resource
  safe_member,         ///< `?.`: null when the object is null
  index,               ///< object, key
  call,                ///< arguments of built-in `name`
  unary,               ///< operand; `op` negate or not_
  binary,              ///< left, right
  conditional,         ///< condition, then, else
  list,                ///< items, each may be spread or guarded
  record,              ///< field, computed_field and spread children, in written order
  interpolation,       ///< parts; constants are literal text, others are converted by canonical form
  list_comprehension,  ///< collection, element, [condition]; loop variables in slots `slot` and `slot + 1`
  map_comprehension,   ///< collection, key, value, [condition]; loop variables as above
  let,                 ///< value, body: `slot` holds the value inside the body
  convert,  ///< operand; to `type` (unit decided, string checked); fails with a diagnostic at the operand
  // Only as children of list and record:
  spread,          ///< value, [condition]
  guarded,         ///< value, condition: left out when the condition is false
  field,           ///< value, [condition]; key is `name`
  computed_field,  ///< key, value, [condition]
};

/// `and`, `or` and `??` evaluate their right side only when it decides.
enum class Operator : std::uint8_t {
  none,
  negate,
  not_,
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  coalesce,
  add,
  subtract,
  multiply,
  divide,
  remainder,
};
[[nodiscard]] std::string_view to_string(Operator op);  ///< as written: `+`, `not in`

/// A typed expression. Immutable once lowered; nodes live in an ExprArena and point at each other.
/// The one form for the program, values that stay open until apply, and the operations of resource types.
struct Expr {
  ExprKind kind = ExprKind::constant;
  Operator op = Operator::none;
  /// For comprehensions: 1 or 2 loop variables (value; or key and value, key first). `for v in map` binds the
  /// value.
  std::uint8_t variables = 0;
  std::uint16_t depth = 0;
  std::uint32_t slot = 0;
  SourceSpan span;
  TypePtr type = nullptr;  ///< static type of the result; nullptr where the checker could not say
  std::string name;
  Value constant;
  std::vector<const Expr*> children;
};

/// Owns expressions; pointers stay valid for its lifetime.
class ExprArena {
 public:
  ExprArena() = default;
  ExprArena(const ExprArena&) = delete;
  ExprArena& operator=(const ExprArena&) = delete;

  [[nodiscard]] Expr& make(ExprKind kind, SourceSpan span) {
    Expr& made = nodes_.emplace_back();
    made.kind = kind;
    made.span = span;
    return made;
  }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

 private:
  std::deque<Expr> nodes_;
};

}  // namespace carbon
