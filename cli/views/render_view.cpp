#include "cli/views/render_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/render.h"
#include "stdlib/native/yaml_text.h"

namespace carbon {

using document::field;
using document::list;
using document::text;

namespace {

constexpr const char* render_format = "1.0";

/// A closed scalar or an empty collection, on one line.
std::string scalar(const Value& value) {
  std::string line = to_yaml(value);
  line.pop_back();
  return line;
}

/// Text of several lines that reads the same between the lines of a literal block (YAML 1.2, 8.1.2).
bool is_literal_block(std::string_view value) {
  std::size_t first = value.find_first_not_of('\n');
  bool lines = value.find('\n') != std::string_view::npos && first == 0 && value.front() != ' ' &&
               value.front() != '\t';
  return lines && visible(value) == value && utf8::first_invalid(value) == std::string::npos;
}

class YamlWriter {
 public:
  void document(const Value& value) {
    if (is_block(value)) {
      write(value, 0);
    } else {
      out_ += scalar(value) + "\n";
    }
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static bool is_block(const Value& value) {
    if (is_hole(value)) return false;
    return (value.is_sequence() && !value.items().empty()) || (value.is_fields() && !value.entries().empty());
  }

  void pad(std::size_t depth) { out_.append(depth * 2, ' '); }

  /// Begins at the right column and ends with a newline.
  void write(const Value& value, std::size_t depth) {
    if (!is_block(value)) return leaf(value, depth);
    bool first = true;
    if (value.is_sequence()) {
      for (const Value& item : value.items()) {
        if (!first) pad(depth);
        first = false;
        out_ += "- ";
        write(item, depth + 1);
      }
      return;
    }
    for (const Entry& entry : value.entries()) {
      if (!first) pad(depth);
      first = false;
      out_ += scalar(Value::string(key_of(entry))) + ":";
      bool block = is_block(entry.value);
      out_ += block ? "\n" : " ";
      // Items of a list stand in the column of their key, as kubectl writes them.
      std::size_t inner = depth + (block && entry.value.is_sequence() ? 0 : 1);
      if (block) pad(inner);
      write(entry.value, inner);
    }
  }

  void leaf(const Value& value, std::size_t depth) {
    if (is_hole(value)) {
      out_ += hole_text(value) + "\n";
    } else if (value.is_string() && is_literal_block(value.text())) {
      literal_block(value.text(), std::max<std::size_t>(depth, 1));
    } else {
      out_ += scalar(value) + "\n";
    }
  }

  /// A key that had to be told from a hole is itself again.
  static std::string_view key_of(const Entry& entry) {
    std::string_view key = entry.key.text();
    std::size_t first = key.find_first_not_of('$');
    bool escaped = first != std::string_view::npos && first > 1 && key.substr(first) == hole_key.substr(1);
    return escaped ? key.substr(1) : key;
  }

  static std::string hole_text(const Value& hole) {
    std::string_view kind = hole.find(hole_key)->text();
    std::string_view type = hole.find("type")->text();
    std::string_view from = hole.find("from")->text();
    std::string_view shown = kind == "secret" ? from : type;
    std::string out = fmt::format("!{} {}", kind, scalar(Value::string(shown)));
    if (kind == "unknown") out += fmt::format("  # {}", visible(from));
    return out;
  }

  void literal_block(std::string_view value, std::size_t depth) {
    bool ends = value.ends_with('\n');
    out_ += !ends ? "|-\n" : value.ends_with("\n\n") ? "|+\n" : "|\n";
    if (ends) value.remove_suffix(1);
    while (true) {
      std::size_t end = std::min(value.find('\n'), value.size());
      if (end != 0) pad(depth);
      out_.append(value.substr(0, end));
      out_ += '\n';
      if (end == value.size()) break;
      value.remove_prefix(end + 1);
    }
  }

  std::string out_;
};

std::string_view provider_of(const ResourceGraph& graph, const Resource& resource) {
  return graph.providers()[resource.provider].address;
}

}  // namespace

std::string render_yaml(const ResourceGraph& graph, const std::vector<std::uint32_t>& wanted) {
  std::string out;
  for (std::uint32_t index : wanted) {
    const Resource& resource = graph.resource(index);
    bool kubernetes = resource.type->transport == Transport::kubernetes;
    // The type is the tag of what no manifest is: kubectl then refuses it instead of guessing.
    std::string tag = kubernetes ? "" : fmt::format(" !<tag:carbon,{}>", resource.type->name);
    YamlWriter writer;
    writer.document(rendered(resource));
    out += fmt::format("---{}\n# {}  {}  by {}\n{}", tag, visible(resource.address), resource.type->name,
                       visible(provider_of(graph, resource)), writer.take());
  }
  return out;
}

std::string yaml_document(const Value& value) {
  YamlWriter writer;
  writer.document(value);
  return writer.take();
}

std::string render_json(const ResourceGraph& graph, const std::vector<std::uint32_t>& wanted) {
  auto row = [&](std::uint32_t index) {
    const Resource& resource = graph.resource(index);
    return Value::record({field("address", text(resource.address)), field("type", text(resource.type->name)),
                          field("provider", text(provider_of(graph, resource))),
                          field("object", rendered(resource))});
  };
  Value document =
      Value::record({field("format_version", text(render_format)), field("resources", list(wanted, row))});
  return to_json(document, JsonStyle::indented) + "\n";
}

}  // namespace carbon
