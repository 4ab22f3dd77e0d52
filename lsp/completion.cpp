#include "lsp/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/check/imports.h"
#include "dsl/check/lowering.h"
#include "dsl/check/settings.h"
#include "dsl/parse/scan.h"
#include "engine/model/resource_type.h"
#include "lsp/hover.h"
#include "lsp/snippets.h"
#include "lsp/type_names.h"

namespace carbon::lsp {

namespace {

struct Place {
  NodeKind node;
  SettingPlace settings;
};
constexpr auto places = std::to_array<Place>({
    {NodeKind::platform, SettingPlace::platform},
    {NodeKind::environment, SettingPlace::environment},
    {NodeKind::provider, SettingPlace::provider},
    {NodeKind::resource, SettingPlace::resource},
    {NodeKind::lookup, SettingPlace::lookup},
    {NodeKind::use, SettingPlace::use},
    {NodeKind::type_via, SettingPlace::type},
    {NodeKind::test, SettingPlace::test},
    {NodeKind::policy, SettingPlace::policy},
});

/// Settings whose arguments are words of their own.
struct Words {
  std::string_view setting;
  std::array<std::string_view, 3> words;
};
constexpr auto setting_words = std::to_array<Words>({
    {"world", {"live", "sandbox"}},
    {"replace", {"create_first", "never"}},
    {"scope", {"namespaced", "cluster"}},
    {"inventory", {"sqlite", "postgres", "kubernetes"}},
});

std::string fields_documentation(const FieldType& field) {
  std::string words = words_of(field.flags);
  if (words.empty()) return field.doc;
  return fmt::format("*{}*{}{}", words, field.doc.empty() ? "" : "\n\n", field.doc);
}

class Completer {
 public:
  Completer(const Analysis& analysis, const SyntaxTree& tree, const Probe& probe)
      : analysis_(analysis),
        tree_(tree),
        text_(analysis.sources->file(tree.file()).text),
        offset_(probe.offset),
        path_(nodes_at(tree,
                       analysis.sources->file(tree.file()).base + static_cast<std::uint32_t>(probe.offset))) {
    line_ = text_.substr(0, offset_);
    line_.remove_prefix(line_.rfind('\n') == std::string_view::npos ? 0 : line_.rfind('\n') + 1);
  }

  std::vector<CompletionItem> run() {
    NodeRef here = path_.back();
    NodeRef parent = above(1);
    if (here.is(NodeKind::comment) || here.is(NodeKind::doc_comment)) return {};
    if (find(NodeKind::import)) {
      import_paths();
    } else if (starts_declaration()) {
      keywords();
    } else if (here.is(NodeKind::word) && parent.is(NodeKind::path_type)) {
      add_type_names(items_, analysis_, tree_, parent, path_);
    } else if (here.is(NodeKind::word) && (parent.is(NodeKind::member) || parent.is(NodeKind::safe_member))) {
      members();
    } else if (here.is(NodeKind::word) && above(2).is(NodeKind::body)) {
      items(above(2), above(3), parent);
    } else if (here.is(NodeKind::via_name)) {
      for (std::string_view each : {"connection", "http", "kubernetes", "s3", "sql"})
        plain(each, ItemKind::keyword);
    } else if (here.is(NodeKind::word) && parent.is(NodeKind::field_word)) {
      for (std::string_view each : {"identity", "immutable", "computed", "write_only", "server_default"})
        plain(each, ItemKind::keyword);
    } else if (is_string(here) || is_string(parent)) {
      literals(true);
    } else if (here.is(NodeKind::name)) {
      expression(parent);
    }
    return std::move(items_);
  }

 private:
  [[nodiscard]] NodeRef above(std::size_t levels) const {
    return path_.size() > levels ? path_[path_.size() - 1 - levels] : NodeRef();
  }

  [[nodiscard]] NodeRef find(NodeKind kind) const {
    auto found = std::find_if(path_.begin(), path_.end(), [kind](NodeRef each) { return each.is(kind); });
    return found == path_.end() ? NodeRef() : *found;
  }

  static bool is_string(NodeRef node) { return node.is(NodeKind::string) || node.is(NodeKind::raw_string); }

