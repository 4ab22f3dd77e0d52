#include "cli/compile.h"

#include <fmt/core.h>
#include <algorithm>

#include "cli/version.h"
#include "convert/manifest_objects.h"
#include "dsl/parse/parse.h"
#include "dsl/schema/defined_types.h"
#include "dsl/syntax/node_ref.h"
#include "platform/log/log_file.h"
#include "platform/yaml/yaml.h"
#include "stdlib/definitions/definitions.h"
#include "stdlib/k8s/references.h"
#include "stdlib/k8s/schema.h"
#include "stdlib/native/builtins.h"
#include "stdlib/packages.h"

namespace carbon {

namespace {
constexpr std::size_t most_errors = 20;

/// What is about to be made, or said to be good, is judged; what is looked at or deleted is not.
bool judges(const Options& options) {
  return options.command == "check" || options.command == "apply" ||
         (options.command == "plan" && !options.destroy);
}

/// The objects of `k8s.Manifests`, whose text the language does not read itself.
std::vector<ManifestObject> read_manifest_objects(const ManifestText& text, ResourceTypes& types,
                                                  const Patterns& patterns, DiagnosticSink& sink) {
  if (text.documents != nullptr) return manifest_objects(text, *text.documents, types, patterns, sink);
  Result<std::vector<Value>> documents = parse_manifests(text.text, 0);
  if (documents) return manifest_objects(text, *documents, types, patterns, sink);
  sink.error(documents.error().code(),
             fmt::format("`yaml` of `{}`: {}", text.address, documents.error().message()), text.span);
  return {};
}

void check_loaded(Compiled& compiled) {
  LoadedPlatform& loaded = compiled.loaded;
  if (loaded.trees.empty()) return;
  CheckInput input{loaded.sources, loaded.packages, loaded.data, compiled.language.types,
                   compiled.language.functions};
  input.tool_version = tool_version;
  compiled.program = check(input, compiled.diagnostics);
}

/// A name that no declaration of the package has.
std::string free_name(const std::vector<const SyntaxTree*>& package, std::string name) {
  auto declares = [&name](const SyntaxTree* tree) {
    ChildRange all = tree->root().children();
    return std::any_of(all.begin(), all.end(), [&name](NodeRef each) { return each.word() == name; });
  };
  while (std::any_of(package.begin(), package.end(), declares)) name += '_';
  return name;
}

}  // namespace

Language::Language() {
  add_operators(functions);
  add_builtins(functions);
  add_yaml_decode(functions,
                  [](std::span<const Value> arguments) { return parse_yaml(arguments[0].text()); });
  add_kubernetes_types(types);
  for (const DefinitionPackage& each : definition_packages())
    add_defined_types(
        types, functions.patterns(),
        {std::string(each.name), kinds_of(each), definition_reader(each), run_once_kinds(each)});
}

std::unique_ptr<Compiled> check_platform(const Options& options, const OpenTexts& open) {
  auto compiled = std::make_unique<Compiled>();
  load(options.directory, compiled->loaded, compiled->diagnostics, open);
  check_loaded(*compiled);
  return compiled;
}

std::unique_ptr<Compiled> check_with_let(const Options& options, const std::string& expression,
                                         std::string& name, const std::string& own) {
  auto compiled = std::make_unique<Compiled>();
  LoadedPlatform& loaded = compiled->loaded;
  load(options.directory, loaded, compiled->diagnostics);
  if (loaded.trees.empty()) return compiled;
  if (!own.empty()) {
    std::uint32_t file = loaded.sources.add("<console>", own);
    loaded.packages[""].push_back(
        &loaded.trees.emplace_back(parse(loaded.sources, file, compiled->diagnostics)));
  }
  name = free_name(loaded.packages[""], "expression");
  std::uint32_t file = loaded.sources.add("<expression>", fmt::format("let {} = {}\n", name, expression));
  const SyntaxTree& tree = loaded.trees.emplace_back(parse(loaded.sources, file, compiled->diagnostics));
  if (tree.root().children().count() > 1) {
    compiled->diagnostics
        .error(DiagnosticCode::bad_usage, "more than one expression", tree.root().children().at(1).span())
        .helps.push_back({"several values are one list or record: `{ a = …, b = … }`", std::nullopt});
  }
  loaded.packages[""].push_back(&tree);
  if (compiled->ok()) check_loaded(*compiled);
  return compiled;
}

TestOutcome run_one_test(const Compiled& compiled, const Test& test) {
  ExpandOptions expanding;
  expanding.implied = object_references;
  expanding.manifests = read_manifest_objects;
  expanding.sources = &compiled.loaded.sources;
  return run_test(*compiled.program, test, std::move(expanding));
}

ExpandOptions expand_options(const Options& options) {
  ExpandOptions expanding;
  expanding.environment = options.environment;
  expanding.world = options.world;
  expanding.set = options.set;
  expanding.implied = object_references;
  expanding.manifests = read_manifest_objects;
  return expanding;
}

std::unique_ptr<Compiled> compile_platform(const Options& options, const OpenTexts& open) {
  auto compiled = check_platform(options, open);
  if (!compiled->ok()) return compiled;
  ExpandOptions expanding = expand_options(options);
  expanding.sources = &compiled->loaded.sources;
  expanding.judge = judges(options);
  compiled->expansion = expand(*compiled->program, expanding, compiled->diagnostics);
  // The graph is all that the next stages read; what it was made from is most of the memory of a plan.
  // Policies over the plan are still to be evaluated.
  if (compiled->expansion->plan_policies == nullptr) compiled->program.reset();
  compiled->loaded.forget_trees();
  return compiled;
}

void load_standard_types(Language& language) {
  // Kept for ever: types point into expressions whose spans point into these texts.
  static LoadedPlatform loaded;
  DiagnosticSink sink;
  if (loaded.trees.empty()) {
    for (const StandardFile& file : standard_files()) {
      std::uint32_t index = loaded.sources.add(std::string(file.path), std::string(file.text));
      loaded.trees.push_back(parse(loaded.sources, index, sink));
      loaded.packages[std::string(file.package)].push_back(&loaded.trees.back());
    }
  }
  loaded.packages[""];
  CheckInput input{loaded.sources, loaded.packages, loaded.data, language.types, language.functions};
  Program program = check(input, sink);
  for (const Diagnostic& diagnostic : sink.all())
    fmt::print(stderr, "{}", to_text(diagnostic, loaded.sources, Color::off));
}

bool is_standard_file(std::string_view path) {
  auto files = standard_files();
  return std::any_of(files.begin(), files.end(), [&](const StandardFile& file) { return file.path == path; });
}

void print_diagnostics(const DiagnosticSink& diagnostics, const SourceMap& sources, Color color) {
  DiagnosticSink sorted = diagnostics;
  sorted.sort();
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : sorted.all()) {
    std::string words = fmt::format("{} {}", to_string(diagnostic.code), diagnostic.message);
    if (diagnostic.severity == Severity::error) log_file::error(words);
    if (diagnostic.severity == Severity::warning) log_file::warning(words);
    if (diagnostic.severity == Severity::error && ++errors > most_errors) continue;
    fmt::print(stderr, "{}\n", to_text(diagnostic, sources, color));
  }
  if (errors > most_errors) fmt::print(stderr, "and {} more errors\n", errors - most_errors);
}

}  // namespace carbon
