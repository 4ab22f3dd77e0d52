#include "dsl/check/imports.h"

#include <fmt/format.h>
#include <optional>

#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

/// The segments of a path below the root package; nothing when a `..` goes above it.
bool append_segments(std::vector<std::string_view>& segments, std::string_view path) {
  while (!path.empty()) {
    std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (segments.empty()) {
      return false;
    } else {
      segments.pop_back();
    }
  }
  return true;
}

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  for (char c : text) {
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!word) return false;
  }
  return true;
}

std::optional<DataType> data_type(std::string_view word) {
  if (word == "string") return DataType::string;
  if (word == "json") return DataType::json;
  if (word == "yaml") return DataType::yaml;
  if (word == "blob") return DataType::blob;
  return std::nullopt;
}

class ImportReader {
 public:
  ImportReader(const SyntaxTree& tree, DiagnosticSink& sink) : tree_(tree), sink_(sink) {}

  std::optional<Import> read(NodeRef node) {
    NodeRef literal = node.child(NodeCategory::expression);
    if (!literal) return std::nullopt;
    Import made;
    made.span = literal.span();
    std::optional<std::string> written = constant_string(literal);
    if (!written) {
      sink_.error(DiagnosticCode::import_path, "an import path must be a plain string", made.span);
      return std::nullopt;
    }
    if (!resolve(made, *written)) return std::nullopt;
    if (!kind(made, node)) return std::nullopt;
    return name(made, node) ? std::optional(made) : std::nullopt;
  }

 private:
  bool resolve(Import& made, const std::string& written) {
    if (written.starts_with("std/")) {
      made.kind = ImportKind::standard;
      made.path = written;
      return true;
    }
    bool shaped = !written.empty() && written.front() != '/' && written.find('\\') == std::string::npos;
    if (shaped) made.path = resolve_import_path(tree_.sources().file(tree_.file()).path, written);
    if (!made.path.empty()) return true;
    sink_.error(DiagnosticCode::import_path,
                fmt::format("`{}` is not a path inside the root package", written), made.span,
                shaped ? "leaves the root package's directory" : "must be relative, with `/`");
    return false;
  }

  bool kind(Import& made, NodeRef node) {
    bool schema = static_cast<bool>(node.child(NodeKind::schema_keyword));
    if (schema) made.kind = ImportKind::schema;
    if (schema) made.type = DataType::schema;
    NodeRef type = node.type();
    if (!type || schema) return true;
    std::optional<DataType> read_as = data_type(type.text());
    if (!read_as) {
      sink_.error(DiagnosticCode::unknown_type, fmt::format("a file cannot be read as `{}`", type.text()),
                  type.span(), "one of `string`, `json`, `yaml`, `blob`");
      return false;
    }
    made.kind = ImportKind::data;
    made.type = *read_as;
    return true;
  }

  bool name(Import& made, NodeRef node) {
    made.name = std::string(node.word());
    made.name_span = made.name.empty() ? made.span : node.word_span();
    if (!made.name.empty()) return true;
    made.name = made.path.substr(made.path.rfind('/') + 1);
    if (is_name(made.name)) return true;
    Diagnostic& error =
        sink_.error(DiagnosticCode::import_path,
                    fmt::format("`{}` does not give the import a name", made.path), made.span);
    error.helps.push_back({"write `as NAME` behind the path", {}});
    return false;
  }

  const SyntaxTree& tree_;
  DiagnosticSink& sink_;
};

}  // namespace

std::string resolve_import_path(std::string_view from, std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t folder = from.rfind('/');
  if (folder != std::string_view::npos && !append_segments(segments, from.substr(0, folder))) return "";
  if (!append_segments(segments, path)) return "";
  return fmt::format("{}", fmt::join(segments, "/"));
}

std::vector<Import> imports_of(const SyntaxTree& tree, DiagnosticSink& sink) {
  std::vector<Import> all;
  ImportReader reader(tree, sink);
  for (NodeRef node : tree.root().children(NodeKind::import)) {
    if (std::optional<Import> made = reader.read(node)) all.push_back(std::move(*made));
  }
  return all;
}

}  // namespace carbon
