// Strings: text as it was written; multi-line text moves with the code around it.

#include <algorithm>

#include "dsl/format/printer.h"

namespace carbon::layout {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Whether the text needs no escape between double quotes.
bool is_plain(std::string_view text) {
  return text.find_first_of("\"\\") == std::string_view::npos && text.find("${") == std::string_view::npos;
}

/// Writes the lines of multi-line text without the indent of the old closing quotes; the writer puts the new
/// one before them.
class TextLines {
 public:
  /// `whole` is the literal with its quotes.
  TextLines(Writer& writer, std::string_view whole) : writer_(writer) {
    std::string_view inside = whole.substr(0, whole.size() - 3);
    indent_ = inside.size() - (inside.rfind('\n') + 1);
    strip_ = indent_;
  }

  void write(std::string_view text) {
    while (true) {
      std::size_t end = text.find('\n');
      write_in_line(text.substr(0, end), end != std::string_view::npos);
      if (end == std::string_view::npos) return;
      writer_.end_line();
      strip_ = indent_;
      text.remove_prefix(end + 1);
    }
  }
  /// Something that is not plain text stands here, so the line's indent is over.
  void stop() { strip_ = 0; }

 private:
  void write_in_line(std::string_view text, bool ends_line) {
    while (strip_ != 0 && !text.empty() && is_blank(text.front())) {
      text.remove_prefix(1);
      --strip_;
    }
    if (text.empty()) return;
    strip_ = 0;
    // CRLF becomes LF. A second carriage return is content, and keeps the one that stands for the line end.
    bool crlf = ends_line && text.ends_with('\r') && !text.ends_with("\r\r");
    if (crlf) text.remove_suffix(1);
    if (!text.empty()) writer_.write(text);
  }

  Writer& writer_;
  std::size_t indent_ = 0;
  std::size_t strip_ = 0;
};

}  // namespace

void Printer::string(NodeRef node, Room room) {
  writer_.write("\"");
  for (NodeRef piece : node.children()) print(piece, {room.spread});
  writer_.write("\"");
}

void Printer::raw_string(NodeRef node, Room) {
  std::string_view text = node.text();
  text = text.substr(1, text.size() - 2);
  std::string_view quote = is_plain(text) ? "\"" : "'";
  writer_.write(quote);
  writer_.write(text);
  writer_.write(quote);
}

void Printer::interpolation(NodeRef node, Room) {
  // A line is never broken inside a string: only what cannot do without line ends has them.
  if (written_.needs_lines(node)) {
    group(node, {});
  } else {
    flat_group(sequence_of(node), brackets_of(node.kind()));
  }
}

void Printer::multiline(NodeRef node, Room) {
  writer_.write("\"\"\"");
  Writer::Indented indented(writer_);
  TextLines lines(writer_, node.text());
  NodeRef tag = node.child(NodeKind::language_tag);
  if (tag) writer_.write(tag.text());
  writer_.end_line();
  for (NodeRef piece : node.children()) {
    if (piece.is(NodeKind::string_text)) {
      lines.write(piece.text());
    } else if (!piece.is(NodeKind::language_tag)) {
      lines.stop();
      print(piece, {});
    }
  }
  writer_.write("\"\"\"");
}

void Printer::raw_multiline(NodeRef node, Room) {
  std::string_view whole = node.text();
  std::string_view first = whole.substr(0, whole.find('\n') + 1);
  Writer::Indented indented(writer_);
  TextLines lines(writer_, whole);
  writer_.write(first.substr(0, first.find_first_of("\r\n")));
  writer_.end_line();
  std::string_view content = whole.substr(first.size());
  content = content.substr(0, content.rfind('\n') + 1);
  lines.write(content);
  writer_.write("'''");
}

}  // namespace carbon::layout
