#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace carbon {

/// What a line of the console is an answer to: expressions in a platform, with names of the console's own.
/// Every line reads the platform's files anew, so that what is edited meanwhile counts. Prints; keeps no
/// terminal.
class Console {
 public:
  explicit Console(Options options) : options_(std::move(options)) {}

  enum class Answer : std::uint8_t { good, bad, leave };
  /// Evaluates an expression, adds a `let` or `fn`, or carries out a command that begins with `:`.
  [[nodiscard]] Answer enter(const std::string& text);
  /// Names that begin with the word, in order; behind a dot the fields of what stands before it.
  [[nodiscard]] std::vector<std::string> completions(const std::string& word) const;
  [[nodiscard]] std::string_view environment() const {
    return options_.environment ? std::string_view(*options_.environment) : std::string_view();
  }

 private:
  struct Own {
    std::string name;
    std::string text;
  };

  [[nodiscard]] Answer command(std::string_view text);
  [[nodiscard]] Answer declare(std::string_view name, const std::string& text);
  [[nodiscard]] Answer evaluate(const std::string& expression) const;
  [[nodiscard]] Answer print_type(const std::string& expression) const;
  [[nodiscard]] std::string own_text() const;

  Options options_;
  std::vector<Own> own_;
};

/// Whether more lines may follow: a bracket or a text of several lines is open, or an operator ends the text.
[[nodiscard]] bool is_incomplete(const std::string& text);

}  // namespace carbon
