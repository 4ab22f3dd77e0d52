#include "dsl/parse/check_tree.h"

#include <fmt/core.h>

#include <optional>

#include "dsl/parse/parse.h"
#include "dsl/parse/scan.h"
#include "dsl/syntax/literal.h"
#include "dsl/syntax/precedence.h"

namespace carbon {

namespace {

class TreeCheck {
 public:
  explicit TreeCheck(const SyntaxTree& tree) : tree_(tree) {}

  std::vector<Diagnostic> run() {
    for (std::uint32_t i = 0; i < tree_.nodes().size(); ++i) {
      NodeKind kind = tree_.nodes()[i].kind;
      NodeRef node(tree_, i);
      if (kind == NodeKind::escape) check_escape(node);
      if (kind == NodeKind::operation) check_operation(node);
      if (kind == NodeKind::postfix) check_length(node);
      if (kind == NodeKind::multiline || kind == NodeKind::raw_multiline) check_indent(node);
    }
    return std::move(out_);
  }

 private:
  Diagnostic& error(DiagnosticCode code, std::string message, SourceSpan span, std::string label = {}) {
    Diagnostic made;
    made.code = code;
    made.message = std::move(message);
    made.labels.push_back({span, std::move(label)});
    out_.push_back(std::move(made));
    return out_.back();
  }

  void check_escape(NodeRef escape) {
    if (!escape_value(escape.text()).empty()) return;
    error(DiagnosticCode::bad_escape, fmt::format("`{}` is no escape", escape.text()), escape.span())
        .helps.push_back(
            {"escapes are `\\n \\t \\r \\\" \\\\ \\$ \\u{1F600}`; a raw string `'…'` has none", {}});
  }

  /// Operators and postfix parts are of category part, their operands are expressions.
  void check_length(NodeRef chain) {
    // The first comparison spares counting: a chain has no more parts than its subtree has nodes.
    if (tree_.nodes()[chain.index()].size <= max_chain) return;
    if (chain.children(NodeCategory::part).count() <= max_chain) return;
    error(DiagnosticCode::nesting_too_deep,
          fmt::format("more than {} operators in one expression", max_chain),
          {chain.span().begin, chain.span().begin + 1}, "starts here")
        .helps.push_back({"split it with `let`", {}});
  }

  void check_operation(NodeRef operation) {
    check_length(operation);
    NodeRef before;      // the operator right before this child, if it is one
    NodeRef comparison;  // the last comparison since an operator that binds looser
    for (NodeRef child : operation.children()) {
      if (child.is(NodeKind::prefix_operator)) {
        if (operator_of(child) == Operator::not_) check_not(before, child);
      } else if (child.is(NodeKind::binary_operator)) {
        check_comparison(comparison, child);
      } else {
        before = {};
        continue;
      }
      before = child;
    }
  }

  void check_not(NodeRef before, NodeRef token) {
    if (!before || precedence(operator_of(before)) <= precedence(Operator::not_)) return;
    error(DiagnosticCode::expected_token, fmt::format("`not` binds looser than `{}`", before.text()),
          token.span())
        .helps.push_back({"write it in brackets: `(not …)`", {}});
  }

  void check_comparison(NodeRef& comparison, NodeRef token) {
    int here = precedence(operator_of(token));
    int level = precedence(Operator::equal);
    if (here < level) comparison = {};
    if (here != level) return;
    if (comparison) {
      Diagnostic& made = error(DiagnosticCode::expected_token, "comparisons do not chain", token.span());
      made.labels.push_back({comparison.span(), "the first comparison"});
      made.helps.push_back({"write `a < b and b < c`", {}});
    }
    comparison = token;
  }

  /// Only line starts inside text count; the lines of a `${…}` are code.
  void check_indent(NodeRef literal) {
    std::string_view whole = literal.text();
    std::string_view indent = whole.substr(0, whole.size() - 3);
    indent.remove_prefix(indent.rfind('\n') + 1);
    if (indent.empty()) return;
    std::uint32_t first = literal.span().begin + static_cast<std::uint32_t>(whole.find('\n') + 1);
    if (literal.is(NodeKind::raw_multiline)) {
      check_lines({first, literal.span().end}, true, indent);
      return;
    }
    for (NodeRef piece : literal.children()) {
      if (piece.is(NodeKind::language_tag)) continue;
      bool starts_line = piece.span().begin == first;
      SourceSpan span = piece.span();
      if (!piece.is(NodeKind::string_text)) {
        // Something that is no text right at the start of the first line has no indent at all.
        if (starts_line && report_line({span.begin, span.begin})) return;
        continue;
      }
      if (check_lines(span, starts_line, indent)) return;
    }
  }

  /// Whether a line was reported; one a literal is enough.
  bool check_lines(SourceSpan text, bool starts_line, std::string_view indent) {
    std::string_view rest = tree_.text(text);
    std::uint32_t at = text.begin;
    while (true) {
      if (starts_line && !is_indented(rest, indent)) {
        auto blanks = static_cast<std::uint32_t>(scan::blanks(rest.data(), rest.data() + rest.size()));
        return report_line({at, at + blanks});
      }
      std::size_t line = rest.find('\n');
      if (line == std::string_view::npos) return false;
      rest.remove_prefix(line + 1);
      at += static_cast<std::uint32_t>(line + 1);
      starts_line = true;
      // The text may end right where a line starts: then the closing quotes or code follow.
      if (rest.empty()) return false;
    }
  }

  static bool is_indented(std::string_view line, std::string_view indent) {
    std::size_t blanks = scan::blanks(line.data(), line.data() + line.size());
    bool is_empty = blanks == line.size() || line[blanks] == '\n' || line[blanks] == '\r';
    return is_empty || line.starts_with(indent);
  }

  bool report_line(SourceSpan span) {
    error(DiagnosticCode::expected_token, "a line is indented less than the closing quotes", span,
          "indent it at least as far");
    return true;
  }

  const SyntaxTree& tree_;
  std::vector<Diagnostic> out_;
};

}  // namespace

std::vector<Diagnostic> check_tree(const SyntaxTree& tree) { return TreeCheck(tree).run(); }

}  // namespace carbon
