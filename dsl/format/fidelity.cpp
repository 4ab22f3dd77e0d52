#include "dsl/format/fidelity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "dsl/syntax/doc.h"
#include "dsl/syntax/literal.h"
#include "dsl/syntax/precedence.h"

namespace carbon {

namespace {

bool is_string(NodeKind kind) {
  return kind == NodeKind::string || kind == NodeKind::raw_string || kind == NodeKind::multiline ||
         kind == NodeKind::raw_multiline;
}

/// Declarations in whose body settings may stand. That of a `let` is a value.
bool has_settings(NodeKind kind) {
  static constexpr std::array kinds = {
      NodeKind::platform, NodeKind::environment, NodeKind::provider, NodeKind::resource, NodeKind::lookup,
      NodeKind::use,      NodeKind::policy,      NodeKind::test,     NodeKind::type_via,
  };
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Without the blanks at its end that nobody sees.
std::string_view visible_part(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

std::string visible_doc(NodeRef node) {
  std::string doc = doc_text(node);
  std::string out;
  for (std::string_view rest = doc; !rest.empty();) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    out += visible_part(rest.substr(0, end));
    out += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

/// Writes what a tree says, as text that is the same for trees which say the same.
class Meaning {
 public:
  explicit Meaning(std::string& out) : out_(out) {}

  void add(NodeRef node) {
    NodeKind kind = is_string(node.kind()) ? NodeKind::string : node.kind();
    fmt::format_to(std::back_inserter(out_), "({}", to_string(kind));
    bool documented = category(node.kind()) == NodeCategory::declaration || node.is(NodeKind::typed_field);
    if (documented) add_text(" doc", visible_doc(node));
    if (is_string(node.kind())) {
      add_string(node);
    } else if (node.is(NodeKind::binary_operator)) {
      add_text("", to_string(operator_of(node)));
    } else if (node.is(NodeKind::file)) {
      add_file(node);
    } else if (node.children().empty()) {
      if (!is_empty_group(node)) add_text("", node.text());
    } else {
      add_children(node);
    }
    out_ += ")\n";
  }

 private:
  void add_text(std::string_view what, std::string_view text) {
    fmt::format_to(std::back_inserter(out_), "{} {}:{}", what, text.size(), text);
  }

  static bool is_empty_group(NodeRef node) {
    return std::string_view("{[(").find(node.text().front()) != std::string_view::npos;
  }

  /// Quotes, line ends and the indent of multi-line text say nothing: all strings are of one kind.
  void add_string(NodeRef node) {
    bool tagged = node.is(NodeKind::multiline) || node.is(NodeKind::raw_multiline);
    if (tagged) add_text(" tag", language_tag(node));
    for (const StringPart& part : string_parts(node)) {
      if (part.expression) {
        add(part.expression);
      } else {
        add_text("", part.text);
      }
    }
  }

  void add_children(NodeRef node) {
    for (NodeRef child : node.children()) {
      if (has_settings(node.kind()) && child.is(NodeKind::body)) {
        add_body(child);
      } else {
        add(child);
      }
    }
  }

  /// The order of imports says nothing.
  void add_file(NodeRef file) {
    std::vector<std::string> imports;
    for (NodeRef child : file.children(NodeKind::import)) Meaning(imports.emplace_back()).add(child);
    std::sort(imports.begin(), imports.end());
    out_ += fmt::format("{}", fmt::join(imports, ""));
    for (NodeRef child : file.children()) {
      if (!child.is(NodeKind::import)) add(child);
    }
  }

  /// Settings of a declaration may move, but not across a `let`, and those of one word keep their order.
  void add_body(NodeRef body) {
    std::vector<std::pair<std::string_view, std::string>> settings;
    std::size_t lets = 0;
    for (NodeRef item : body.children()) {
      if (item.is(NodeKind::setting)) {
        settings.emplace_back(item.word(), fmt::format("{} lets, then ", lets));
        Meaning(settings.back().second).add(item);
        continue;
      }
      if (item.is(NodeKind::item_let)) ++lets;
      add(item);
    }
    std::stable_sort(settings.begin(), settings.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [word, meaning] : settings) out_ += meaning;
  }

  std::string& out_;
};

/// Every comment, in an order that says nothing.
std::vector<std::string> comments_of(const SyntaxTree& tree) {
  std::vector<std::string> out;
  for (const SyntaxNode& node : tree.nodes()) {
    if (node.kind != NodeKind::comment && node.kind != NodeKind::doc_comment) continue;
    out.emplace_back(visible_part(tree.text({node.begin, node.end})));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string format_fault(const SyntaxTree& before, const SyntaxTree& after) {
  if (comments_of(before) != comments_of(after)) return "a comment is lost, changed or doubled";
  std::string wanted;
  std::string found;
  Meaning(wanted).add(before.root());
  Meaning(found).add(after.root());
  if (wanted == found) return {};
  auto [a, b] = std::mismatch(wanted.begin(), wanted.end(), found.begin(), found.end());
  auto at = static_cast<std::size_t>(a - wanted.begin());
  std::size_t line = at == 0 ? 0 : wanted.rfind('\n', at - 1) + 1;
  return fmt::format("it means something else: `{}` became `{}`", wanted.substr(line, at - line + 40),
                     found.substr(line, static_cast<std::size_t>(b - found.begin()) - line + 40));
}

}  // namespace carbon
