#include "dsl/format/writer.h"

#include <algorithm>

#include "base/utf8.h"

namespace carbon::layout {

namespace {

/// Enough to tell that a text is too wide: a code point has at most four bytes.
std::size_t width_of(std::string_view text) {
  return text.size() > 4 * line_width ? text.size() / 4 : utf8::count(text);
}

}  // namespace

void Writer::write(std::string_view text) {
  if (measuring_) {
    column_ += width_of(text);
    return;
  }
  if (at_line_start_) {
    out_.append(indent_, ' ');
    column_ = indent_;
    at_line_start_ = false;
  }
  out_ += text;
  column_ += width_of(text);
}

void Writer::end_line() {
  if (measuring_) {
    column_ = line_width + 1;
    return;
  }
  out_ += '\n';
  ++lines_;
  at_line_start_ = true;
}

void Writer::fresh_line() {
  if (!at_line_start_) end_line();
}

void Writer::pad(std::size_t place, std::size_t blanks) {
  if (blanks != 0) pads_.push_back({place, blanks});
}

std::string Writer::take() {
  std::sort(pads_.begin(), pads_.end(), [](const Pad& a, const Pad& b) { return a.place < b.place; });
  std::string aligned;
  aligned.reserve(out_.size() + 8 * pads_.size());
  std::size_t at = 0;
  for (const Pad& pad : pads_) {
    aligned.append(out_, at, pad.place - at);
    aligned.append(pad.blanks, ' ');
    at = pad.place;
  }
  aligned.append(out_, at);
  *this = Writer();
  return aligned;
}

}  // namespace carbon::layout
