#include "lsp/hover.h"

#include <fmt/core.h>

#include <array>

#include "dsl/syntax/doc.h"
#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon::lsp {

namespace {

std::string block(std::string_view code) { return fmt::format("```carbon\n{}\n```", code); }

void paragraph(std::string& out, std::string_view text) {
  if (!text.empty()) out += fmt::format("\n\n{}", text);
}

/// The keyword that declares the node's name.
std::string_view keyword_of(NodeRef node) {
  if (node.is(NodeKind::type_alias) || node.is(NodeKind::type_via)) return "type";
  if (node.is(NodeKind::item_let)) return "let";
  if (node.is(NodeKind::each_clause)) return "for";
  if (node.is(NodeKind::param)) return "parameter";
  return category(node.kind()) == NodeCategory::declaration ? to_string(node.kind()) : "";
}

class HoverWriter {
 public:
  HoverWriter(const Analysis& analysis, Workspace& workspace) : analysis_(analysis), workspace_(workspace) {}

  [[nodiscard]] std::string of(const Referent& referent, const std::vector<NodeRef>& path) {
    if (referent.field != nullptr) {
      std::string out = field(*referent.field);
      if (path.back().is(NodeKind::word) && path.back().span() == referent.here) field_value(path, out);
      return out;
    }
    NodeRef node = declaration_of(analysis_, referent.target);
    if (!node) return builtin(referent);
    bool type = node.is(NodeKind::type_alias) || node.is(NodeKind::type_via) || node.is(NodeKind::component);
    std::string name(node.tree().text(referent.target));
    std::string head = name;
    if (std::string_view keyword = keyword_of(node); !keyword.empty())
      head = fmt::format("{} {}", keyword, name);
    if (node.is(NodeKind::fn)) {
      head = std::string(node.tree().text({node.span().begin, node.type().span().end}));
    } else if (node.is(NodeKind::import)) {
      head = std::string(node.text());
    } else if (NodeRef written = node.type()) {
      head += fmt::format(" : {}", written.text());
    } else if (TypePtr found = type_of(referent); found != nullptr && !type) {
      head += fmt::format(" : {}", to_string(*found));
    }
    std::string out = block(head);
    paragraph(out, doc_text(node));
    if (node.is(NodeKind::resource) || node.is(NodeKind::lookup) || node.is(NodeKind::provider))
      paragraph(out, type_doc(type_of(referent)));
    value(node, name, out);
    return out;
  }

 private:
  /// Of a declaration the checker knows it only in the end.
  [[nodiscard]] TypePtr type_of(const Referent& referent) const {
    if (referent.type != nullptr || !analysis_.program) return referent.type;
    auto look = [&](const Scope& scope) -> TypePtr {
      for (const Declaration& each : scope.declarations) {
        if (each.span == referent.target) return each.type;
      }
      return nullptr;
    };
    for (const Package& each : analysis_.program->packages) {
      if (TypePtr found = look(each.scope)) return found;
    }
    for (const Component& each : analysis_.program->components) {
      if (TypePtr found = look(each.scope)) return found;
    }
    return nullptr;
  }

  [[nodiscard]] std::string field(const FieldType& field) {
    std::string out = block(fmt::format("{} : {}", field.name, to_string(*field.type)));
    std::string words = words_of(field.flags);
    if (!words.empty()) paragraph(out, fmt::format("*{}*", words));
    paragraph(out, field.doc);
    return out;
  }

  [[nodiscard]] std::string builtin(const Referent& referent) {
    std::string name(analysis_.sources->text(referent.here));
    if (referent.type == nullptr) return "";
    bool resource = referent.type->kind == TypeKind::reference;
    std::string out = block(resource ? fmt::format("type {}", referent.type->name)
                                     : fmt::format("{} : {}", name, to_string(*referent.type)));
    paragraph(out, type_doc(referent.type));
    return out;
  }

  /// What the resource type behind a reference says of itself.
  [[nodiscard]] std::string type_doc(TypePtr type) {
    if (type != nullptr && (type->kind == TypeKind::map || type->kind == TypeKind::optional))
      type = type->element;
    if (type == nullptr || type->kind != TypeKind::reference) return "";
    const ResourceType* found = analysis_.types->find(type->name);
    return found == nullptr ? "" : found->doc;
  }

