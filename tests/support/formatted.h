#pragma once

#include <memory>
#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "dsl/syntax/syntax_tree.h"

namespace carbon::testing {

/// A text after the formatter, with everything that must hold of any formatting.
class Formatted {
 public:
  explicit Formatted(std::string text);

  /// Whether the input parses; nothing else is defined when it does not.
  [[nodiscard]] bool parses() const { return fault_ != does_not_parse; }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Why this is no formatting, or empty: the input does not parse, the result does not or means something
  /// else, a comment is lost, formatting again changes it, or white space is not canonical.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  static constexpr const char* does_not_parse = "the input does not parse";

  std::string text_;
  std::string fault_;
};

}  // namespace carbon::testing
