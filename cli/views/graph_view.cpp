#include "cli/views/graph_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/diagnostic_text.h"
#include "base/value_json.h"
#include "cli/views/graph_lines.h"
#include "cli/views/plan_graph.h"
#include "engine/graph/graph_text.h"

namespace carbon {

namespace {

std::string dot_quoted(std::string_view text) { return json_quote(visible(text)); }

/// The boxes in each frame, by its name.
std::map<std::string, std::vector<std::size_t>> frames_of(const GraphPicture& picture) {
  std::map<std::string, std::vector<std::size_t>> frames;
  for (std::size_t i = 0; i < picture.boxes.size(); ++i) frames[picture.boxes[i].frame].push_back(i);
  return frames;
}

/// The lines in a box.
std::vector<std::string> label_of(const GraphPicture::Box& box) {
  std::vector<std::string> lines{box.title, box.note};
  if (box.worst && box.nodes.size() > 1) {
    lines[1] = fmt::format("{} {}", symbol(*box.worst), box.note);
  } else if (box.worst) {
    lines.push_back(action_text(box));
  }
  return lines;
}

/// Behind the words: an aid, never the only sign.
std::string_view fill_of(std::string_view danger) {
  if (danger == "create") return "#d8f0d8";
  if (danger == "update") return "#fdf0c4";
  return danger == "danger" ? "#f8d4d4" : "#e4e8ee";
}

std::string dot(const GraphPicture& picture) {
  std::string out =
      "digraph carbon {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  std::size_t number = 0;
  for (const auto& [name, members] : frames_of(picture)) {
    if (!name.empty())
      out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", number++, dot_quoted(name));
    for (std::size_t member : members) {
      const GraphPicture::Box& box = picture.boxes[member];
      std::string fill;
      if (box.worst) fill = fmt::format(", style=filled, fillcolor=\"{}\"", fill_of(danger_word(*box.worst)));
      out += fmt::format("    n{} [label={}{}];\n", member,
                         dot_quoted(fmt::format("{}", fmt::join(label_of(box), "\n"))), fill);
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

std::string mermaid_quoted(std::string_view text) {
  std::string out = visible(text);
  std::replace(out.begin(), out.end(), '"', '\'');
  return "\"" + out + "\"";
}

std::string mermaid(const GraphPicture& picture) {
  std::string out = "graph LR\n";
  std::size_t number = 0;
  for (const auto& [name, members] : frames_of(picture)) {
    if (!name.empty()) out += fmt::format("  subgraph f{}[{}]\n", number++, mermaid_quoted(name));
    for (std::size_t member : members) {
      const GraphPicture::Box& box = picture.boxes[member];
      out += fmt::format("  n{}[{}]", member,
                         mermaid_quoted(fmt::format("{}", fmt::join(label_of(box), "<br>"))));
      if (box.worst) out += fmt::format(":::{}", danger_word(*box.worst));
      out += "\n";
    }
    if (!name.empty()) out += "  end\n";
  }
  for (const GraphPicture::Arrow& arrow : picture.arrows) {
    std::string count = arrow.count > 1 ? fmt::format("|{}|", arrow.count) : "";
    out += fmt::format("  n{} {}{} n{}\n", arrow.from, arrow.only_order ? "-.->" : "-->", count, arrow.to);
  }
  if (!picture.boxes.empty() && picture.boxes.front().worst) {
    for (std::string_view word : {"create", "update", "danger", "other"})
      out += fmt::format("  classDef {} fill:{},color:#111\n", word, fill_of(word));
  }
  return out;
}

std::string json(const GraphNodes& nodes) {
  auto entry = [](std::string_view name, Value value) {
    return Entry{Value::string(name), std::move(value)};
  };
  std::vector<Value> resources;
  std::vector<Value> edges;
  for (const GraphNode& node : nodes) {
    std::vector<Entry> fields{entry("address", Value::string(node.address)),
                              entry("type", Value::string(node.type))};
    if (node.action) fields.push_back(entry("action", Value::string(to_string(*node.action))));
    if (node.stage > 0) fields.push_back(entry("stage", Value::integer(node.stage)));
    resources.push_back(Value::record(std::move(fields)));
    for (const GraphNode::Need& need : node.needs) {
      std::vector<Entry> edge{entry("from", Value::string(node.address)),
                              entry("needs", Value::string(nodes[need.node].address))};
      if (need.reason) edge.push_back(entry("reason", Value::string(to_string(*need.reason))));
      edges.push_back(Value::record(std::move(edge)));
    }
  }
  Value document = Value::record({entry("format_version", Value::string("1.0")),
                                  entry("resources", Value::list(std::move(resources))),
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

Result<std::string> graph_view(const GraphNodes& nodes, GraphFormat format, const GraphScope& scope,
                               std::size_t width) {
  if (format == GraphFormat::json) return json(nodes);
  GraphPicture picture = CARBON_TRY(picture_of(nodes, scope));
  switch (format) {
    case GraphFormat::json:
    case GraphFormat::text: return graph_lines(picture, width);
    case GraphFormat::mermaid: return mermaid(picture);
    case GraphFormat::svg: return run_dot(dot(picture));
    case GraphFormat::dot: return dot(picture);
  }
  return std::string();
}

}  // namespace carbon
