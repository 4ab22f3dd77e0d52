// Brackets around entries: on one line, hanging, or one entry a line.

#include <algorithm>
#include <cstdlib>

#include "dsl/format/order.h"
#include "dsl/format/printer.h"

namespace carbon::layout {

namespace {

using Hang = Brackets::Hang;

constexpr Brackets table[] = {
    {NodeKind::body, "{", "}", " ", "", Hang::nothing},
    {NodeKind::record_type, "{", "}", " ", "", Hang::nothing},
    {NodeKind::component_body, "{", "}", " ", "", Hang::nothing},
    {NodeKind::list, "[", "]", "", ",", Hang::hanging},
    {NodeKind::call, "(", ")", "", ",", Hang::last},
    {NodeKind::facets, "(", ")", "", ",", Hang::last},
    {NodeKind::parameters, "(", ")", "", ",", Hang::last},
    {NodeKind::paren, "(", ")", "", "", Hang::single},
    {NodeKind::index, "[", "]", "", "", Hang::single},
    {NodeKind::interpolation, "${", "}", "", "", Hang::single},
};

/// Comments may end in blanks that nobody sees.
std::string_view without_end(std::string_view text) {
  std::size_t end = text.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

/// Whether the value is a block: braces, a list or multi-line text.
bool is_block(NodeRef node) {
  if (node.is(NodeKind::argument)) return is_block(node.value());
  bool brackets = node.is(NodeKind::body) || node.is(NodeKind::list);
  return node.is(NodeKind::list_comprehension) || node.is(NodeKind::multiline) ||
         node.is(NodeKind::raw_multiline) || (brackets && !node.children().empty());
}

}  // namespace

const Brackets& brackets_of(NodeKind kind) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [kind](const Brackets& row) { return row.kind == kind; });
  if (found == std::end(table)) std::abort();  // only kinds of the table are printed as groups
  return *found;
}

bool can_hang(NodeRef node) {
  if (is_block(node)) return true;
  if (node.is(NodeKind::record_type)) return !node.children().empty();
  if (node.is(NodeKind::postfix)) return can_hang(last_child(node));
  if (node.is(NodeKind::call)) {
    std::size_t arguments = node.children().count();
    return arguments > 1 || (arguments == 1 && can_hang(node.children().at(0)));
  }
  bool wraps = node.is(NodeKind::paren) || node.is(NodeKind::argument) || node.is(NodeKind::element) ||
               node.is(NodeKind::spread_element);
  return wraps && can_hang(node.value());
}

void Printer::group(NodeRef node, Room room) {
  const Brackets& brackets = brackets_of(node.kind());
  Sequence sequence = sequence_of(node);
  if (node.is(NodeKind::body)) order_body(written_.parent(node), sequence);
  bool flat = room.spread == Spread::flat || sequence.empty();
  if (!flat && room.spread == Spread::fitting && !written_.is_multiline(node)) {
    flat = writer_.fits(room.after, [&] { flat_group(sequence, brackets); });
  }
  if (flat) {
    flat_group(sequence, brackets);
  } else if (!written_.is_broken(node) && hangs(sequence, brackets)) {
    hanging_group(sequence, brackets, room);
  } else {
    broken_group(sequence, brackets);
  }
}

void Printer::flat_group(const Sequence& sequence, const Brackets& brackets) {
  writer_.write(brackets.open);
  std::string_view before = brackets.inside;
  for (const Entry& entry : sequence.entries) {
    if (writer_.full()) return;
    writer_.write(before);
    print(entry.node, {Spread::flat});
    before = ", ";
  }
  if (!sequence.entries.empty()) writer_.write(brackets.inside);
  writer_.write(brackets.close);
}

void Printer::broken_group(const Sequence& sequence, const Brackets& brackets) {
  writer_.write(brackets.open);
  if (sequence.comment) {
    writer_.write(" ");
    comment(sequence.comment);
  }
  {
    Writer::Indented indented(writer_);
    Room room;
    room.after = brackets.comma.size();
    room.own_line = brackets.hang == Hang::single;
    lines(sequence, brackets.comma, room);
  }
  writer_.fresh_line();
  writer_.write(brackets.close);
}

bool Printer::hangs(const Sequence& sequence, const Brackets& brackets) {
  const std::vector<Entry>& entries = sequence.entries;
  NodeRef last = entries.back().node;
  switch (brackets.hang) {
    case Hang::nothing: return false;
    case Hang::hanging: return entries.size() == 1 && can_hang(last);
    case Hang::single: return true;
    case Hang::last: break;
  }
  if (entries.size() == 1) return true;
  bool others_flat = std::none_of(entries.begin(), std::prev(entries.end()),
                                  [this](const Entry& entry) { return written_.is_multiline(entry.node); });
  return others_flat && is_block(last) && writer_.fits(1, [&] {
    writer_.write(brackets.open);
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
      print(entries[i].node, {Spread::flat});
      writer_.write(", ");
    }
    argument_name(last);
  });
}

void Printer::hanging_group(const Sequence& sequence, const Brackets& brackets, Room room) {
  writer_.write(brackets.open);
  for (const Entry& entry : sequence.entries) {
    bool last = &entry == &sequence.entries.back();
    Room inner{Spread::flat, room.after + brackets.close.size()};
    if (last) {
      // What is on several lines already breaks by itself.
      bool breaks = !written_.is_multiline(entry.node) && can_hang(entry.node);
      inner.spread = breaks ? Spread::broken : Spread::fitting;
    }
    print(entry.node, inner);
    if (!last) writer_.write(", ");
  }
  writer_.write(brackets.close);
}

void Printer::lines(const Sequence& sequence, std::string_view comma, Room room) {
  Alignment alignment(writer_);
  bool first = true;
  own_lines(sequence.header, first);
  for (const Entry& entry : sequence.entries) {
    if (!entry.above.empty() || entry.blank_before) alignment.end();
    own_lines(entry.above, first);
    writer_.fresh_line();
    if (entry.blank_before && !first) writer_.end_line();
    first = false;
    this->entry(entry, comma, room, alignment);
  }
  own_lines(sequence.below, first);
}

void Printer::entry(const Entry& entry, std::string_view comma, Room room, Alignment& alignment) {
  Column column = column_of(entry.node.kind());
  std::size_t lines_before = writer_.lines();
  if (column == Column::none) {
    print(entry.node, room);
    alignment.end();
  } else {
    key(entry.node);
    Alignment::Row row{writer_.size(), writer_.column(), 0};
    rest(entry.node, room);
    row.end_column = writer_.column();
    if (writer_.lines() == lines_before) {
      alignment.add(column, row);
    } else {
      alignment.end();
    }
  }
  writer_.write(comma);
  if (entry.comment) {
    writer_.write(" ");
    comment(entry.comment);
  }
}

void Printer::own_lines(const std::vector<OwnLineComment>& comments, bool& first) {
  for (const OwnLineComment& each : comments) {
    writer_.fresh_line();
    if (each.blank_before && !first) writer_.end_line();
    first = false;
    comment(each.comment);
  }
}

void Printer::comment(NodeRef comment) { writer_.write(without_end(comment.text())); }

}  // namespace carbon::layout
