#include "cli/views/value_source.h"

#include <fmt/format.h>

#include <vector>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "dsl/format/format.h"
#include "dsl/format/literal_text.h"
#include "dsl/parse/parse.h"
#include "dsl/syntax/node_ref.h"

namespace carbon {

namespace {

/// What has no literal, in the order of the text.
using Holes = std::vector<std::string>;

/// Stands for a hole while the text is formatted; no value is written in round brackets.
constexpr std::string_view hole_text = "(h)";

class SourceWriter {
 public:
  /// With holes the text parses; without a place for them they are written as they are read.
  explicit SourceWriter(Holes* holes) : holes_(holes) {}

  void write(const Value& value) {
    switch (value.kind()) {
      case ValueKind::null:
      case ValueKind::boolean:
      case ValueKind::integer: out_ += to_json(value); return;
      case ValueKind::floating: out_ += float_literal(value.as_float()); return;
      case ValueKind::decimal: hole(std::string(value.text())); return;
      case ValueKind::string: out_ += string_literal(value.text()); return;
      case ValueKind::blob: hole(fmt::format("({} bytes)", value.text().size())); return;
      case ValueKind::quantity: out_ += value.as_quantity().text(); return;
      case ValueKind::duration: out_ += value.as_duration().text(); return;
      case ValueKind::list:
      case ValueKind::set: items(value); return;
      case ValueKind::map:
      case ValueKind::record: fields(value); return;
      case ValueKind::reference: out_ += value.text(); return;
      case ValueKind::secret: hole("(secret)"); return;
      case ValueKind::unknown: hole("(known after apply)"); return;
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void hole(std::string text) {
    if (holes_ == nullptr) {
      out_ += text;
      return;
    }
    holes_->push_back(std::move(text));
    out_ += hole_text;
  }

  void items(const Value& value) {
    out_ += '[';
    for (const Value& item : value.items()) {
      write(item);
      out_ += ',';
    }
    out_ += ']';
  }

  void fields(const Value& value) {
    out_ += '{';
    for (const Entry& entry : value.entries()) {
      out_ += key_literal(entry.key.text());
      out_ += '=';
      write(entry.value);
      out_ += ',';
    }
    out_ += '}';
  }

  std::string out_;
  Holes* holes_;
};

constexpr std::string_view label_head = "let value = ";

/// The text with the places of its holes filled: they are its only round brackets outside strings.
std::string filled(const std::string& text, const Holes& holes) {
  SourceMap sources;
  DiagnosticSink sink;
  std::uint32_t file = sources.add("", text);
  SyntaxTree tree = parse(sources, file, sink);
  std::string out;
  std::size_t at = label_head.size();
  auto hole = holes.begin();
  for (const SyntaxNode& node : tree.nodes()) {
    if (node.kind != NodeKind::paren) continue;
    std::size_t begin = node.begin - sources.file(file).base;
    out += text.substr(at, begin - at);
    out += *hole++;
    at = begin + hole_text.size();
  }
  return out + text.substr(at, text.size() - 1 - at);
}

}  // namespace

std::string value_source(const Value& value) {
  Holes holes;
  SourceWriter writer(&holes);
  writer.write(value);
  SourceMap sources;
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, sources.add("", fmt::format("{}{}\n", label_head, writer.take())), sink);
  if (!sink.has_errors()) return visible(filled(format(tree), holes));
  // Deeper than a file may be: it is read as it is, on one line.
  SourceWriter plain(nullptr);
  plain.write(value);
  return visible(plain.take());
}

}  // namespace carbon
