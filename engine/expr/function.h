#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// What a function does with a secret argument.
enum class OnSecret : std::uint8_t {
  refuse,  ///< C0503: it would decide or reveal something
  taint,   ///< the result is a secret (base64, json_encode, interpolation, literal, scram_sha_256)
  shape,   ///< moves values without looking into them: secret leaves stay leaves, a whole secret is refused
  accept,  ///< gets the handle itself and decides (`+`, member, index, `== null`)
};

/// What a function does with an argument that is, or holds, an unknown.
enum class OnUnknown : std::uint8_t {
  defer,  ///< the result is an unknown that apply finishes
  shape,  ///< works on the shape when only leaf values are unknown (count, keys, get); a whole unknown defers
  accept,  ///< gets the unknown itself (known) and may give one back
};

struct Parameter {
  std::string name;
  std::string type;  ///< as shown to users: `list<T>`
  bool optional = false;
  bool variadic = false;  ///< the last one only
};

/// A built-in function and its documentation (`carbon explain fn NAME`). Pure: the same arguments give the
/// same result.
struct Function {
  using Body = Result<Value> (*)(std::span<const Value> arguments);

  std::string name;
  std::vector<Parameter> parameters;
  std::string result;   ///< as shown to users
  std::string doc;      ///< one or two sentences, then errors
  std::string example;  ///< `slug("A b")  # "a-b"`
  Body body = nullptr;
  OnSecret on_secret = OnSecret::refuse;
  OnUnknown on_unknown = OnUnknown::defer;
  /// Static result type from the arguments' static types (nullptr where not known); nullptr body means
  /// `result` is a plain type name.
  TypePtr (*infer)(std::span<const TypePtr> arguments, TypeTable& types) = nullptr;
};

/// Regular expressions behind `pattern` facets and `regex` strings. RE2 stays out of the engine, so
/// stdlib/native fills this in; what is null is not checked.
struct Patterns {
  /// Whether the whole text matches. A pattern that is not RE2 matches nothing.
  bool (*matches)(std::string_view pattern, std::string_view text) = nullptr;
  /// What is wrong with the pattern; empty when nothing is.
  std::string (*problem)(std::string_view pattern) = nullptr;
};

/// Functions by name: the language's built-ins (stdlib/native) plus the operators and constructors that open
/// terms need (`attribute`, `+`, `member`, `index`, `interpolate` ...). Filled at start, then read only.
class FunctionTable {
 public:
  /// Of two functions with one name the later stays.
  void add(Function function);
  [[nodiscard]] const Function* find(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> names() const;

  void set_patterns(Patterns patterns) { patterns_ = patterns; }
  [[nodiscard]] const Patterns& patterns() const { return patterns_; }

 private:
  std::vector<Function> functions_;  // sorted by name
  Patterns patterns_;
};

/// Adds the operators and the internal functions of open terms.
void add_operators(FunctionTable& table);

}  // namespace carbon
