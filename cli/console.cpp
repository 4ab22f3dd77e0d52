#include "cli/console.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/trim.h"
#include "base/value_json.h"
#include "cli/compile.h"
#include "cli/views/explain_view.h"
#include "cli/views/value_source.h"
#include "dsl/expand/evaluate_let.h"
#include "dsl/parse/parse.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// `NAME` of `let NAME …` or `fn NAME …`; empty for anything else.
std::string_view declared_name(std::string_view text) {
  for (std::string_view keyword : {"let ", "fn "}) {
    if (!text.starts_with(keyword)) continue;
    std::string_view rest = trimmed(text.substr(keyword.size()));
    auto in_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return rest.substr(
        0, static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), in_name) - rest.begin()));
  }
  return {};
}

const Declaration* find(const Program& program, std::string_view name) {
  for (const Declaration& each : program.packages.front().scope.declarations) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

/// What can be asked for behind a dot.
std::vector<std::string> members(Compiled& compiled, TypePtr type) {
  std::vector<std::string> names;
  if (type == nullptr) return names;
  const Type* record = &plain_type(*type);
  for (const Component& component : compiled.program->components) {
    if (component.type != record) continue;
    for (const Declaration& each : component.scope.declarations) {
      if (each.kind == DeclarationKind::output) names.push_back(each.name);
    }
    return names;
  }
  if (record->kind == TypeKind::reference) {
    const ResourceType* resource = compiled.language.types.find(record->name);
    if (resource == nullptr) return names;
    record = resource->schema;
  }
  for (const FieldType& field : record->fields) names.push_back(field.name);
  return names;
}

constexpr std::string_view help_text =
    "An expression shows its value; a `let` or `fn` keeps a name for this console.\n"
    "Brackets and operators go on over several lines; an empty line ends them.\n"
    "  :type EXPR     the type of an expression\n"
    "  :env [NAME]    the environment, or another one\n"
    "  :quit          ends the console, as Ctrl-D does\n";

}  // namespace

bool is_incomplete(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  bool declares = !declared_name(trimmed(text)).empty();
  std::uint32_t file = sources.add("", declares ? text : "let x = " + text);
  (void)parse(sources, file, sink);
  const SourceMap::File& source = sources.file(file);
  std::size_t end = source.base + source.text.find_last_not_of(blanks) + 1;
  auto goes_on = [&](const Diagnostic& problem) {
    SourceSpan at = problem.labels.front().span;
    std::string_view marked = sources.text(at);
    // A text between single quotes ends with its line.
    bool bracket = problem.code == DiagnosticCode::unclosed_bracket && problem.labels.size() == 1;
    if (bracket) return marked != "\"" && marked != "'";
    return problem.code == DiagnosticCode::expected_token && at.begin >= end;
  };
  return std::any_of(sink.all().begin(), sink.all().end(), goes_on);
}

std::string Console::own_text() const {
  std::string text;
  for (const Own& each : own_) text += each.text + "\n";
  return text;
}

Console::Answer Console::enter(const std::string& text) {
  std::string_view inner = trimmed(text);
  if (inner.empty()) return Answer::good;
  if (inner.starts_with(':')) return command(inner.substr(1));
  if (std::string_view name = declared_name(inner); !name.empty()) return declare(name, std::string(inner));
  return evaluate(std::string(inner));
}

Console::Answer Console::command(std::string_view text) {
  std::string_view word = text.substr(0, text.find_first_of(blanks));
  std::string rest(trimmed(text.substr(word.size())));
  if (word == "quit" || word == "q" || word == "exit") return Answer::leave;
  if (word == "type" && !rest.empty()) return print_type(rest);
  if (word == "env") {
    if (!rest.empty()) options_.environment = rest;
    fmt::print("{}\n", options_.environment.value_or("(none is chosen)"));
    return Answer::good;
  }
  fmt::print("{}", help_text);
  return word == "help" ? Answer::good : Answer::bad;
}

Console::Answer Console::declare(std::string_view name, const std::string& text) {
  std::vector<Own> before = own_;
  std::erase_if(own_, [&](const Own& each) { return each.name == name; });
  own_.push_back({std::string(name), text});
  bool value = text.starts_with("let ");
  Answer answer = evaluate(value ? std::string(name) : "null");
  if (answer == Answer::bad) own_ = std::move(before);
  return answer;
}

Console::Answer Console::evaluate(const std::string& expression) const {
  std::string name;
  auto compiled = check_with_let(options_, expression, name, own_text());
  std::optional<Value> value;
  if (compiled->ok())
    value = evaluate_let(*compiled->program, name, expand_options(options_), compiled->diagnostics);
  DiagnosticSink problems;
  for (const Diagnostic& each : compiled->diagnostics.all()) {
    // Warnings of the files belong to `carbon check`, not behind every line.
    if (each.severity == Severity::error) problems.add(each);
  }
  print_diagnostics(problems, compiled->loaded.sources, options_.color);
  if (!value || !compiled->ok()) return Answer::bad;
  // A function was declared: there is nothing to show.
  if (expression == "null" && !own_.empty() && own_.back().text.starts_with("fn ")) return Answer::good;
  bool json = options_.format == OutputFormat::json;
  fmt::print("{}\n", json ? to_json(*value, JsonStyle::indented) : value_source(*value));
  return Answer::good;
}

Console::Answer Console::print_type(const std::string& expression) const {
  std::string name;
  auto compiled = check_with_let(options_, expression, name, own_text());
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options_.color);
  if (!compiled->ok()) return Answer::bad;
  const Declaration* made = find(*compiled->program, name);
  bool known = made != nullptr && made->type != nullptr;
  fmt::print("{}\n", known ? to_string(*made->type) : "(known by evaluation)");
  return Answer::good;
}

std::vector<std::string> Console::completions(const std::string& word) const {
  std::size_t dot = word.rfind('.');
  std::string prefix = dot == std::string::npos ? "" : word.substr(0, dot + 1);
  std::string name;
  auto compiled = check_with_let(options_, prefix.empty() ? "null" : word.substr(0, dot), name, own_text());
  std::vector<std::string> found;
  auto add = [&](std::string candidate) {
    if (candidate.starts_with(word) && candidate != name) found.push_back(std::move(candidate));
  };
  for (std::string_view function : compiled->language.functions.names()) {
    if (is_callable(*compiled->language.functions.find(function))) add(std::string(function));
  }
  bool checked = compiled->ok() && compiled->program;
  if (checked && prefix.empty()) {
    for (const Declaration& each : compiled->program->packages.front().scope.declarations) add(each.name);
  }
  const Declaration* object = checked && !prefix.empty() ? find(*compiled->program, name) : nullptr;
  if (object != nullptr) {
    for (const std::string& member : members(*compiled, object->type)) add(prefix + member);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace carbon
