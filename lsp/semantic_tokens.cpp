#include "lsp/semantic_tokens.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "dsl/syntax/node_ref.h"
#include "lsp/json.h"

namespace carbon::lsp {

namespace {

enum class Token : std::uint8_t {
  keyword,
  space,
  type,
  function,
  variable,
  parameter,
  property,
  string,
  number,
  comment,
  none
};
constexpr std::array<std::string_view, 10> names{"keyword",   "namespace", "type",   "function", "variable",
                                                 "parameter", "property",  "string", "number",   "comment"};

struct TokenRow {
  NodeKind node;
  Token token;
};

Token find(std::span<const TokenRow> rows, NodeKind kind) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const TokenRow& row) { return row.node == kind; });
  return found == rows.end() ? Token::none : found->token;
}

/// What a `word` beneath a node of the kind is.
constexpr auto words = std::to_array<TokenRow>({
    {NodeKind::platform, Token::space},       {NodeKind::import, Token::space},
    {NodeKind::environment, Token::space},    {NodeKind::type_alias, Token::type},
    {NodeKind::type_via, Token::type},        {NodeKind::component, Token::type},
    {NodeKind::path_type, Token::type},       {NodeKind::fn, Token::function},
    {NodeKind::param, Token::parameter},      {NodeKind::input, Token::parameter},
    {NodeKind::output, Token::parameter},     {NodeKind::setting, Token::keyword},
    {NodeKind::field_word, Token::keyword},   {NodeKind::removed, Token::keyword},
    {NodeKind::field, Token::property},       {NodeKind::typed_field, Token::property},
    {NodeKind::member, Token::property},      {NodeKind::safe_member, Token::property},
    {NodeKind::argument, Token::property},    {NodeKind::let, Token::variable},
    {NodeKind::item_let, Token::variable},    {NodeKind::resource, Token::variable},
    {NodeKind::lookup, Token::variable},      {NodeKind::use, Token::variable},
    {NodeKind::provider, Token::variable},    {NodeKind::policy, Token::variable},
    {NodeKind::each_clause, Token::variable},
});

constexpr auto leaves = std::to_array<TokenRow>({
    {NodeKind::via_name, Token::keyword},
    {NodeKind::schema_keyword, Token::keyword},
    {NodeKind::boolean, Token::keyword},
    {NodeKind::null_value, Token::keyword},
    {NodeKind::number, Token::number},
    {NodeKind::string, Token::string},
    {NodeKind::multiline, Token::string},
    {NodeKind::raw_string, Token::string},
    {NodeKind::raw_multiline, Token::string},
    {NodeKind::string_text, Token::string},
    {NodeKind::escape, Token::string},
    {NodeKind::language_tag, Token::string},
    {NodeKind::comment, Token::comment},
    {NodeKind::doc_comment, Token::comment},
});

class TokenWriter {
 public:
  TokenWriter(const Analysis& analysis, const SyntaxTree& tree, PositionEncoding encoding)
      : analysis_(analysis),
        tree_(tree),
        file_(analysis.sources->file(tree.file())),
        lines_(file_.text, encoding) {
    for (const auto& [path, trees] : analysis.packages) {
      for (const SyntaxTree* each : trees) declarations(each->root());
    }
  }

  Value run() {
    visit(tree_.root(), NodeKind::file);
    return Value::list(std::move(data_));
  }

 private:
  /// Kinds of everything that has a name, by the place of the name.
  void declarations(NodeRef node) {
    for (NodeRef child : node.children()) {
      if (child.is(NodeKind::word)) {
        declared_.emplace(child.span().begin, find(words, node.kind()));
      } else {
        declarations(child);
      }
    }
  }

  [[nodiscard]] Token meaning(SourceSpan name) const {
    const NameUse* use = analysis_.index.name_at(name.begin);
    if (use == nullptr || use->span != name) return Token::variable;
    auto found = declared_.find(use->target.begin);
    return found == declared_.end() || found->second == Token::none ? Token::variable : found->second;
  }

  [[nodiscard]] Token leaf(NodeRef node, NodeKind parent) const {
    if (node.is(NodeKind::word)) return find(words, parent);
    if (node.is(NodeKind::name)) return meaning(node.span());
    bool operates = node.is(NodeKind::prefix_operator) || node.is(NodeKind::binary_operator);
    if (operates) return is_word(node.text()) ? Token::keyword : Token::none;
    return find(leaves, node.kind());
  }

  static bool is_word(std::string_view text) {
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z';
  }

  void visit(NodeRef node, NodeKind parent) {
    std::uint32_t at = node.span().begin;
    bool any = false;
    // A called name is a function, whoever declares it.
    bool calls = node.is(NodeKind::postfix) && node.children().at(1).is(NodeKind::call);
    for (NodeRef child : node.children_with_trivia()) {
      gap({at, child.span().begin}, node.kind());
      if (calls && !any && child.is(NodeKind::name)) {
        add(child.span(), Token::function);
      } else {
        visit(child, node.kind());
      }
      at = child.span().end;
      any = true;
    }
    if (any) {
      gap({at, node.span().end}, node.kind());
    } else if (Token token = leaf(node, parent); token != Token::none) {
      add(node.span(), token);
    } else if (!node.is(NodeKind::skipped)) {
      gap(node.span(), node.kind());
    }
  }

  /// Keywords have no nodes: they are the words between nodes. Quotes belong to their string.
  void gap(SourceSpan span, NodeKind around) {
    std::string_view text = tree_.text(span);
    bool string = around == NodeKind::string || around == NodeKind::multiline;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t begin = i;
      auto taken = [&](char c) { return string ? c == '"' : (c >= 'a' && c <= 'z'); };
      while (i < text.size() && taken(text[i])) ++i;
      if (i == begin) {
        ++i;
        continue;
      }
      add({span.begin + static_cast<std::uint32_t>(begin), span.begin + static_cast<std::uint32_t>(i)},
          string ? Token::string : Token::keyword);
    }
  }

  void add(SourceSpan span, Token token) {
    std::string_view text = tree_.text(span);
    std::size_t at = 0;
    while (at < text.size()) {
      std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
      if (end != at)
        line({span.begin + static_cast<std::uint32_t>(at), span.begin + static_cast<std::uint32_t>(end)},
             token);
      at = end + 1;
    }
  }

  void line(SourceSpan span, Token token) {
    Position start = lines_.position(span.begin - file_.base);
    Position end = lines_.position(span.end - file_.base);
    bool same = start.line == last_.line;
    for (std::uint32_t part :
         {start.line - last_.line, same ? start.character - last_.character : start.character,
          end.character - start.character, static_cast<std::uint32_t>(token), 0u})
      data_.push_back(json::number(part));
    last_ = start;
  }

  const Analysis& analysis_;
  const SyntaxTree& tree_;
  const SourceMap::File& file_;
  TextLines lines_;
  std::unordered_map<std::uint32_t, Token> declared_;
  Position last_;
  std::vector<Value> data_;
};

}  // namespace

std::span<const std::string_view> token_types() { return names; }

Value semantic_tokens(const Analysis& analysis, const SyntaxTree& tree, PositionEncoding encoding) {
  return TokenWriter(analysis, tree, encoding).run();
}

}  // namespace carbon::lsp
