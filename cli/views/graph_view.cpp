#include "cli/views/graph_view.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/diagnostic_text.h"
#include "base/value_json.h"
#include "engine/graph/graph_text.h"

namespace carbon {

namespace {

std::string dot_quoted(std::string_view text) { return json_quote(visible(text)); }

std::string dot(const GraphPicture& picture) {
  std::string out =
      "digraph carbon {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  std::map<std::string, std::vector<std::size_t>> frames;
  for (std::size_t i = 0; i < picture.boxes.size(); ++i) frames[picture.boxes[i].frame].push_back(i);
  std::size_t number = 0;
  for (const auto& [name, members] : frames) {
    if (!name.empty())
      out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", number++, dot_quoted(name));
    for (std::size_t member : members) {
      const GraphPicture::Box& box = picture.boxes[member];
      out += fmt::format("    n{} [label={}];\n", member, dot_quoted(box.title + "\n" + box.note));
    }
    if (!name.empty()) out += "  }\n";
  }
  for (const GraphPicture::Arrow& arrow : picture.arrows) {
    std::string style = arrow.only_order ? "style=dashed" : "";
    if (arrow.count > 1) style += fmt::format("{}label=\"{}\"", style.empty() ? "" : ", ", arrow.count);
    out += fmt::format("  n{} -> n{}{};\n", arrow.from, arrow.to, style.empty() ? "" : " [" + style + "]");
  }
  return out + "}\n";
}

std::string mermaid(const GraphPicture& picture) {
  auto label = [](std::string_view text) {
    std::string out = visible(text);
    std::replace(out.begin(), out.end(), '"', '\'');
    return out;
  };
  std::string out = "graph LR\n";
  for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
    const GraphPicture::Box& box = picture.boxes[i];
    out += fmt::format("  n{}[\"{}<br>{}\"]\n", i, label(box.title), label(box.note));
  }
  for (const GraphPicture::Arrow& arrow : picture.arrows) {
    std::string count = arrow.count > 1 ? fmt::format("|{}|", arrow.count) : "";
    out += fmt::format("  n{} {}{} n{}\n", arrow.from, arrow.only_order ? "-.->" : "-->", count, arrow.to);
  }
  return out;
}

std::string json(const ResourceGraph& graph) {
  auto entry = [](std::string_view name, Value value) {
    return Entry{Value::string(name), std::move(value)};
  };
  std::vector<Value> nodes;
  std::vector<Value> edges;
  for (std::uint32_t i = 0; i < graph.resources().size(); ++i) {
    const Resource& resource = graph.resource(i);
    nodes.push_back(Value::record({entry("address", Value::string(resource.address)),
                                   entry("type", Value::string(resource.type->name))}));
    for (const Edge& edge : graph.needs(i)) {
      edges.push_back(Value::record({entry("from", Value::string(resource.address)),
                                     entry("needs", Value::string(graph.resource(edge.to).address)),
                                     entry("reason", Value::string(to_string(edge.reason)))}));
    }
  }
  Value document = Value::record({entry("format_version", Value::string("1.0")),
                                  entry("resources", Value::list(std::move(nodes))),
                                  entry("edges", Value::list(std::move(edges)))});
  return to_json(document, JsonStyle::indented) + "\n";
}

/// Runs `dot -Tsvg` with the text on its standard input. Input goes through a file, so neither side can
/// block.
Result<std::string> run_dot(const std::string& text) {
  std::FILE* input = std::tmpfile();
  if (input == nullptr) return fail(DiagnosticCode::file_failed, "cannot make a temporary file");
  std::fwrite(text.data(), 1, text.size(), input);
  std::rewind(input);
  std::array<int, 2> out{};
  if (::pipe(out.data()) != 0) {
    std::fclose(input);
    return fail(DiagnosticCode::file_failed, "cannot make a pipe");
  }
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::fileno(input), STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::close(out[0]);
    ::execlp("dot", "dot", "-Tsvg", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(out[1]);
  std::string svg;
  std::array<char, 65536> block{};
  for (ssize_t got = 0; child > 0 && (got = ::read(out[0], block.data(), block.size())) > 0;) {
    svg.append(block.data(), static_cast<std::size_t>(got));
  }
  ::close(out[0]);
  std::fclose(input);
  int status = 1;
  if (child > 0) ::waitpid(child, &status, 0);
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return svg;
  return fail(Error(DiagnosticCode::missing_tool, "Graphviz' `dot` did not draw the picture")
                  .help("install the package `graphviz`, or use `--format dot`"));
}

}  // namespace

Result<std::string> graph_view(const ResourceGraph& graph, GraphFormat format, const GraphScope& scope) {
  if (format == GraphFormat::json) return json(graph);
  GraphPicture picture = CARBON_TRY(picture_of(graph, scope));
  if (format == GraphFormat::mermaid) return mermaid(picture);
  return format == GraphFormat::svg ? run_dot(dot(picture)) : dot(picture);
}

}  // namespace carbon
