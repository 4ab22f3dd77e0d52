// Answers that offer edits: completion, code actions, rename.

#include <fmt/core.h>

#include <algorithm>

#include "lsp/code_actions.h"
#include "lsp/completion.h"
#include "lsp/json.h"
#include "lsp/rename.h"
#include "lsp/server.h"

namespace carbon::lsp {

namespace {

constexpr int invalid_parameters = -32602;
constexpr int request_failed = -32803;
constexpr std::size_t most_items = 400;

Value to_value(const CompletionItem& item, const Value& range, bool snippets) {
  constexpr std::int64_t snippet_format = 2;
  bool is_snippet = snippets && !item.snippet.empty();
  const std::string& text = is_snippet ? item.snippet : item.insert.empty() ? item.label : item.insert;
  std::vector<Entry> entries{
      json::field("label", json::text(item.label)),
      json::field("kind", json::number(static_cast<std::uint64_t>(item.kind))),
      json::field("sortText", json::text(fmt::format("{}{}", item.rank, item.label))),
      json::field("textEdit",
                  json::object({json::field("range", range), json::field("newText", json::text(text))})),
  };
  if (is_snippet) entries.push_back(json::field("insertTextFormat", Value::integer(snippet_format)));
  if (!item.detail.empty()) entries.push_back(json::field("detail", json::text(item.detail)));
  if (!item.documentation.empty()) {
    entries.push_back(
        json::field("documentation", json::object({json::field("kind", json::text("markdown")),
                                                   json::field("value", json::text(item.documentation))})));
  }
  return json::object(std::move(entries));
}

/// Whether nothing but blanks follows in the line: what stands there already may be what a snippet would add.
bool ends_line(std::string_view text, std::size_t at) {
  std::size_t next = text.find_first_not_of(" \t\r", at);
  return next == std::string_view::npos || text[next] == '\n';
}

/// The best ones of a long list, by what is typed.
bool shorten(std::vector<CompletionItem>& items, std::string_view typed) {
  if (items.size() <= most_items) return false;
  std::erase_if(items, [&](const CompletionItem& item) { return !item.label.starts_with(typed); });
  if (items.size() > most_items) {
    std::nth_element(items.begin(), items.begin() + most_items, items.end(),
                     [](const CompletionItem& a, const CompletionItem& b) { return a.rank < b.rank; });
    items.resize(most_items);
  }
  return true;
}

}  // namespace

Server::Reply Server::completion(const Value& parameters) {
  const Document* document = documents_.find(json::text_at(parameters, {"textDocument", "uri"}));
  if (document == nullptr) return Value();
  TextLines lines(document->text, encoding_);
  std::size_t cursor = lines.offset(read_position(json::at(parameters, {"position"})));
  Probe probe = probe_at(document->text, cursor);
  OpenTexts texts = open_texts();
  texts[document->path] = probe.text;
  auto current = workspace_.look_at(root_of(*document), texts, document->path, probe.offset);
  std::vector<CompletionItem> items = complete(*current, document->path, probe);
  std::string_view typed =
      std::string_view(document->text).substr(probe.word_begin, cursor - probe.word_begin);
  bool incomplete = shorten(items, typed);
  std::stable_sort(items.begin(), items.end(), [](const CompletionItem& a, const CompletionItem& b) {
    return std::tie(a.rank, a.label) < std::tie(b.rank, b.label);
  });
  // Two files of a package may import the same.
  auto same = [](const CompletionItem& a, const CompletionItem& b) { return a.label == b.label; };
  items.erase(std::unique(items.begin(), items.end(), same), items.end());
  Value range = to_value(Range{lines.position(probe.word_begin), lines.position(probe.word_end)});
  bool snippets = snippets_ && ends_line(document->text, probe.word_end);
  Value list = json::list(items, [&](const CompletionItem& item) { return to_value(item, range, snippets); });
  return json::object(
      {json::field("isIncomplete", Value::boolean(incomplete)), json::field("items", std::move(list))});
}

Server::Reply Server::code_action(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  if (!at) return Value();
  workspace_.evaluate(at->analysis, environment_);
  const SourceMap::File& file = at->analysis.sources->file(at->tree.file());
  Range range = read_range(json::at(parameters, {"range"}));
  SourceSpan touched{at->locator.offset(file, range.start), at->locator.offset(file, range.end)};
  std::vector<std::string> only;
  for (const Value& kind : json::items_at(parameters, {"context", "only"})) {
    if (kind.is_string()) only.emplace_back(kind.text());
  }
  SourceSpan whole{file.base, file.base + static_cast<std::uint32_t>(file.text.size())};
  return code_actions(at->analysis, at->locator, whole, touched, only);
}

Server::Reply Server::prepare_rename(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  std::optional<Referent> referent = at ? referent_at(at->analysis, at->offset) : std::nullopt;
  if (!referent) return Value();
  if (std::string problem = rename_problem(at->analysis, *referent); !problem.empty())
    return refusal(request_failed, std::move(problem));
  return json::object({json::field("range", to_value(at->locator.range(referent->here))),
                       json::field("placeholder", json::text(at->analysis.sources->text(referent->target)))});
}

Server::Reply Server::rename(const Value& parameters) {
  std::optional<Spot> at = spot(parameters);
  std::optional<Referent> referent = at ? referent_at(at->analysis, at->offset) : std::nullopt;
  if (!referent) return refusal(request_failed, "no name that is known stands here");
  std::string name = json::text_at(parameters, {"newName"});
  std::string problem = name_problem(name);
  if (!problem.empty()) return refusal(invalid_parameters, std::move(problem));
  problem = rename_problem(at->analysis, *referent);
  if (!problem.empty()) return refusal(request_failed, std::move(problem));
  std::vector<SpanEdit> edits = rename_edits(at->analysis, *referent, name);
  std::unique_ptr<Analysis> after = analysis_with(at->analysis, edits);
  problem = new_error(at->analysis, *after);
  if (!problem.empty()) return refusal(request_failed, std::move(problem));
  workspace_.evaluate(*after, environment_);
  for (SpanEdit& edit : kept_names(at->analysis, *after, edits)) edits.push_back(std::move(edit));
  std::map<std::string, std::vector<Value>> by_file;
  for (const SpanEdit& edit : edits) {
    by_file[at->locator.uri(edit.span)].push_back(
        json::object({json::field("range", to_value(at->locator.range(edit.span))),
                      json::field("newText", json::text(edit.replacement))}));
  }
  std::vector<Entry> changes;
  for (auto& [uri, all] : by_file) changes.push_back(json::field(uri, Value::list(std::move(all))));
  return json::object({json::field("changes", json::object(std::move(changes)))});
}

std::unique_ptr<Analysis> Server::analysis_with(const Analysis& before, const std::vector<SpanEdit>& edits) {
  OpenTexts texts = open_texts();
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    const SourceMap::File& file = *before.sources->find(edit->span.begin);
    std::string& text = texts.emplace(before.path_of(file), file.text).first->second;
    text.replace(edit->span.begin - file.base, edit->span.size(), edit->replacement);
  }
  return workspace_.analyse(before.root, texts);
}

}  // namespace carbon::lsp
