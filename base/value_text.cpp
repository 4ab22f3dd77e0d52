#include "base/value_text.h"

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_json.h"

namespace carbon {

namespace {

/// Writes no more than it can show, so that a value of megabytes costs no more than a line.
class LineWriter {
 public:
  explicit LineWriter(std::size_t width) : width_(width) {}

  void write(const Value& value) {
    if (full()) return;
    switch (value.kind()) {
      case ValueKind::null:
      case ValueKind::boolean:
      case ValueKind::integer:
      case ValueKind::floating:
      case ValueKind::decimal: out_ += to_json(value); return;
      case ValueKind::string: quoted(value.text()); return;
      case ValueKind::blob: out_ += "(" + std::to_string(value.text().size()) + " bytes)"; return;
      case ValueKind::quantity: out_ += value.as_quantity().text(); return;
      case ValueKind::duration: out_ += value.as_duration().text(); return;
      case ValueKind::list:
      case ValueKind::set: items(value); return;
      case ValueKind::map:
      case ValueKind::record: fields(value); return;
      case ValueKind::reference: out_ += visible_line(value.text()); return;
      case ValueKind::secret: out_ += "(secret)"; return;
      case ValueKind::unknown: out_ += "(known after apply)"; return;
    }
  }

  [[nodiscard]] std::string take() && { return utf8::cut(visible(out_), width_); }

 private:
  [[nodiscard]] bool full() const { return out_.size() > width_ * 4; }

  void quoted(std::string_view text) {
    // Four bytes a column at most: what is behind that cannot be shown.
    std::string json = json_quote(text.substr(0, width_ * 4));
    out_ += json;
  }

  /// A key that would end the line, or look like more than one field, is quoted.
  [[nodiscard]] std::string key(std::string_view text) const {
    bool plain = !text.empty() && text.find_first_of("\n\t\"{}[]=,") == std::string_view::npos;
    return plain ? std::string(text) : json_quote(text.substr(0, width_ * 4));
  }

  void items(const Value& value) {
    out_ += "[";
    bool first = true;
    for (const Value& item : value.items()) {
      if (full()) break;
      if (!first) out_ += ", ";
      first = false;
      write(item);
    }
    out_ += "]";
  }

  void fields(const Value& value) {
    if (value.entries().empty()) {
      out_ += "{}";
      return;
    }
    out_ += "{ ";
    bool first = true;
    for (const Entry& entry : value.entries()) {
      if (full()) break;
      if (!first) out_ += ", ";
      first = false;
      out_ += key(entry.key.text());
      out_ += " = ";
      write(entry.value);
    }
    out_ += " }";
  }

  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string value_text(const Value& value, std::size_t width) {
  LineWriter writer(width);
  writer.write(value);
  return std::move(writer).take();
}

}  // namespace carbon
