#include "dsl/check/settings.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/lowering.h"

namespace carbon {

namespace {

using At = SettingPlace;
constexpr std::uint8_t many = 255;

constexpr std::array shapes = std::to_array<SettingShape>({
    {At::platform, "world", 1, 1, ""},
    {At::platform, "inventory", 1, 3, ""},
    {At::platform, "requires", 2, 2, "", true},
    {At::environment, "world", 1, 1, ""},
    {At::environment, "inventory", 1, 3, ""},
    {At::environment, "cluster", 2, many, ""},
    {At::environment, "patch", 2, 2, "", true},
    {At::environment, "endpoint", 2, 2, "", true},
    {At::provider, "served_by", 1, many, ""},
    {At::provider, "reach", 2, 2, "", false, false},
    {At::resource, "after", 1, many, "", true},
    {At::resource, "protect", 0, 0, "w"},
    {At::resource, "ignore", 1, many, "", true},
    {At::resource, "replace", 1, 1, ""},
    {At::resource, "timeout", 1, 1, ""},
    {At::resource, "using", 1, 1, ""},
    {At::resource, "adopt", 1, 1, ""},
    {At::resource, "retry", 1, 1, "B"},
    {At::resource, "keep", 1, 1, "", true},
    {At::lookup, "using", 1, 1, ""},
    {At::lookup, "timeout", 1, 1, ""},
    {At::lookup, "retry", 1, 1, "B"},
    {At::use, "after", 1, many, "", true},
    {At::type, "provider", 1, 1, ""},
    {At::type, "identity", 1, many, ""},
    {At::type, "assigned", 1, 1, ""},
    {At::type, "database", 1, 1, ""},
    {At::type, "exclusive", 0, 0, "B"},
    {At::type, "data_bearing", 0, 0, ""},
    {At::type, "api", 3, 3, ""},
    {At::type, "scope", 1, 1, ""},
    {At::type, "read", 1, 1, ""},
    {At::type, "create", 1, 1, ""},
    {At::type, "update", 1, many, "", true},
    {At::type, "delete", 1, 1, ""},
    {At::type, "list", 1, 1, ""},
    {At::type, "base", 1, 1, ""},
    {At::type, "header", 2, 2, "", true},
    {At::type, "ready", 0, 0, "W"},
    {At::type, "failed", 0, 0, "We", true},
    {At::type, "one_way", 5, 5, "", true},
    {At::type, "disrupts", 2, 2, "", true},
    {At::type, "check", 1, 1, "E", true},
    {At::test, "environment", 1, 1, ""},
    {At::test, "given", 1, 1, ""},
    {At::test, "mock", 2, 2, "", true},
    {At::test, "expect", 1, 2, "e", true},
    {At::policy, "check", 1, 1, "E", true},
    {At::operation, "query", 1, many, "w", true},
    {At::operation, "exec", 1, many, "w", true},
    {At::operation, "outside_transaction", 0, 0, "", true},
    {At::operation, "take", 1, 1, ""},
    {At::operation, "absent", 0, 0, "W"},
    {At::operation, "exists", 0, 0, "W"},
    {At::operation, "done", 0, 0, "W"},
    {At::operation, "each", 1, 1, "B"},
    {At::operation, "get", 1, 1, "w", true},
    {At::operation, "head", 1, 1, "w", true},
    {At::operation, "post", 1, 1, "w", true},
    {At::operation, "put", 1, 1, "w", true},
    {At::operation, "patch", 1, 1, "w", true},
    {At::operation, "delete", 1, 1, "w", true},
    {At::operation, "send", 1, 1, "", true},
    {At::operation, "header", 2, 2, "", true},
    {At::operation, "encoding", 1, 1, "", true},
    {At::operation, "next", 1, 1, ""},
    {At::operation, "complete", 0, 0, "W"},
    {At::operation, "poll", 1, 1, "bWe", true},
    {At::operation, "conflict", 0, 0, "W"},
    {At::operation, "retry", 0, 0, "W"},
    {At::operation, "query_by_post", 0, 0, "", false, false},
});

const SettingShape* find(SettingPlace place, std::string_view name) {
  auto found = std::find_if(shapes.begin(), shapes.end(), [&](const SettingShape& shape) {
    return shape.place == place && shape.name == name;
  });
  return found == shapes.end() ? nullptr : &*found;
}

struct Clause {
  NodeKind kind;
  char letter;
  std::string_view word;
};
constexpr std::array clauses = std::to_array<Clause>({{NodeKind::by_clause, 'b', "by"},
                                                      {NodeKind::when_clause, 'w', "when"},
                                                      {NodeKind::else_clause, 'e', "else"},
                                                      {NodeKind::for_clause, 'f', "for"}});

bool allows(std::string_view set, char letter) { return set.find(letter) != std::string_view::npos; }

bool shaped(Session& session, NodeRef setting, const SettingShape& shape) {
  for (const Clause& clause : clauses) {
    NodeRef written = setting.child(clause.kind);
    bool must = allows(shape.clauses, static_cast<char>(clause.letter - 'a' + 'A'));
    if (written && !must && !allows(shape.clauses, clause.letter)) {
      session.error(DiagnosticCode::setting_arguments,
                    fmt::format("`{}` has no `{}`", shape.name, clause.word), written.span());
      return false;
    }
    if (!written && must) {
      session.error(DiagnosticCode::setting_arguments,
                    fmt::format("`{}` needs `{} …`", shape.name, clause.word), setting.word_span());
      // While a condition is being typed its message is not there yet; names are looked up all the same.
      bool typed = session.input.index != nullptr && session.input.index->watches(setting.span());
      if (!typed || clause.kind != NodeKind::else_clause) return false;
    }
  }
  std::size_t count = setting.children(NodeCategory::expression).count();
  if (count >= shape.least && (count <= shape.most || shape.most == many)) return true;
  std::string wanted = shape.least != shape.most && shape.most != many
                           ? fmt::format("{} to {}", shape.least, shape.most)
                       : shape.least == 0 ? "no"
                       : shape.least == 1 ? "one"
                                          : fmt::format("{}", shape.least);
  if (shape.most == many) wanted = "at least " + wanted;
  std::string_view noun =
      shape.most == 1 || (shape.most == many && shape.least == 1) ? "argument" : "arguments";
  session.error(DiagnosticCode::setting_arguments,
                fmt::format("`{}` takes {} {}, found {}", shape.name, wanted, noun, count), setting.span());
  return false;
}

void unknown_setting(Session& session, NodeRef setting, SettingPlace place) {
  std::string_view word = setting.word();
  Diagnostic& made =
      session.error(DiagnosticCode::unknown_setting, fmt::format("there is no setting `{}` here", word),
                    setting.word_span(), "words without `=` are settings");
  session.suggest(made, word, setting.word_span(), setting_names(place));
}

}  // namespace

std::vector<std::string_view> setting_names(SettingPlace place) {
  std::vector<std::string_view> names;
  for (const SettingShape& shape : shapes) {
    if (shape.place == place) names.push_back(shape.name);
  }
  return names;
}

std::vector<std::string_view> supported_settings(SettingPlace place) {
  std::vector<std::string_view> names;
  for (const SettingShape& shape : shapes) {
    if (shape.place == place && shape.supported) names.push_back(shape.name);
  }
  return names;
}

void field_without_equals(Session& session, NodeRef setting) {
  std::string_view word = setting.word();
  bool body = static_cast<bool>(setting.child(NodeKind::body));
  Diagnostic& made = session.error(DiagnosticCode::field_without_equals,
                                   fmt::format("`{}{}` is not a field", word, body ? " { … }" : ""),
                                   setting.word_span(), "fields need `=`");
  NodeRef value = setting.value();
  Help help{body ? fmt::format("write `{} = {{ … }}`", word) : fmt::format("write `{} = …`", word), {}};
  if (value) help.fix = Fix{{setting.word_span().end, setting.word_span().end}, " =", FixSafety::safe};
  made.helps.push_back(std::move(help));
  made.notes.emplace_back("words without `=` are settings");
}

NodeRef first_named(NodeRef body, NodeKind kind, std::string_view word) {
  auto all = body.children(kind);
  auto found = std::find_if(all.begin(), all.end(), [&](NodeRef each) { return each.word() == word; });
  return found == all.end() ? NodeRef() : *found;
}

std::vector<NodeRef> read_settings(Session& session, NodeRef body, SettingPlace place, TypePtr fields) {
  std::vector<NodeRef> good;
  std::vector<const SettingShape*> seen;
  for (NodeRef setting : body.children(NodeKind::setting)) {
    const SettingShape* shape = find(place, setting.word());
    if (shape == nullptr) {
      bool is_field = fields != nullptr && fields->field(setting.word()) != nullptr;
      if (is_field) {
        field_without_equals(session, setting);
      } else {
        unknown_setting(session, setting, place);
      }
      continue;
    }
    bool repeated = !shape->repeatable && std::find(seen.begin(), seen.end(), shape) != seen.end();
    seen.push_back(shape);
    if (repeated) {
      Diagnostic& made =
          session.error(DiagnosticCode::setting_repeated, fmt::format("`{}` is written twice", shape->name),
                        setting.word_span(), "written before");
      session.remove_again(made, first_named(body, NodeKind::setting, shape->name), setting);
    } else if (!shape->supported || setting.child(NodeKind::for_clause)) {
      session.error(DiagnosticCode::not_yet_supported, fmt::format("`{}` is not supported yet", shape->name),
                    setting.span());
    } else if (shaped(session, setting, *shape)) {
      good.push_back(setting);
    }
  }
  return good;
}

std::string_view setting_word(Session& session, NodeRef setting, const std::vector<std::string_view>& words) {
  NodeRef value = setting.value();
  std::string_view written = value.is(NodeKind::name) ? value.text() : std::string_view();
  if (std::find(words.begin(), words.end(), written) != words.end()) return written;
  Diagnostic& made = session.error(
      DiagnosticCode::setting_arguments,
      fmt::format("`{}` is one of `{}`", setting.word(), fmt::join(words, "`, `")), value.span());
  session.suggest(made, written, value.span(), words);
  return {};
}

}  // namespace carbon
