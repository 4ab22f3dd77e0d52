#include <fmt/core.h>

#include <algorithm>

#include "base/diagnostic_code.h"
#include "base/spelling.h"
#include "cli/commands/running.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

struct CodeRow {
  std::uint16_t number;
  std::string_view name;
  std::string_view summary;
  std::string_view remedy;
};

constexpr CodeRow codes[] = {
#define CARBON_CODE(number, name, summary, remedy) {number, #name, summary, remedy},
#include "base/diagnostic_codes.def"
#undef CARBON_CODE
};

/// C1001, with what was perhaps meant.
ExitCode unknown(std::string message, std::string_view near, const Options& options) {
  Error error(DiagnosticCode::bad_usage, std::move(message));
  if (!near.empty()) error.diagnostic().helps.push_back({fmt::format("did you mean `{}`?", near), {}});
  return report(error, SourceMap(), options);
}

ExitCode explain_code(std::string_view text, const Options& options) {
  for (const CodeRow& row : codes) {
    if (fmt::format("C{:04}", row.number) != text) continue;
    fmt::print("{} {}\n\n{}.\nWhat to do: {}.\n", text, row.name, row.summary, row.remedy);
    return ExitCode::success;
  }
  return unknown(fmt::format("there is no code `{}`", text), "", options);
}

ExitCode explain_function(const FunctionTable& functions, const Options& options) {
  const std::string& name = options.address;
  const Function* function = functions.find(name);
  if (function == nullptr || function->doc.empty()) {
    return unknown(fmt::format("there is no function `{}`", name), nearest(name, functions.names()), options);
  }
  std::string parameters;
  for (const Parameter& parameter : function->parameters) {
    parameters += fmt::format("{}{}{} : {}{}", parameters.empty() ? "" : ", ", parameter.name,
                              parameter.variadic ? "..." : "", parameter.type, parameter.optional ? "?" : "");
  }
  fmt::print("{}({}) : {}\n\n{}\n", function->name, parameters, function->result, function->doc);
  if (!function->example.empty()) fmt::print("\n  {}\n", function->example);
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
    fmt::print("  {:<{}} : {}{}\n", field.name, width, to_string(*field.type), words_of(field.flags));
    if (!field.doc.empty()) fmt::print("  {:<{}}   {}\n", "", width, field.doc);
  }
}

ExitCode explain_type(ResourceTypes& types, const Options& options) {
  const std::string& what = options.address;
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
  fmt::print("{} : {}\n", what, second == std::string::npos ? "resource type" : to_string(*at));
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
  const std::string& what = options.address;
  bool code = what.size() == 5 && what[0] == 'C' &&
              std::all_of(what.begin() + 1, what.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (code) return explain_code(what, options);
  Language language;
  load_standard_types(language);
  if (what.find('.') != std::string::npos && !what.starts_with("secret."))
    return explain_type(language.types, options);
  return explain_function(language.functions, options);
}

}  // namespace carbon