  CompletionItem& plain(std::string_view label, ItemKind kind) {
    CompletionItem& made = items_.emplace_back();
    made.label = std::string(label);
    made.kind = kind;
    return made;
  }

  // Declarations

  /// One word on its line, in a file or component: a keyword is being written.
  [[nodiscard]] bool starts_declaration() const {
    std::string_view word = line_;
    while (word.starts_with(' ')) word.remove_prefix(1);
    bool one = std::all_of(word.begin(), word.end(), scan::continues_word);
    return one && above(0).is(NodeKind::skipped) &&
           (above(1).is(NodeKind::file) || above(1).is(NodeKind::component_body));
  }

  void keywords() {
    bool component = above(1).is(NodeKind::component_body);
    for (std::string_view each : scan::declaration_keywords) {
      constexpr auto inside = std::to_array<std::string_view>(
          {"let", "input", "output", "check", "resource", "lookup", "use", "provider", "moved", "removed"});
      if (component && std::find(inside.begin(), inside.end(), each) == inside.end()) continue;
      CompletionItem& made = plain(each, ItemKind::keyword);
      made.insert = fmt::format("{} ", each);
      made.snippet = declaration_snippet(each);
    }
  }

  void import_paths() {
    std::string_view written = line_.substr(std::min(line_.find('"'), line_.size() - 1) + 1);
    std::size_t typed = written.rfind('/');
    std::string folder(typed == std::string_view::npos ? "" : written.substr(0, typed + 1));
    for (std::string_view each : analysis_.standard_packages) {
      std::string path = fmt::format("std/{}", each);
      if (folder == "std/") plain(each, ItemKind::module);
      if (folder.empty()) plain(path, ItemKind::module);
    }
  }

  // Bodies

  void items(NodeRef body, NodeRef owner, NodeRef item) {
    std::vector<std::string_view> written;
    for (NodeRef each : body.children(NodeCategory::item)) {
      if (each != item && each.is(NodeKind::field)) written.push_back(each.word());
    }
    const BodyUse* use = analysis_.index.body_around(body.span().begin + 1);
    if (use != nullptr && use->span != body.span()) use = nullptr;
    if (use != nullptr) fields(*use->type, written);
    plain("let", ItemKind::keyword).insert = "let ";
    items_.back().rank = '3';
    auto place =
        std::find_if(places.begin(), places.end(), [&](const Place& each) { return owner.is(each.node); });
    if (place != places.end()) settings(place->settings, use == nullptr ? nullptr : use->type);
    if (owner.is(NodeKind::setting) && above(5).is(NodeKind::type_via))
      settings(SettingPlace::operation, nullptr);
    if (owner.is(NodeKind::environment) || (owner.is(NodeKind::setting) && owner.word() == "given"))
      inputs(written);
    if (owner.is(NodeKind::platform)) {
      for (std::string_view each : {"title", "description", "owners"}) assigned(each, "", "", '1');
    }
  }

  /// `name = `, unless a `=` stands there already.
  CompletionItem& assigned(std::string_view name, std::string detail, std::string documentation, char rank) {
    CompletionItem& made = plain(name, ItemKind::field);
    made.detail = std::move(detail);
    made.documentation = std::move(documentation);
    made.rank = rank;
    std::size_t next = text_.find_first_not_of(' ', offset_);
    bool has_sign = next != std::string_view::npos && (text_[next] == '=' || text_[next] == '{');
    made.insert = fmt::format("{}{}", name, has_sign ? "" : " = ");
    return made;
  }

  void fields(const Type& type, const std::vector<std::string_view>& written) {
    if (type.kind != TypeKind::record) return;
    for (const FieldType& field : type.fields) {
      bool there = std::find(written.begin(), written.end(), field.name) != written.end();
      if (there || has(field.flags, FieldFlag::computed)) continue;
      bool required = has(field.flags, FieldFlag::required);
      assigned(field.name, to_string(*field.type), fields_documentation(field), required ? '0' : '1');
    }
  }

  /// What `keep` may name, nearly: whether a read says it too is for the check to tell.
  static bool is_kept(const FieldType& field) {
    return has(field.flags, FieldFlag::computed) && field.type->kind == TypeKind::secret;
  }