  /// Of a `let` or input of the root, which is where its environment decides.
  void value(NodeRef node, const std::string& name, std::string& out) {
    bool plain = node.is(NodeKind::let) || node.is(NodeKind::input);
    auto root = analysis_.packages.find("");
    if (!plain || root == analysis_.packages.end()) return;
    bool in_root = false;
    for (const SyntaxTree* tree : root->second) in_root = in_root || tree == &node.tree();
    bool outermost = false;
    for (NodeRef each : node.tree().root().children()) outermost = outermost || each == node;
    if (!in_root || !outermost) return;
    if (std::optional<Value> found = workspace_.value_of(analysis_, name)) show(*found, out);
  }

  /// What the environment makes of a field of a resource that stands once at the root, patches included.
  void field_value(const std::vector<NodeRef>& path, std::string& out) {
    bool field = path.size() > 3 && path[1].is(NodeKind::resource) && !path[1].child(NodeKind::each_clause);
    if (!field || !analysis_.expansion) return;
    std::uint32_t index = analysis_.expansion->graph.find(path[1].word());
    if (index == ResourceGraph::npos) return;
    const Resource& resource = analysis_.expansion->graph.resource(index);
    bool same = resource.span == path[1].word_span();
    const Value* found = same ? &resource.desired : nullptr;
    for (std::size_t i = 2; i + 1 < path.size() && found != nullptr; i += 2) {
      if (!path[i].is(NodeKind::body) || !path[i + 1].is(NodeKind::field)) return;
      found = found->find(path[i + 1].word());
    }
    if (found != nullptr) show(*found, out);
  }

  void show(const Value& value, std::string& out) {
    SourceLocation origin = analysis_.sources->locate(value.origin());
    std::string from = origin.path.empty() ? "" : fmt::format(", from {}:{}", origin.path, origin.line);
    std::string text = workspace_.text_of(value);
    constexpr std::size_t longest = 2'000;
    if (text.size() > longest) text = text.substr(0, text.find('\n', longest)) + "\n…";
    out += fmt::format("\n\nIn environment `{}`{}:\n\n{}", analysis_.environment, from, block(text));
  }

  const Analysis& analysis_;
  Workspace& workspace_;
};

}  // namespace

std::string words_of(FieldFlag flags) {
  struct Word {
    FieldFlag flag;
    std::string_view word;
  };
  constexpr auto words = std::to_array<Word>({{FieldFlag::required, "required"},
                                              {FieldFlag::identity, "identity"},
                                              {FieldFlag::immutable, "immutable"},
                                              {FieldFlag::computed, "computed"},
                                              {FieldFlag::write_only, "write only"},
                                              {FieldFlag::server_default, "server default"},
                                              {FieldFlag::sensitive, "secret"}});
  std::string out;
  for (const Word& word : words) {
    if (has(flags, word.flag)) out += fmt::format("{}{}", out.empty() ? "" : ", ", word.word);
  }
  return out;
}

std::string signature_of(const Function& function) {
  std::string parameters;
  for (const Parameter& parameter : function.parameters) {
    parameters += fmt::format("{}{}{} : {}{}", parameters.empty() ? "" : ", ", parameter.name,
                              parameter.variadic ? "..." : "", parameter.type, parameter.optional ? "?" : "");
  }
  return fmt::format("{}({}) : {}", function.name, parameters, function.result);
}

std::string documentation_of(const Function& function) {
  std::string out = function.doc;
  if (!function.example.empty()) out += fmt::format("\n\n{}", block(function.example));
  return out;
}

HoverText hover_at(const Analysis& analysis, const SyntaxTree& tree, std::uint32_t offset,
                   Workspace& workspace) {
  std::vector<NodeRef> path = nodes_at(tree, offset);
  if (std::optional<Referent> referent = referent_at(analysis, offset)) {
    std::string text = HoverWriter(analysis, workspace).of(*referent, path);
    if (!text.empty()) return {referent->here, std::move(text)};
  }
  NodeRef name = path.back();
  if (name.is(NodeKind::word) && path.size() > 2 && path[path.size() - 2].is(NodeKind::member)) {
    NodeRef around = path[path.size() - 3];
    NodeRef first = around.children().at(0);
    if (const Function* function = analysis.functions->find(fmt::format("{}.{}", first.text(), name.text())))
      return {name.span(), block(signature_of(*function)) + "\n\n" + documentation_of(*function)};
  }
  const Function* function = name.is(NodeKind::name) ? analysis.functions->find(name.text()) : nullptr;
  if (function == nullptr || function->doc.empty()) return {};
  return {name.span(), block(signature_of(*function)) + "\n\n" + documentation_of(*function)};
}

}  // namespace carbon::lsp
