// The only place that knows CLI11.

#include <fmt/core.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cctype>
#include <cstdlib>

#include "base/diagnostic_text.h"
#include "base/result.h"
#include "cli/options.h"

namespace carbon {

namespace {

/// Terraform's fingers know one dash: `-target` becomes `--target`, for the spellings that carbon has.
std::vector<std::string> normalised(int count, char** arguments) {
  static const std::map<std::string, std::string> one_dash{
      {"-out", "--out"},           {"-auto-approve", "--yes"},  {"-detailed-exitcode", "--detailed-exitcode"},
      {"-no-color", "--no-color"}, {"-json", "--json"},         {"-chdir", "--directory"},
      {"-var", "--set"},           {"--auto-approve", "--yes"}, {"-version", "version"},
      {"--version", "version"},
  };
  std::vector<std::string> out;
  for (int i = count - 1; i > 0; --i) {
    std::string argument = arguments[i];
    std::string name = argument.substr(0, argument.find('='));
    if (auto found = one_dash.find(name); found != one_dash.end())
      argument = found->second + argument.substr(name.size());
    out.push_back(std::move(argument));
  }
  return out;  // CLI11 wants the last argument first
}

/// Prints C1001 and gives its exit code.
int wrong_usage(std::string message, std::string help) {
  Error error = Error(DiagnosticCode::bad_usage, std::move(message)).help(std::move(help));
  fmt::print(stderr, "{}", to_text(error.diagnostic(), SourceMap(), Color::off));
  return 1;
}

bool color_wanted(const std::string& choice) {
  if (choice == "always") return true;
  if (choice == "never" || std::getenv("NO_COLOR") != nullptr) return false;
  if (std::getenv("CLICOLOR_FORCE") != nullptr) return true;
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && term != nullptr && std::string(term) != "dumb";
}

/// Texts of options that become values after parsing.
struct Raw {
  std::string environment, world, color = "auto", format = "text", detail = "normal", graph = "dot", progress,
                                  timeout, level = "auto";
  std::vector<std::string> set;
  bool json = false;
  bool no_color = false;
  std::int64_t max_delete = -1;
};

void add_directory(CLI::App& app, Options& options) {
  app.add_option("-C,--directory", options.directory, "Folder of the platform")->capture_default_str();
}

void add_where(CLI::App& app, Options& options, Raw& raw) {
  add_directory(app, options);
  app.add_option("-e,--env", raw.environment, "Environment (else $CARBON_ENV, else the only one)");
  app.add_option("--world", raw.world, "live: the providers' endpoints; sandbox: the embedded world")
      ->check(CLI::IsMember({"live", "sandbox"}));
  app.add_option("--set", raw.set, "Root input: name=EXPRESSION; may be repeated")->allow_extra_args(false);
}

void add_color(CLI::App& app, Raw& raw) {
  app.add_option("--color", raw.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--no-color", raw.no_color, "The same as --color never");
}

void add_output(CLI::App& app, Raw& raw) {
  add_color(app, raw);
  app.add_flag("--json", raw.json, "Machine-readable output");
}

void add_plan_output(CLI::App& app, Raw& raw) {
  app.add_option("--format", raw.format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  app.add_option("--detail", raw.detail, "summary, normal or full")
      ->check(CLI::IsMember({"summary", "normal", "full"}));
}

void add_stats(CLI::App& app, Options& options) {
  app.add_flag("--stats", options.stats, "Requests, bytes, time and peak memory by phase, on stderr");
}

void add_limits(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--max-delete", raw.max_delete, "Most objects that may be deleted")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--allow-delete", options.allow_delete,
                 "Data-bearing type that may be deleted; may be repeated")
      ->allow_extra_args(false);
}

void add_apply(CLI::App& app, Options& options, Raw& raw) {
  app.add_flag("-y,--yes", options.yes, "Do not ask");
  app.add_option("--wait", options.wait, "ready or accepted")->check(CLI::IsMember({"ready", "accepted"}));
  app.add_option("--timeout", raw.timeout, "How long one object may take to become ready: 10m");
  app.add_option("--progress", raw.progress, "auto, tty, plain, json or quiet")
      ->check(CLI::IsMember({"auto", "tty", "plain", "json", "quiet"}));
}

void add_fmt(CLI::App& command, Options& options, Raw& raw) {
  add_directory(command, options);
  add_color(command, raw);
  command.add_option("PATH", options.paths, "Files and folders; `-` is standard input; none: all beneath -C");
  command.add_flag("--check", options.only_check,
                   "Write nothing; list the files that differ and exit with 1");
  command.add_flag("--diff", options.show_diff, "Write nothing; show what would change");
}

void add_check(CLI::App& command, Options& options) {
  CLI::Option* fix = command.add_flag("--fix", options.fix, "Make the safe fixes in the files");
  command.add_flag("--diff", options.show_diff, "With --fix: write nothing, show what would change")
      ->needs(fix);
  command.add_flag("--sarif", options.sarif, "The diagnostics as SARIF 2.1.0, for annotations in CI");
}

void add_commands(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* check =
      app.add_subcommand("check", "Check the files: names, types, references; no server is asked");
  CLI::App* test = app.add_subcommand("test", "Run the tests in the files; no server is asked");
  CLI::App* plan = app.add_subcommand("plan", "Show what an apply would change");
  CLI::App* show = app.add_subcommand("show", "Show a saved plan");
  CLI::App* apply =
      app.add_subcommand("apply", "Make the world what the files say; with FILE exactly that plan");
  CLI::App* destroy = app.add_subcommand("destroy", "Delete everything that this platform owns");
  CLI::App* list = app.add_subcommand("list", "List what carbon owns");
  CLI::App* get = app.add_subcommand("get", "Show one object as it is now");
  CLI::App* render = app.add_subcommand("render", "Show what would be sent; no server is asked");
  CLI::App* graph = app.add_subcommand("graph", "Show the dependencies");
  CLI::App* explain = app.add_subcommand("explain", "Explain a diagnostic code, a type or a function");
  CLI::App* sandbox = app.add_subcommand("sandbox", "The embedded world")->require_subcommand(1);
  CLI::App* serve = sandbox->add_subcommand("serve", "Serve it on a loopback port and write a kubeconfig");
  CLI::App* eval = app.add_subcommand("eval", "Show the value of an expression in the platform");
  CLI::App* console = app.add_subcommand("console", "Show the values of expressions, line by line");
  add_fmt(*app.add_subcommand("fmt", "Write files in their canonical style"), options, raw);
  app.add_subcommand("lsp", "Serve an editor: the language server protocol on standard input and output");
  app.add_subcommand("version", "Print the version");
  for (CLI::App* one : {check, plan, apply, destroy, list, get, render, graph, eval, console, serve})
    add_where(*one, options, raw);
  for (CLI::App* one : {check, test, plan, show, apply, destroy, list, get, eval, console})
    add_output(*one, raw);
  for (CLI::App* one : {plan, show, apply, destroy}) add_plan_output(*one, raw);
  for (CLI::App* one : {plan, apply, destroy}) add_limits(*one, options, raw);
  for (CLI::App* one : {plan, apply, destroy}) add_stats(*one, options);
  for (CLI::App* one : {apply, destroy}) add_apply(*one, options, raw);
  add_check(*check, options);
  test->add_option("-C,--directory", options.directory, "Folder of the platform")->capture_default_str();
  test->add_option("NAME", options.name_filter, "Only tests with this in their name");
  test->add_option("--junit", options.junit_file, "Also write a JUnit XML report to this file");
  plan->add_option("-o,--out", options.out_file, "Save the plan");
  plan->add_flag("--destroy", options.destroy, "Plan the deletion of everything owned");
  plan->add_flag("--detailed-exitcode", options.detailed_exitcode, "Exit with 2 when there are changes");
  show->add_option("FILE", options.plan_file, "A saved plan")->required();
  apply->add_option("FILE", options.plan_file, "A saved plan");
  apply->add_option("--expect", options.expect_digest, "Only if the plan has this id");
  list->add_flag("--summary", options.summary, "Counts by type only");
  get->add_option("ADDRESS", options.address, "Address, as `carbon list` shows it")->required();
  render->add_option("ADDRESS", options.addresses, "Addresses, or types (k8s.Secret, k8s); none: all");
  render->add_option("-o,--output", raw.format, "yaml or json")->check(CLI::IsMember({"yaml", "json"}));
  add_color(*render, raw);
  explain->add_option("WHAT", options.topic, "C0301, `fn NAME`, or a type (k8s.Deployment.spec); none: all")
      ->expected(0, 2);
  eval->add_option("EXPR", options.expression, "As a field's value would be written; none: the console");
  graph->add_option("--format", raw.graph, "dot, mermaid, json or svg")
      ->check(CLI::IsMember({"dot", "mermaid", "json", "svg"}));
  graph->add_option("--around", options.address, "Only what this resource needs and what needs it");
  graph->add_option("--level", raw.level, "What a box stands for; auto: the finest that stays readable")
      ->check(CLI::IsMember({"auto", "resources", "components", "files"}));
  serve->add_option("--port", options.port, "Port; 0 takes a free one");
  serve->add_option("--kubeconfig", options.kubeconfig_out, "Where to write the kubeconfig");
}

template <class T>
T chosen(const std::string& text, const std::map<std::string, T>& values, T otherwise) {
  auto found = values.find(text);
  return found == values.end() ? otherwise : found->second;
}

bool finish(Options& options, const Raw& raw) {
  const char* environment = std::getenv("CARBON_ENV");
  if (!raw.environment.empty()) {
    options.environment = raw.environment;
  } else if (environment != nullptr && *environment != '\0') {
    options.environment = environment;
  }
  if (!raw.world.empty()) options.world = raw.world == "live" ? World::live : World::sandbox;
  for (const std::string& pair : raw.set) {
    std::size_t at = pair.find('=');
    if (at == std::string::npos) {
      // Without its text: what is written there may be meant for a secret.
      wrong_usage("`--set` has no `=`", "write `--set NAME=VALUE`");
      return false;
    }
    options.set[pair.substr(0, at)] = pair.substr(at + 1);
  }
  if (!raw.timeout.empty()) {
    options.timeout = Duration::parse(raw.timeout);
    if (!options.timeout) {
      wrong_usage(fmt::format("`--timeout {}` is no duration", raw.timeout), "write `10m` or `90s`");
      return false;
    }
  }
  if (raw.max_delete >= 0) options.max_delete = static_cast<std::uint32_t>(raw.max_delete);
  options.color = !raw.no_color && color_wanted(raw.color) ? Color::on : Color::off;
  options.format =
      raw.json ? OutputFormat::json
               : chosen(raw.format, {{"json", OutputFormat::json}, {"markdown", OutputFormat::markdown}},
                        OutputFormat::text);
  options.detail =
      chosen(raw.detail, {{"summary", PlanDetail::summary}, {"full", PlanDetail::full}}, PlanDetail::normal);
  options.graph_format = chosen(
      raw.graph, {{"mermaid", GraphFormat::mermaid}, {"json", GraphFormat::json}, {"svg", GraphFormat::svg}},
      GraphFormat::dot);
  options.graph_level = chosen(raw.level,
                               {{"resources", GraphLevel::resources},
                                {"components", GraphLevel::components},
                                {"files", GraphLevel::files}},
                               GraphLevel::automatic);
  if (!raw.progress.empty() && raw.progress != "auto") {
    options.progress =
        chosen(raw.progress,
               {{"tty", ProgressStyle::tty}, {"json", ProgressStyle::json}, {"quiet", ProgressStyle::quiet}},
               ProgressStyle::plain);
  }
  return true;
}

}  // namespace

std::optional<int> read_command_line(int count, char** arguments, Options& options) {
  CLI::App app("carbon: declarative infrastructure that a colleague can review", "carbon");
  app.require_subcommand(1);
  Raw raw;
  add_commands(app, options, raw);
  try {
    app.parse(normalised(count, arguments));
  } catch (const CLI::Success& wanted) {  // --help
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    std::string command =
        app.get_subcommands().empty() ? "" : " " + app.get_subcommands().front()->get_name();
    std::string said = error.what();
    // A sentence of ours begins small; the name of an argument (`EXPR`) stays as it is.
    bool sentence = said.size() > 1 && std::islower(static_cast<unsigned char>(said[1])) != 0;
    if (sentence) said.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(said.front())));
    return wrong_usage(std::move(said), fmt::format("`carbon{} --help` shows what there is", command));
  }
  CLI::App* sub = app.get_subcommands().front();
  if (options.command.empty()) options.command = sub->get_name();
  if (!finish(options, raw)) return 1;
  return std::nullopt;
}

}  // namespace carbon
