#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "engine/expr/expr.h"
#include "engine/expr/function.h"

namespace carbon {

/// Values of names, innermost first. Every slot that an expression uses is filled before it is evaluated:
/// expand goes in dependency order. Frames are made by the caller and never outlive the evaluation of what
/// they belong to. Loop variables and `let` live in the frame of their expression too (depth 0), at slots
/// that the checker numbers: evaluation holds them itself, so the caller need not make room and nothing is
/// written here.
struct Frame {
  std::vector<Value> slots;
  const Frame* outer = nullptr;
};

/// What evaluation needs from its surroundings.
struct EvalContext {
  const FunctionTable& functions;
  /// Field `name` of the resource, lookup, provider or component instance at `address`: its written value, an
  /// unknown where only apply will tell, or a diagnostic. Called for `member` on a reference.
  std::function<Result<Value>(std::string_view address, std::string_view name, SourceSpan span)> attribute;
  /// Steps left (C0420 when used up): acyclic does not mean cheap.
  std::int64_t fuel = 50'000'000;
  /// `secret.k8s(…)` with its five arguments, null for those that are not written: a handle on what the
  /// cluster keeps. Absent where nothing may be looked up.
  std::function<Result<Value>(const std::vector<Value>& arguments, SourceSpan span)> stored_secret = {};
};

/// The name of the call that EvalContext::stored_secret answers.
inline constexpr std::string_view stored_secret_function = "secret.k8s";
/// The type of the provider that it looks through.
inline constexpr std::string_view cluster_type = "k8s.Cluster";

/// The value of an expression, with origins set. Unknown and secret operands give open values; an unknown
/// that would decide a condition or a key gives C0401, a secret C0503. Cost: the number of nodes visited.
[[nodiscard]] Result<Value> evaluate(const Expr& expr, const Frame& frame, EvalContext& context);

/// Converts a value to a type as a field or input of that type does: decides units, turns written records
/// into sets and maps, checks facets and checked strings of known values, applies no defaults. Unknowns pass.
/// Errors carry `span`.
/// Patterns are checked where `patterns` is given (FunctionTable::patterns). An unknown that a type still has
/// to check or turn (float, quantity, checked strings, facets) becomes a `convert` term, so `close` reports
/// what plan could not see.
[[nodiscard]] Result<Value> convert(const Value& value, const Type& type, SourceSpan span,
                                    const Patterns& patterns = {});

/// How `close` treats secrets.
enum class Secrets : std::uint8_t {
  keep,    ///< stay handles: for plans, diffs, files
  reveal,  ///< replaced by their content: only where a request is built
};

struct CloseContext {
  const FunctionTable& functions;
  /// The value of `path` of the object at `address` as it is now, or an unknown that names it.
  std::function<Result<Value>(std::string_view address, std::string_view path)> attribute;
  /// Content of a secret leaf (`secret.env`, `secret.file`); called only with Secrets::reveal.
  std::function<Result<Value>(const OpenTerm& leaf)> secret;
};

/// Finishes open terms in a value as far as they can be finished now; the rest stays open. O(size).
[[nodiscard]] Result<Value> close(const Value& value, const CloseContext& context, Secrets secrets);

/// Every (address, path) whose attribute the value waits for.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> open_attributes(const Value& value);

}  // namespace carbon
