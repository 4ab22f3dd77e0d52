#pragma once

#include <cstddef>
#include <cstdint>

namespace carbon {

/// Which closing brackets somebody outside is waiting for.
struct AwaitedClosers {
  bool round = false;
  bool square = false;
  bool curly = false;
};

/// What was given up on.
struct Skipped {
  std::size_t size = 0;
  /// Brackets in it were opened and not closed, or their closers were lost in quotes that are never closed:
  /// what is wrong with the brackets around it may have its cause here.
  bool unbalanced = false;
};

/// How far to give up on an item of a body that is wrong and starts at `at`: to the line end, comma or
/// awaited closing bracket that ends it, over balanced brackets, strings and comments; but never past a line
/// that starts with a declaration keyword in column 0. 0 when that is right here.
[[nodiscard]] Skipped skip_item(const char* at, const char* end, AwaitedClosers awaited);

/// The same for a declaration: it goes on to the next line (after blank and comment lines) that starts with a
/// declaration keyword at any indent, or with any word in column 0, so that one broken declaration is one
/// error.
[[nodiscard]] Skipped skip_declaration(const char* at, const char* end, AwaitedClosers awaited);

}  // namespace carbon
