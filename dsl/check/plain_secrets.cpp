#include "dsl/check/plain_secrets.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string>

#include "dsl/check/name_case.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

constexpr std::array<std::string_view, 14> secret_endings{
    "password",   "passwd",           "passphrase",    "token",        "api_key",     "apikey",
    "secret_key", "secretkey",        "client_secret", "clientsecret", "private_key", "privatekey",
    "auth_token", "credentials_json",
};

/// The literal text of a string without `${…}`; nothing for any other expression.
std::optional<std::string> literal_text(NodeRef value) {
  bool text = value.is(NodeKind::string) || value.is(NodeKind::raw_string) || value.is(NodeKind::multiline) ||
              value.is(NodeKind::raw_multiline);
  return text ? constant_string(value) : std::nullopt;
}

/// The key that a field is written with; empty when it is computed.
std::string key_of(NodeRef field) {
  if (field.is(NodeKind::field)) return std::string(field.word());
  if (field.is(NodeKind::string_key_field)) return literal_text(field.value()).value_or("");
  return {};
}

NodeRef value_of(NodeRef field) {
  auto expressions = field.children(NodeCategory::expression);
  return expressions.at(field.is(NodeKind::string_key_field) ? 1 : 0);
}

class PlainSecrets {
 public:
  explicit PlainSecrets(Session& session) : session_(session) {}

  /// Nesting is limited by the parser, so recursion is.
  void look_at(NodeRef node) {
    if (node.is(NodeKind::test)) return;  // what it gives and mocks is made up
    if (node.is(NodeKind::input) || node.is(NodeKind::typed_field)) declared(node);
    if (node.is(NodeKind::let) || node.is(NodeKind::item_let)) written(node.word(), node.value());
    if (node.is(NodeKind::field) || node.is(NodeKind::string_key_field))
      written(key_of(node), value_of(node));
    if (node.is(NodeKind::body)) variable(node);
    for (NodeRef child : node.children()) look_at(child);
  }

 private:
  /// `input password : string`
  void declared(NodeRef node) {
    NodeRef type = node.type();
    NodeRef bare = type.is(NodeKind::optional_type) ? type.type() : type;
    if (!bare.is(NodeKind::path_type) || bare.word() != "string" || !names_a_secret(node.word())) return;
    std::string made = fmt::format("secret<{}>", session_.input.sources.text(bare.span()));
    session_.sink
        .warning(DiagnosticCode::plain_secret,
                 fmt::format("`{}` is a plain string, so plans and files may show it", node.word()),
                 bare.span())
        .helps.push_back(
            {fmt::format("make it a secret: `{}`", made), Fix{bare.span(), made, FixSafety::maybe}});
  }

  /// `password = "hunter2"`
  void written(std::string_view name, NodeRef value) {
    if (!names_a_secret(name) || literal_text(value).value_or("").empty()) return;
    tell(name, value);
  }

  /// `{ name = "DB_PASSWORD", value = "hunter2" }`, as containers have it.
  void variable(NodeRef body) {
    std::string name;
    NodeRef value;
    for (NodeRef item : body.children(NodeKind::field)) {
      if (item.word() == "name") name = literal_text(value_of(item)).value_or("");
      if (item.word() == "value") value = value_of(item);
    }
    if (value) written(name, value);
  }

  void tell(std::string_view name, NodeRef value) {
    session_.sink
        .warning(DiagnosticCode::plain_secret,
                 fmt::format("`{}` stands in the file for everybody to read", name), value.span(),
                 "plain text")
        .helps.push_back(
            {fmt::format("take it from where it is kept: `secret.env(\"{}\")`", variable_name(name)), {}});
  }

  static std::string variable_name(std::string_view name) {
    std::string made = snake_case(name);
    for (char& c : made) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return made;
  }

  Session& session_;
};

}  // namespace

bool names_a_secret(std::string_view name) {
  std::string words = snake_case(name);
  return std::any_of(secret_endings.begin(), secret_endings.end(), [&](std::string_view ending) {
    return words == ending || words.ends_with("_" + std::string(ending));
  });
}

void warn_of_plain_secrets(Session& session) {
  PlainSecrets secrets(session);
  for (const auto& [path, trees] : session.input.packages) {
    if (path.starts_with("std/")) continue;
    for (const SyntaxTree* tree : trees) secrets.look_at(tree->root());
  }
}

}  // namespace carbon
