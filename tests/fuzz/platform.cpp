// Any text is checked and evaluated within the limits, twice to the same end, and what is said of it is safe
// for a terminal.

#include <algorithm>
#include <deque>

#include "base/diagnostic_text.h"
#include "dsl/check/check.h"
#include "dsl/expand/expand.h"
#include "dsl/expand/run_test.h"
#include "dsl/parse/parse.h"
#include "engine/graph/graph_text.h"
#include "stdlib/k8s/references.h"
#include "stdlib/k8s/schema.h"
#include "stdlib/native/builtins.h"
#include "stdlib/packages.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

constexpr std::int64_t fuel = 200'000;
constexpr std::size_t max_resources = 2'000;
/// A text that is longer says nothing new, and makes every run slow.
constexpr std::size_t longest = 1 << 16;

/// The input as the one file of a platform. Imported files and folders are not there, standard packages are.
class OnePlatform {
 public:
  explicit OnePlatform(std::string_view input) {
    add_kubernetes_types(types_);
    add_operators(functions_);
    add_builtins(functions_);
    add("", sources_.add("input.carbon", std::string(input)));
    for (std::size_t next = 0; next < trees_.size(); ++next) {
      DiagnosticSink reported_by_check;
      for (const Import& import : imports_of(trees_[next], reported_by_check)) standard(import);
    }
  }

  /// Everything that was said, and the graph.
  std::string outcome() {
    if (!sink_.has_errors()) {
      program_ = check({sources_, packages_, {}, types_, functions_}, sink_);
      if (!sink_.has_errors()) evaluate();
    }
    sink_.sort();
    for (const Diagnostic& each : sink_.all()) out_ += to_text(each, sources_, Color::off);
    return out_;
  }

 private:
  void add(const std::string& package, std::uint32_t file) {
    packages_[package].push_back(&trees_.emplace_back(parse(sources_, file, sink_)));
  }

  void standard(const Import& import) {
    if (import.kind != ImportKind::standard || packages_.contains(import.path)) return;
    for (const StandardFile& file : standard_files()) {
      if (file.package == import.path)
        add(import.path, sources_.add(std::string(file.path), std::string(file.text)));
    }
  }

  void evaluate() {
    ExpandOptions options;
    options.world = World::sandbox;
    options.sources = &sources_;
    options.fuel = fuel;
    options.max_resources = max_resources;
    options.implied = object_references;
    std::vector<Environment>& environments = program_.environments;
    if (!environments.empty()) options.environment = environments.front().name;
    out_ += to_text(expand(program_, options, sink_).graph);
    for (const Test& test : program_.tests) {
      ExpandOptions testing = options;
      testing.environment.reset();
      TestOutcome outcome = run_test(program_, test, testing);
      for (const Diagnostic& each : outcome.problems.all()) out_ += to_text(each, sources_, Color::off);
    }
  }

  SourceMap sources_;
  std::deque<SyntaxTree> trees_;
  PackageTrees packages_;
  DiagnosticSink sink_;
  ResourceTypes types_;
  FunctionTable functions_;
  Program program_;
  std::string out_;
};

}  // namespace

void check_platform(std::string_view input) {
  if (input.size() > longest) return;
  std::string outcome = OnePlatform(input).outcome();
  demand(OnePlatform(input).outcome() == outcome, "the same text means two things", input);
  demand(visible(outcome) == outcome, "what is said is not safe for a terminal", outcome);
}

}  // namespace carbon::fuzz
