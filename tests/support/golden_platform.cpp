#include "tests/support/golden_platform.h"

#include <fmt/format.h>
#include <algorithm>
#include <sstream>

#include "base/diagnostic_text.h"
#include "base/fixes.h"
#include "base/value_json.h"
#include "convert/manifest_objects.h"
#include "dsl/expand/plan_policies.h"
#include "dsl/expand/run_test.h"
#include "dsl/parse/parse.h"
#include "dsl/schema/defined_types.h"
#include "dsl/schema/schema.h"
#include "platform/yaml/yaml.h"
#include "stdlib/definitions/definitions.h"
#include "stdlib/k8s/references.h"
#include "stdlib/k8s/schema.h"
#include "stdlib/native/builtins.h"
#include "stdlib/packages.h"

namespace carbon::testing {

namespace fs = std::filesystem;

struct GoldenPlatform::State {
  GoldenCase golden;
  SourceMap sources;
  DiagnosticSink sink;
  std::map<std::string, std::vector<SyntaxTree>> trees;
  PackageTrees packages;
  ImportedData data;
  ResourceTypes types;
  FunctionTable functions;
  Program program;

  void load(const std::string& package);
  void import_data(const Import& import);
  void import_schema(const std::string& path);
};

GoldenPlatform::GoldenPlatform(const GoldenCase& golden) : state_(std::make_unique<State>()) {
  state_->golden = golden;
  add_kubernetes_types(state_->types);
  add_operators(state_->functions);
  add_builtins(state_->functions);
  add_yaml_decode(state_->functions,
                  [](std::span<const Value> given) { return parse_yaml(given[0].text()); });
  for (const DefinitionPackage& each : definition_packages())
    add_defined_types(
        state_->types, state_->functions.patterns(),
        {std::string(each.name), kinds_of(each), definition_reader(each), run_once_kinds(each)});
}

GoldenPlatform::~GoldenPlatform() = default;

void GoldenPlatform::State::import_data(const Import& import) {
  if (!fs::exists(golden.folder / import.path)) return;
  std::string text = golden.read(import.path);
  Value value = import.type == DataType::blob ? Value::blob(text) : Value::string(text);
  if (import.type == DataType::json) {
    Result<Value> parsed = parse_json(text);
    if (parsed) value = *parsed;
  }
  data[{import.path, import.type}] = value;
}

/// As cli/load does: the file and those that it refers to.
void GoldenPlatform::State::import_schema(const std::string& path) {
  std::pair<std::string, DataType> key{path, DataType::schema};
  if (data.contains(key) || !fs::exists(golden.folder / path)) return;
  Result<std::vector<Value>> documents = parse_yaml_documents(golden.read(path));
  if (!documents) return;
  data[key] = Value::list(std::move(*documents));
  for (const std::string& other : schema_references(path, data[key])) import_schema(other);
}

/// Parses the package and everything that it imports.
void GoldenPlatform::State::load(const std::string& package) {
  if (trees.contains(package)) return;
  std::vector<std::uint32_t> files;
  for (const StandardFile& file : standard_files()) {
    if (file.package == package) files.push_back(sources.add(std::string(file.path), std::string(file.text)));
  }
  fs::path folder = golden.folder / package;
  std::vector<fs::path> found;
  if (files.empty() && fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".carbon") found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  for (const fs::path& path : found) {
    std::string name = fs::relative(path, golden.folder).generic_string();
    files.push_back(sources.add(name, golden.read(name)));
  }
  if (files.empty()) return;
  std::vector<SyntaxTree>& mine = trees[package];
  mine.reserve(files.size());
  for (std::uint32_t file : files) mine.push_back(parse(sources, file, sink));
  for (const SyntaxTree& tree : mine) {
    packages[package].push_back(&tree);
    DiagnosticSink reported_by_check;
    for (const Import& import : imports_of(tree, reported_by_check)) {
      if (import.kind == ImportKind::data) import_data(import);
      if (import.kind == ImportKind::schema) import_schema(import.path);
      if (import.kind == ImportKind::package || import.kind == ImportKind::standard) load(import.path);
    }
  }
}

void GoldenPlatform::check() {
  State& state = *state_;
  state.load("");
  if (state.sink.has_errors()) return;
  state.program =
      carbon::check({state.sources, state.packages, state.data, state.types, state.functions}, state.sink);
}

Expansion GoldenPlatform::expand() { return expand(std::nullopt); }

Expansion GoldenPlatform::expand(const std::optional<std::string>& environment) {
  State& state = *state_;
  if (state.sink.has_errors()) return {};
  ExpandOptions options;
  options.world = World::sandbox;
  options.sources = &state.sources;
  options.environment = environment;
  std::istringstream arguments(state.golden.read("args"));
  std::string word;
  while (arguments >> word) {
    std::string value;
    arguments >> value;
    if (word == "-e") options.environment = value;
    if (word == "--world" && value == "live") options.world = World::live;
    if (word == "--world" && value == "none") options.world.reset();
    if (word == "--fuel") options.fuel = std::stoll(value);
    if (word == "--limit") options.max_resources = static_cast<std::size_t>(std::stoll(value));
    std::size_t equals = value.find('=');
    if (word == "--set") options.set[value.substr(0, equals)] = value.substr(equals + 1);
  }
  options.implied = object_references;
  options.manifests = [](const ManifestText& text, ResourceTypes& types, const Patterns& patterns,
                         DiagnosticSink& sink) {
    if (text.documents != nullptr) return manifest_objects(text, *text.documents, types, patterns, sink);
    Result<std::vector<Value>> documents = parse_manifests(text.text, 0);
    if (documents) return manifest_objects(text, *documents, types, patterns, sink);
    sink.error(documents.error().code(), documents.error().message(), text.span);
    return std::vector<ManifestObject>();
  };
  return carbon::expand(state.program, options, state.sink);
}

std::string GoldenPlatform::run_tests() {
  State& state = *state_;
  std::string out;
  if (state.sink.has_errors()) return out;
  for (const Test& test : state.program.tests) {
    ExpandOptions options;
    options.sources = &state.sources;
    TestOutcome outcome = run_test(state.program, test, options);
    out += fmt::format("{} {} ({} held)\n", outcome.passed() ? "ok  " : "FAIL", test.name, outcome.held);
    for (const Diagnostic& each : outcome.problems.all()) out += to_text(each, state.sources, Color::off);
  }
  return out;
}

void GoldenPlatform::judge_plan(Expansion& expansion) {
  if (expansion.plan_policies == nullptr) return;
  std::vector<PlanRow> rows;
  std::istringstream lines(state_->golden.read("plan"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    PlanRow& row = rows.emplace_back();
    std::string word;
    words >> row.address >> row.type >> row.action >> word;
    row.data_bearing = word == "data_bearing";
  }
  PolicyReport report = expansion.plan_policies->judge(rows, state_->sink);
  expansion.report.passed += report.passed;
  auto& findings = expansion.report.findings;
  findings.insert(findings.end(), report.findings.begin(), report.findings.end());
}

const Program& GoldenPlatform::program() const { return state_->program; }
const DiagnosticSink& GoldenPlatform::sink() const { return state_->sink; }

std::string GoldenPlatform::errors() const {
  DiagnosticSink sorted = state_->sink;
  sorted.sort();
  std::string out;
  for (const Diagnostic& diagnostic : sorted.all()) {
    SourceSpan span = diagnostic.labels.empty() ? SourceSpan() : diagnostic.labels.front().span;
    out += to_string(diagnostic.code);
    if (span.known()) {
      SourceLocation begin = state_->sources.locate(span.begin);
      SourceLocation end = state_->sources.locate(span.end);
      if (begin.path != "input.carbon") out += fmt::format(" {}", begin.path);
      out += fmt::format(" {}:{}-{}:{}", begin.line, begin.column, end.line, end.column);
    }
    out += '\n';
  }
  return out;
}

std::string GoldenPlatform::text() const {
  DiagnosticSink sorted = state_->sink;
  sorted.sort();
  std::string out;
  for (const Diagnostic& diagnostic : sorted.all()) out += to_text(diagnostic, state_->sources, Color::off);
  return out;
}

std::string GoldenPlatform::fixed() const {
  for (const SourceMap::File& file : state_->sources.files()) {
    if (file.path == "input.carbon") return with_fixes(file, safe_fixes(state_->sink.all()));
  }
  return {};
}

GoldenOutput GoldenPlatform::output(const std::string& okay_file, const std::string& okay_text) const {
  GoldenOutput made;
  const GoldenCase& golden = state_->golden;
  if (golden.must_fail != state_->sink.has_errors())
    made.fault = golden.must_fail ? "nothing is reported" : "it is refused:\n" + text();
  if (golden.must_fail) {
    made.required["expected.errors"] = errors();
    made.optional["expected.text"] = text();
    made.optional["expected.fixed"] = fixed();
  } else {
    made.required[okay_file] = okay_text;
    // Warnings and notes.
    made.optional["expected.text"] = text();
  }
  return made;
}

}  // namespace carbon::testing
