#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/expr/expr.h"

namespace carbon {

// Parts that several declarations share.

/// Names and keys that lead to an instance: `orders.db`, `apps["a"]`. Not evaluated but for its keys, because
/// it may name what an expression cannot reach.
struct AddressPath {
  struct Part {
    std::string name;           ///< `.name`, or empty
    const Expr* key = nullptr;  ///< `[key]`, or nullptr
  };
  std::string name;
  std::vector<Part> parts;
  SourceSpan span;
};

/// `for k, v in collection by key if condition`. Slots are those of the declaration's own frame.
struct Repetition {
  const Expr* collection = nullptr;  ///< nullptr: stands once
  const Expr* key = nullptr;         ///< `by`
  const Expr* condition = nullptr;   ///< `if`, with or without `for`
  std::uint8_t variables = 0;        ///< 1: the value; 2: key and value
  std::uint32_t slot = 0;            ///< of the first variable
  SourceSpan span;
};

/// `let` inside a body: evaluated in order before fields and settings.
struct LocalLet {
  std::uint32_t slot = 0;
  const Expr* value = nullptr;
};

/// `input = value`, in an environment or behind `given` of a test.
struct InputLine {
  std::uint32_t input = 0;  ///< declaration of the root scope
  const Expr* value = nullptr;
  std::uint32_t locals = 0;
};

}  // namespace carbon