  void settings(SettingPlace place, TypePtr fields) {
    bool keeps = fields != nullptr && fields->kind == TypeKind::record &&
                 std::any_of(fields->fields.begin(), fields->fields.end(), is_kept);
    for (std::string_view each : supported_settings(place)) {
      if (each == "keep" && !keeps) continue;
      CompletionItem& made = plain(each, ItemKind::keyword);
      made.detail = "setting";
      made.rank = '2';
    }
  }

  void inputs(const std::vector<std::string_view>& written) {
    if (!analysis_.program) return;
    for (const Declaration& each : analysis_.program->packages.front().scope.declarations) {
      bool there = std::find(written.begin(), written.end(), each.name) != written.end();
      if (each.kind != DeclarationKind::input || there) continue;
      assigned(each.name, each.type != nullptr ? to_string(*each.type) : "", "",
               each.has_default ? '1' : '0');
    }
  }

  // Expressions

  void members() {
    const CursorFindings& cursor = analysis_.index.cursor();
    if (cursor.object != nullptr) return members_of(*cursor.object);
    if (!cursor.package.empty()) return package_members(cursor.names);
    bool secret = above(2).is(NodeKind::postfix) && above(2).children().at(0).text() == "secret";
    for (std::string_view name : {"secret.env", "secret.file", "secret.k8s"}) {
      const Function* function = secret ? analysis_.functions->find(name) : nullptr;
      if (function != nullptr) this->function(*function, name.substr(7));
    }
  }

  void members_of(const Type& type) {
    const Type* record = &type;
    if (type.kind == TypeKind::reference) {
      for (const Component& component : analysis_.program->components) {
        if (component.type == &type) return outputs(component);
      }
      const ResourceType* resource = analysis_.types->find(type.name);
      if (resource == nullptr || resource->schema == nullptr) return;
      record = resource->schema;
    }
    if (record->kind != TypeKind::record) return;
    for (const FieldType& field : record->fields) {
      CompletionItem& made = plain(field.name, ItemKind::property);
      made.detail = to_string(*field.type);
      made.documentation = fields_documentation(field);
    }
  }

  void outputs(const Component& component) {
    for (const Declaration& each : component.scope.declarations) {
      if (each.kind != DeclarationKind::output) continue;
      plain(each.name, ItemKind::property).detail = each.type != nullptr ? to_string(*each.type) : "";
    }
  }

  /// A package lends what it declares itself, and keeps what begins with `_`.
  void package_members(std::vector<VisibleName> visible) {
    std::erase_if(visible, [](const VisibleName& each) {
      return each.kind == VisibleName::Kind::package || each.name == "env" || each.name.starts_with('_');
    });
    names(visible);
  }

  void names(const std::vector<VisibleName>& visible) {
    const CursorFindings& cursor = analysis_.index.cursor();
    TypePtr expected = cursor.expected.value_or(nullptr);
    for (const VisibleName& each : visible) {
      if (each.name == placeholder) continue;
      ItemKind kind = each.kind == VisibleName::Kind::value      ? ItemKind::variable
                      : each.kind == VisibleName::Kind::function ? ItemKind::function
                                                                 : ItemKind::module;
      CompletionItem& made = plain(each.name, kind);
      if (each.type != nullptr) made.detail = to_string(*each.type);
      bool fits =
          expected != nullptr && each.type != nullptr && conversion(each.type, expected) == Conversion::none;
      made.rank = fits ? '2' : '4';
    }
  }

  void function(const Function& function, std::string_view label) {
    CompletionItem& made = plain(label, ItemKind::function);
    made.detail = signature_of(function);
    made.documentation = documentation_of(function);
    made.insert = fmt::format("{}(", label);
    made.snippet = fmt::format("{}($0)", label);
    made.rank = '6';
    if (text_.substr(offset_).starts_with('(')) made.insert.pop_back();
  }

