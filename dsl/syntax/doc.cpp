#include "dsl/syntax/doc.h"

#include <algorithm>

namespace carbon {

namespace {

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Whether only blanks stand between the offset and the start of its line.
bool begins_line(std::string_view text, std::size_t offset) {
  while (offset > 0 && is_white(text[offset - 1])) --offset;
  return offset == 0 || text[offset - 1] == '\n';
}

/// Whether one line end and blanks are all that stands between the two offsets.
bool is_next_line(std::string_view text, std::size_t from, std::size_t to) {
  std::string_view gap = text.substr(from, to - from);
  return std::count(gap.begin(), gap.end(), '\n') == 1 &&
         std::all_of(gap.begin(), gap.end(), [](char c) { return is_white(c) || c == '\n'; });
}

std::string_view without_marks(std::string_view line) {
  line.remove_prefix(2);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

}  // namespace

std::string doc_text(NodeRef node) {
  const std::vector<SyntaxNode>& nodes = node.tree().nodes();
  const SourceMap::File& file = node.tree().sources().file(node.tree().file());
  std::string_view text = file.text;
  // In preorder the comments right above a node stand right before it in the vector.
  std::uint32_t first = node.index();
  std::uint32_t below = node.span().begin - file.base;
  while (first > 1 && nodes[first - 1].kind == NodeKind::doc_comment) {
    const SyntaxNode& comment = nodes[first - 1];
    if (!begins_line(text, comment.begin - file.base)) break;
    if (!is_next_line(text, comment.end - file.base, below)) break;
    below = comment.begin - file.base;
    --first;
  }
  std::string out;
  for (std::uint32_t i = first; i < node.index(); ++i) {
    if (i != first) out += '\n';
    out += without_marks(node.tree().text({nodes[i].begin, nodes[i].end}));
  }
  return out;
}

}  // namespace carbon
