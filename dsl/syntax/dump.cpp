#include "dsl/syntax/dump.h"

#include <fmt/core.h>

#include "dsl/syntax/node_ref.h"

namespace carbon {

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string dump(const SyntaxTree& tree) {
  std::string out;
  std::vector<std::uint32_t> ends;  // where the open nodes end; its size is the depth
  for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    const SyntaxNode& node = tree.nodes()[i];
    SourceLocation begin = tree.sources().locate(node.begin);
    SourceLocation end = tree.sources().locate(node.end);
    out += fmt::format("{:{}}{} {}:{}-{}:{}", "", 2 * ends.size(), to_string(node.kind), begin.line,
                       begin.column, end.line, end.column);
    if (node.size == 1) out += ' ' + quoted(tree.text({node.begin, node.end}));
    out += '\n';
    ends.push_back(i + node.size);
  }
  return out;
}

}  // namespace carbon