  /// Constants that the expected type lists.
  void literals(bool quoted) {
    TypePtr expected = analysis_.index.cursor().expected.value_or(nullptr);
    expected = expected == nullptr ? nullptr : bare(expected);
    if (expected == nullptr) return;
    auto add = [&](const Type& type) {
      if (type.kind != TypeKind::literal) return;
      CompletionItem& made = plain(type.name, ItemKind::value);
      made.insert = quoted ? type.name : fmt::format("\"{}\"", type.name);
      made.rank = '0';
    };
    add(*expected);
    for (TypePtr each : expected->alternatives) add(*each);
    if (quoted || expected->kind != TypeKind::boolean) return;
    for (std::string_view each : {"true", "false"}) plain(each, ItemKind::keyword).rank = '1';
  }

  void expression(NodeRef parent) {
    NodeRef setting = parent.is(NodeKind::postfix) ? above(2) : parent;
    if (setting.is(NodeKind::setting) && setting_arguments(setting)) return;
    literals(false);
    names(analysis_.index.cursor().names);
    for (std::string_view name : analysis_.functions->names()) {
      const Function* function = analysis_.functions->find(name);
      bool callable = !function->doc.empty() && std::all_of(name.begin(), name.end(), scan::continues_word);
      if (callable) this->function(*function, name);
    }
    plain("secret", ItemKind::module).rank = '6';
    for (std::string_view each : {"if", "not", "null", "true", "false"})
      plain(each, ItemKind::keyword).rank = '7';
    if (parent.is(NodeKind::list)) plain("for", ItemKind::keyword).rank = '7';
  }

  /// Whether the setting's arguments are no expressions.
  bool setting_arguments(NodeRef setting) {
    std::string_view word = setting.word();
    for (const Words& each : setting_words) {
      if (each.setting != word) continue;
      for (std::string_view one : each.words) {
        if (!one.empty()) plain(one, ItemKind::keyword);
      }
      return true;
    }
    if (word == "environment" && analysis_.program) {
      for (const Environment& each : analysis_.program->environments) plain(each.name, ItemKind::variable);
      return true;
    }
    NodeRef body = find(NodeKind::body);
    if (word == "ignore" && body) {
      const BodyUse* use = analysis_.index.body_around(body.span().begin + 1);
      if (use == nullptr || use->type->kind != TypeKind::record) return true;
      for (const FieldType& field : use->type->fields) plain(field.name, ItemKind::property);
      return true;
    }
    if (word == "keep" && body) {
      const BodyUse* use = analysis_.index.body_around(body.span().begin + 1);
      if (use == nullptr || use->type->kind != TypeKind::record) return true;
      for (const FieldType& field : use->type->fields) {
        if (is_kept(field)) plain(field.name, ItemKind::property);
      }
      return false;  // behind `in` a Secret is named
    }
    if (word != "after" && word != "patch" && word != "mock") return false;
    NodeRef around = find(NodeKind::component_body) ? find(NodeKind::component_body) : NodeRef();
    instances(around, word == "after");
    return true;
  }

  /// Resources, and uses where they may stand too.
  void instances(NodeRef component, bool uses) {
    auto add = [&](NodeRef scope) {
      for (NodeRef each : scope.children(NodeCategory::declaration)) {
        bool fits = each.is(NodeKind::resource) || (uses && each.is(NodeKind::use));
        if (fits) plain(each.word(), ItemKind::variable).detail = std::string(each.type().text());
      }
    };
    if (component) return add(component);
    for (const auto& [path, trees] : analysis_.packages) {
      if (std::find(trees.begin(), trees.end(), &tree_) == trees.end()) continue;
      for (const SyntaxTree* tree : trees) add(tree->root());
    }
  }

  const Analysis& analysis_;
  const SyntaxTree& tree_;
  std::string_view text_;
  std::size_t offset_;
  std::vector<NodeRef> path_;
  std::string_view line_;  ///< up to the end of the word at the cursor
  std::vector<CompletionItem> items_;
};

}  // namespace

std::vector<CompletionItem> complete(const Analysis& analysis, const std::string& path, const Probe& probe) {
  const SyntaxTree* tree = analysis.tree_at(path);
  return tree == nullptr ? std::vector<CompletionItem>() : Completer(analysis, *tree, probe).run();
}

}  // namespace carbon::lsp
