#include <fmt/core.h>

#include <algorithm>

#include "base/spelling.h"
#include "cli/commands/running.h"
#include "cli/diagnostic_pages.h"
#include "cli/views/explain_view.h"
#include "engine/model/typed_path.h"
#include "stdlib/packages.h"

namespace carbon {

namespace {

/// C1001, with what was perhaps meant.
ExitCode unknown(std::string message, std::string_view near, const Options& options) {
  Error error(DiagnosticCode::bad_usage, std::move(message));
  if (!near.empty()) error.diagnostic().helps.push_back({fmt::format("did you mean `{}`?", near), {}});
  return report(error, SourceMap(), options);
}

ExitCode explain_code(std::string text, const Options& options) {
  text.front() = 'C';
  for (const DiagnosticPage& page : diagnostic_pages()) {
    if (page.code != text) continue;
    fmt::print("{}", page_text(page.text));
    return ExitCode::success;
  }
  return unknown(fmt::format("there is no code `{}`", text), "", options);
}

ExitCode explain_function(const FunctionTable& functions, const std::string& name, const Options& options) {
  const Function* function = functions.find(name);
  if (function == nullptr || !is_callable(*function)) {
    return unknown(fmt::format("there is no function `{}`", name), nearest(name, functions.names()), options);
  }
  fmt::print("{}", function_text(*function));
  return ExitCode::success;
}

std::string words_of(FieldFlag flags) {
  struct Word {
    FieldFlag flag;
    std::string_view word;
  };
  constexpr Word words[] = {
      {FieldFlag::required, "required"},     {FieldFlag::identity, "identity"},
      {FieldFlag::immutable, "immutable"},   {FieldFlag::computed, "computed"},
      {FieldFlag::write_only, "write_only"}, {FieldFlag::server_default, "server_default"},
      {FieldFlag::sensitive, "sensitive"}};
  std::string out;
  for (const Word& word : words) {
    if (has(flags, word.flag)) out += " " + std::string(word.word);
  }
  return out;
}

void print_fields(const Type& type) {
  std::size_t width = 0;
  for (const FieldType& field : type.fields) width = std::max(width, field.name.size());
  for (const FieldType& field : type.fields) {
    fmt::print("  {:<{}} : {}{}\n", field.name, width, short_text(*field.type), words_of(field.flags));
    if (!field.doc.empty()) fmt::print("  {:<{}}   {}\n", "", width, field.doc);
  }
}

ExitCode explain_type(ResourceTypes& types, const std::string& what, const Options& options) {
  // `k8s.Deployment.spec.template`: package and type, then fields; list and map elements are stepped through.
  std::size_t first = what.find('.');
  std::size_t second = first == std::string::npos ? std::string::npos : what.find('.', first + 1);
  std::string name = what.substr(0, second);
  const ResourceType* type = types.find(name);
  if (type == nullptr) {
    std::vector<std::string> known = types.names(name.substr(0, name.find('.')));
    std::vector<std::string_view> views(known.begin(), known.end());
    return unknown(fmt::format("there is no type `{}`", name), nearest(name, views), options);
  }
  const Type* at = type->schema;
  for (std::size_t begin = second; begin != std::string::npos;) {
    std::size_t end = what.find('.', begin + 1);
    std::string field = what.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
    const Type* record = &plain_type(*at);
    while (record->element != nullptr && record->kind != TypeKind::record)
      record = &plain_type(*record->element);
    const FieldType* found = record->field(field);
    if (found == nullptr) {
      std::vector<std::string_view> fields;
      for (const FieldType& each : record->fields) fields.push_back(each.name);
      return unknown(fmt::format("`{}` has no field `{}`", what.substr(0, begin), field),
                     nearest(field, fields), options);
    }
    at = found->type;
    begin = end;
  }
  fmt::print("{} : {}\n", what, second == std::string::npos ? "resource type" : short_text(*at));
  if (second == std::string::npos && !type->doc.empty()) fmt::print("\n{}\n", type->doc);
  const Type* record = &plain_type(*at);
  while (record->element != nullptr && record->kind != TypeKind::record)
    record = &plain_type(*record->element);
  if (record->kind == TypeKind::record) {
    fmt::print("\n");
    print_fields(*record);
  }
  return ExitCode::success;
}

}  // namespace

ExitCode run_explain(const Options& options) {
  const std::vector<std::string>& words = options.topic;
  std::string what = words.empty() ? "" : words.front();
  bool code = what.size() == 5 && (what[0] == 'C' || what[0] == 'c') &&
              std::all_of(what.begin() + 1, what.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (code && words.size() == 1) return explain_code(what, options);
  Language language;
  load_standard_types(language);
  std::vector<std::string_view> packages = standard_packages();
  if (words.empty()) {
    fmt::print("{}", topics_text(language.functions, packages));
    return ExitCode::success;
  }
  if (what == "fn" && words.size() == 1) {
    fmt::print("{}", functions_text(language.functions));
    return ExitCode::success;
  }
  if (what == "fn") return explain_function(language.functions, words[1], options);
  if (words.size() > 1) return unknown(fmt::format("`{}` is followed by nothing", what), "", options);
  if (std::find(packages.begin(), packages.end(), what) != packages.end()) {
    fmt::print("{}", package_text(language.types, what));
    return ExitCode::success;
  }
  if (what.find('.') != std::string::npos && !what.starts_with("secret."))
    return explain_type(language.types, what, options);
  return explain_function(language.functions, what, options);
}

}  // namespace carbon
