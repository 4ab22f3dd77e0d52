#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/format/alignment.h"
#include "dsl/format/sequence.h"
#include "dsl/format/writer.h"
#include "dsl/format/written_layout.h"
#include "dsl/syntax/node_ref.h"

namespace carbon::layout {

/// How a node may spread over lines.
enum class Spread : std::uint8_t {
  flat,     ///< on one line, whatever its length
  fitting,  ///< as its author wrote it; brackets that pass the line's limit are broken
  broken,   ///< it is known not to fit, so its outermost brackets are broken
};

/// What a node may use of the place that it is printed at.
struct Room {
  Spread spread = Spread::fitting;
  std::size_t after = 0;  ///< columns that must stay free for what touches its end
  bool own_line = false;  ///< it stands alone between brackets, so its further lines need no deeper indent
};

/// How the brackets of a kind of node are set.
struct Brackets {
  /// What may stay on the line of the bracket when the content takes several lines.
  enum class Hang : std::uint8_t {
    nothing,
    hanging,  ///< a single child that ends in brackets of its own
    single,   ///< any single child
    last,     ///< any single child, or the last one if it is a block and the others fit on the line
  };
  NodeKind kind;
  std::string_view open;
  std::string_view close;
  std::string_view inside;  ///< between bracket and content on one line
  std::string_view comma;   ///< behind each child on a line of its own
  Hang hang;
};
[[nodiscard]] const Brackets& brackets_of(NodeKind kind);

/// One file's tree to text. Used once.
class Printer {
 public:
  explicit Printer(const SyntaxTree& tree) : tree_(tree), written_(tree) {}

  [[nodiscard]] std::string run();

 private:
  using Method = void (Printer::*)(NodeRef, Room);
  static Method method_of(NodeKind kind);

  void print(NodeRef node, Room room);
  void leaf(NodeRef node, Room room);

  // parts.cpp: kinds whose children follow each other on the line, by one table
  enum class PartRange : std::uint8_t { all, key, rest };
  void parts(NodeRef node, Room room);
  void key(NodeRef node);
  void rest(NodeRef node, Room room);
  void part_range(NodeRef node, PartRange range, Room room);
  Room part_room(const std::vector<NodeRef>& children, std::size_t i, Room room);
  void argument(NodeRef node, Room room);
  void argument_name(NodeRef node);

  // groups.cpp: brackets around entries
  void group(NodeRef node, Room room);
  void flat_group(const Sequence& sequence, const Brackets& brackets);
  void broken_group(const Sequence& sequence, const Brackets& brackets);
  void hanging_group(const Sequence& sequence, const Brackets& brackets, Room room);
  [[nodiscard]] bool hangs(const Sequence& sequence, const Brackets& brackets);
  void lines(const Sequence& sequence, std::string_view comma, Room room);
  void entry(const Entry& entry, std::string_view comma, Room room, Alignment& alignment);
  void own_lines(const std::vector<OwnLineComment>& comments, bool& first);
  void comment(NodeRef comment);

  // continued.cpp: expressions and clauses that may go on in the next line
  struct Joint;
  [[nodiscard]] bool stays(const Joint& joint, NodeRef next) const;
  void go_on(Joint& joint, NodeRef next);
  void comment_lines(const std::vector<NodeRef>& comments, std::uint32_t behind);
  void operation(NodeRef node, Room room);
  void conditional(NodeRef node, Room room);
  void union_type(NodeRef node, Room room);
  void else_clause(NodeRef node, Room room);
  void comprehension_field(NodeRef node, Room room);
  void list_comprehension(NodeRef node, Room room);
  void loop(NodeRef node, Room room);
  void loop_result(const std::vector<NodeRef>& children, Room room);
  bool is_pushed_out(const std::vector<NodeRef>& children, Room room);
  void broken_comprehension(NodeRef node);

  // strings.cpp
  void string(NodeRef node, Room room);
  void raw_string(NodeRef node, Room room);
  void multiline(NodeRef node, Room room);
  void raw_multiline(NodeRef node, Room room);
  void interpolation(NodeRef node, Room room);

  const SyntaxTree& tree_;
  WrittenLayout written_;
  Writer writer_;
};

/// Whether the node ends in brackets of its own that can take its lines, so that brackets around it may stay
/// on its first and last line.
[[nodiscard]] bool can_hang(NodeRef node);

}  // namespace carbon::layout
