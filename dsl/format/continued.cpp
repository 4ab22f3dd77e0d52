// Expressions and clauses that may go on in the next line: behind an operator, `|`, `then`, `else` and the
// `:` of a loop. Line ends stay where they were written there. None is added, but for a loop whose value
// would find no place behind it.

#include <algorithm>
#include <iterator>

#include "dsl/format/printer.h"

namespace carbon::layout {

/// The place between two children of a node, reached from the end of the earlier one.
struct Printer::Joint {
  Writer& writer;
  Room room;
  std::uint32_t behind = 0;
  std::vector<NodeRef> comments{};
  std::optional<Writer::Indented> indented{};

  /// Keeps a comment for the next line end; false for anything else.
  bool takes(NodeRef child) {
    bool is_comment = category(child.kind()) == NodeCategory::trivia;
    if (is_comment) comments.push_back(child);
    return is_comment;
  }
  /// Further lines are one level deeper than the first, however many there are.
  void indent() {
    if (!room.own_line && !indented) indented.emplace(writer);
  }
  /// How a child is printed here; what must stay free is behind the last one only.
  [[nodiscard]] Room room_of(NodeRef child, NodeRef node) const {
    Room inner;
    inner.spread = room.spread == Spread::flat ? Spread::flat : Spread::fitting;
    inner.after = child.span().end == node.span().end ? room.after : 0;
    return inner;
  }
};

namespace {

/// `[key] = value` behind the loop, not a value alone.
bool has_key(const std::vector<NodeRef>& loop) { return loop.size() > 2 && !loop[2].is(NodeKind::if_clause); }

bool is_not_in(NodeRef token) { return token.text().starts_with("not"); }

}  // namespace

/// Whether the next child stands on the line where the one before it ends.
bool Printer::stays(const Joint& joint, NodeRef next) const {
  bool written_so = joint.comments.empty() && line_ends(tree_, joint.behind, next.span().begin) == 0;
  return written_so || joint.room.spread == Spread::flat;
}

/// Prints what separates a child from what stands before it: a blank, or a line end with comments.
void Printer::go_on(Joint& joint, NodeRef next) {
  if (stays(joint, next)) {
    writer_.write(" ");
    return;
  }
  joint.indent();
  comment_lines(joint.comments, joint.behind);
  joint.comments.clear();
  writer_.fresh_line();
}

void Printer::comment_lines(const std::vector<NodeRef>& comments, std::uint32_t behind) {
  for (NodeRef each : comments) {
    if (line_ends(tree_, behind, each.span().begin) == 0) {
      writer_.write(" ");
    } else {
      writer_.fresh_line();
    }
    comment(each);
    behind = each.span().end;
  }
}

void Printer::operation(NodeRef node, Room room) {
  Joint joint{writer_, room};
  bool touches = true;  // the next operand needs nothing before it
  for (NodeRef child : node.children_with_trivia()) {
    if (writer_.full()) return;
    if (joint.takes(child)) continue;
    if (child.is(NodeKind::binary_operator)) {
      writer_.write(" ");
      writer_.write(is_not_in(child) ? "not in" : child.text());
      touches = false;
    } else {
      if (!touches) go_on(joint, child);
      if (child.is(NodeKind::prefix_operator)) {
        writer_.write(child.text() == "-" ? "-" : "not ");
      } else {
        print(child, joint.room_of(child, node));
      }
      touches = true;
    }
    joint.behind = child.span().end;
  }
}

void Printer::conditional(NodeRef node, Room room) {
  static constexpr std::string_view keywords[] = {"if", " then", " else"};
  Joint joint{writer_, room, node.span().begin};
  std::size_t branch = 0;
  for (NodeRef child : node.children_with_trivia()) {
    if (writer_.full()) return;
    if (joint.takes(child)) continue;
    writer_.write(keywords[branch]);
    // The branches of `else if` are those of one chain, so they are not indented further and further.
    bool chained = branch == 2 && child.is(NodeKind::conditional) && stays(joint, child);
    if (chained) joint.indented.reset();
    go_on(joint, child);
    Room inner = joint.room_of(child, node);
    inner.own_line = chained && room.own_line;
    print(child, inner);
    joint.behind = child.span().end;
    ++branch;
  }
}

void Printer::union_type(NodeRef node, Room room) {
  Joint joint{writer_, room};
  bool first = true;
  for (NodeRef child : node.children_with_trivia()) {
    if (writer_.full()) return;
    if (joint.takes(child)) continue;
    if (!first) {
      writer_.write(" |");
      go_on(joint, child);
    }
    first = false;
    print(child, joint.room_of(child, node));
    joint.behind = child.span().end;
  }
}

void Printer::else_clause(NodeRef node, Room room) {
  Joint joint{writer_, room, node.span().begin};
  writer_.write("else");
  for (NodeRef child : node.children_with_trivia()) {
    if (joint.takes(child)) continue;
    go_on(joint, child);
    print(child, joint.room_of(child, node));
  }
}

void Printer::comprehension_field(NodeRef node, Room room) {
  // In braces a loop has its line to itself unless they are flat, too.
  room.own_line = room.spread != Spread::flat;
  loop(node, room);
}

/// `for … :` and what it makes: `[key] = value` of a record, or the value of a list.
void Printer::loop(NodeRef node, Room room) {
  ChildRange range = node.children();
  std::vector<NodeRef> children(range.begin(), range.end());
  Joint joint{writer_, {room.spread}};
  print(children[0], part_room(children, 0, room));
  writer_.write(" :");
  joint.behind = children[0].span().end;
  joint.comments = comments_between(node, children[0], children[1]);
  if (room.own_line && stays(joint, children[1]) && is_pushed_out(children, room)) {
    joint.indent();
    writer_.fresh_line();
  } else {
    go_on(joint, children[1]);
  }
  loop_result(children, room);
}

void Printer::loop_result(const std::vector<NodeRef>& children, Room room) {
  bool keyed = has_key(children);
  for (std::size_t i = 1; i < children.size() && !writer_.full(); ++i) {
    if (children[i].is(NodeKind::if_clause)) writer_.write(" ");
    if (keyed && i == 1) writer_.write("[");
    if (keyed && i == 2) writer_.write("] = ");
    print(children[i], part_room(children, i, room));
  }
}

/// Whether what the loop makes passes the end of its line and cannot be broken, so that it needs the next
/// one.
bool Printer::is_pushed_out(const std::vector<NodeRef>& children, Room room) {
  bool breaks = std::any_of(std::next(children.begin()), children.end(), [this](NodeRef child) {
    return written_.is_multiline(child) || can_hang(child);
  });
  return !breaks && !writer_.fits(room.after, [&] {
    writer_.write(" ");
    loop_result(children, {Spread::flat});
  });
}

void Printer::list_comprehension(NodeRef node, Room room) {
  bool multiline = written_.is_multiline(node);
  auto on_line = [&](Room inner) {
    writer_.write("[");
    loop(node, inner);
    writer_.write("]");
  };
  bool flat = room.spread == Spread::flat;
  if (room.spread == Spread::fitting && !multiline) {
    flat = writer_.fits(room.after, [&] { on_line({Spread::flat}); });
  }
  if (flat) {
    on_line({Spread::flat});
  } else if (!written_.is_broken(node) && (multiline || can_hang(node.value()))) {
    on_line({multiline ? Spread::fitting : Spread::broken, room.after + 1});
  } else {
    broken_comprehension(node);
  }
}

/// The loop on a line of its own, as a field would stand in braces.
void Printer::broken_comprehension(NodeRef node) {
  NodeRef each = node.child(NodeKind::each_clause);
  std::vector<NodeRef> above = comments_between(node, {}, each);
  writer_.write("[");
  {
    Writer::Indented indented(writer_);
    comment_lines(above, node.span().begin);
    writer_.fresh_line();
    loop(node, {Spread::fitting, 0, true});
    NodeRef last = last_child(node);
    comment_lines(comments_between(node, last, {}), last.span().end);
  }
  writer_.fresh_line();
  writer_.write("]");
}

}  // namespace carbon::layout
