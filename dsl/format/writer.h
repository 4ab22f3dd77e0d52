#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace carbon::layout {

/// Columns that a line should keep within. Soft: what cannot be broken stays longer.
inline constexpr std::size_t line_width = 110;

/// The text under construction: indents lines, counts columns in code points, and can try whether something
/// fits without writing it. Blanks that align fields are known only after their whole run is written; they
/// are remembered and put in at the end, so that columns and decisions never depend on them.
class Writer {
 public:
  /// One level of indentation as long as it lives.
  class Indented {
   public:
    explicit Indented(Writer& writer) : writer_(writer) { writer_.indent_ += 2; }
    ~Indented() { writer_.indent_ -= 2; }
    Indented(const Indented&) = delete;
    Indented& operator=(const Indented&) = delete;

   private:
    Writer& writer_;
  };

  /// Text without a line end. The first of a line is indented.
  void write(std::string_view text);
  void end_line();
  /// Ends the line unless nothing stands on it.
  void fresh_line();

  /// Code points on the line so far, its indent included.
  [[nodiscard]] std::size_t column() const { return at_line_start_ ? indent_ : column_; }
  /// Lines ended so far.
  [[nodiscard]] std::size_t lines() const { return lines_; }
  /// Bytes so far: a place for pad().
  [[nodiscard]] std::size_t size() const { return out_.size(); }
  /// Puts blanks in at a place of the past.
  void pad(std::size_t place, std::size_t blanks);

  /// Whether what `print` writes ends at least `after` columns before the line's limit.
  template <class Print>
  [[nodiscard]] bool fits(std::size_t after, Print&& print) {
    return measure(column(), after, print) <= line_width;
  }
  /// Columns that `print` takes; more than line_width when it is more than that.
  template <class Print>
  [[nodiscard]] std::size_t width(Print&& print) {
    return measure(0, 0, print);
  }
  /// While something is measured: it is too wide already, so that there is no need to go on.
  [[nodiscard]] bool full() const { return measuring_ && column_ > line_width; }

  /// Everything, aligned. The writer is empty afterwards.
  [[nodiscard]] std::string take();

 private:
  template <class Print>
  std::size_t measure(std::size_t column, std::size_t after, Print&& print) {
    std::size_t saved_column = column_;
    bool saved_start = at_line_start_;
    bool saved_measuring = measuring_;
    column_ = column + after;
    at_line_start_ = false;
    measuring_ = true;
    print();
    measuring_ = saved_measuring;
    std::size_t end = column_;
    column_ = saved_column;
    at_line_start_ = saved_start;
    return end;
  }

  struct Pad {
    std::size_t place;
    std::size_t blanks;
  };

  std::string out_;
  std::vector<Pad> pads_;
  std::size_t indent_ = 0;
  std::size_t column_ = 0;
  std::size_t lines_ = 0;
  bool at_line_start_ = true;
  bool measuring_ = false;
};

}  // namespace carbon::layout
