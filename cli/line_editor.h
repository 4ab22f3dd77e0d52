#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carbon {

/// Reads lines: on a terminal with editing, a history that is kept between runs, and completion; from
/// anything else as they come, without a prompt. libedit does the work, and is loaded when a terminal is
/// there (docs/decisions/0005). One a process, on the main thread.
class LineEditor {
 public:
  /// What may stand in place of a word: the words that begin with it.
  using Complete = std::function<std::vector<std::string>(const std::string& word)>;

  /// The history's folder is made if need be; a history that cannot be read or written is none.
  LineEditor(std::string history_file, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class Outcome : std::uint8_t { line, interrupted, end };
  struct Read {
    Outcome outcome = Outcome::end;
    std::string text;  ///< without its line end
  };
  /// The next line. A line that begins with a blank is not kept in the history.
  [[nodiscard]] Read read(const std::string& prompt);
  [[nodiscard]] bool is_terminal() const { return terminal_ != nullptr; }

 private:
  struct Terminal;
  std::unique_ptr<Terminal> terminal_;  // null without one
};

}  // namespace carbon
