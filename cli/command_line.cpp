// Here and in command_words.cpp alone CLI11 is known.

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/diagnostic_text.h"
#include "base/result.h"
#include "cli/command_words.h"
#include "cli/options.h"
#include "cli/terminal.h"

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

/// Texts of options that become values after parsing.
struct Raw {
  std::string environment, world, color = "auto", format = "text", detail = "normal", graph = "text",
                                  progress, timeout, lock_timeout, level = "auto";
  std::vector<std::string> set;
  bool json = false;
  bool no_color = false;
  std::int64_t max_delete = -1;
  std::size_t width = 0;
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
  CLI::Option* log = app.add_option("--log-file", options.log_file, "Also append to this file what is done")
                         ->envname("CARBON_LOG_FILE");
  app.add_flag("--trace", options.trace, "With --log-file: every request, without bodies")->needs(log);
}

void add_cluster(CLI::App& app, Options& options) {
  app.add_option("--context", options.cluster.context,
                 "Context of the kubeconfig, for clusters whose provider writes none");
  CLI::Option* as = app.add_option("--as", options.cluster.as, "User to act as, on every cluster");
  app.add_option("--as-group", options.cluster.as_groups, "Group to act as; may be repeated")
      ->allow_extra_args(false)
      ->needs(as);
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

void add_plan_output(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--format", raw.format, "text, json, markdown or html")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}));
  app.add_option("--detail", raw.detail, "summary, normal or full")
      ->check(CLI::IsMember({"summary", "normal", "full"}));
  app.add_option("--width", raw.width, "Columns of the text; else the terminal's, else 100")
      ->check(CLI::Range(std::size_t{60}, std::size_t{10'000}));
  app.add_option("--only", options.only, "Show only changes of these addresses: `trino.*`; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--exclude", options.exclude, "Show no changes of these addresses; may be repeated")
      ->allow_extra_args(false);
}

void add_stats(CLI::App& app, Options& options) {
  app.add_flag("--stats", options.stats, "Requests, bytes, time and peak memory by phase, on stderr");
}

void add_max_delete(CLI::App& app, Raw& raw) {
  app.add_option("--max-delete", raw.max_delete, "Most objects that may be deleted")
      ->check(CLI::NonNegativeNumber);
}

void add_allow_delete(CLI::App& app, Options& options) {
  app.add_option("--allow-delete", options.allow_delete,
                 "Data-bearing type that may be deleted; may be repeated")
      ->allow_extra_args(false);
}

void add_apply(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--wait", options.wait, "ready or accepted")->check(CLI::IsMember({"ready", "accepted"}));
  app.add_option("--timeout", raw.timeout, "How long one object may take to become ready: 10m");
  app.add_option("--on-error", options.on_error,
                 "finish: what does not need the failed step is carried out; stop: nothing new is begun; "
                 "undo: what was done is taken back")
      ->check(CLI::IsMember({"finish", "stop", "undo"}));
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

void add_adopt(CLI::App& command, Options& options) {
  command.add_option("OBJECT", options.objects,
                     "KIND/NAME, as kubectl knows it, or a type; with --all only KIND");
  command.add_option("-n,--namespace", options.object_namespace, "Namespace; none: the provider's");
  command.add_option("--provider", options.provider, "The cluster's provider, where there are several");
  command.add_flag("--all", options.all, "Every object of the kinds; without a kind, of the common ones");
  command.add_option("-o,--out", options.out_file, "File of the package to write; none: standard output");
}

void add_convert(CLI::App& command, Options& options, Raw& raw) {
  add_color(command, raw);
  command.add_option("FILE", options.paths,
                     "YAML or JSON files and folders of them; none or `-`: standard input");
  command.add_option("-o,--out", options.out_folder, "Folder of the package to write; none: standard output");
}

void add_check(CLI::App& command, Options& options) {
  CLI::Option* fix = command.add_flag("--fix", options.fix, "Make the safe fixes in the files");
  command.add_flag("--diff", options.show_diff, "With --fix: write nothing, show what would change")
      ->needs(fix);
  CLI::Option* lock = command.add_flag("--lock", options.write_lock,
                                       "Write carbon.lock: digests of all imported packages and files");
  command.add_flag("--locked", options.compare_lock, "Imports must be what carbon.lock says")->excludes(lock);
  command.add_flag("--sarif", options.sarif, "The diagnostics as SARIF 2.1.0, for annotations in CI");
}

void add_plan(CLI::App& plan, Options& options) {
  plan.add_option("-o,--out", options.out_file, "Save the plan");
  plan.add_option(
          "--rbac", options.rbac,
          "Print the Roles that suffice, for the ServiceAccount NAMESPACE/NAME if given; no server is asked")
      ->expected(0, 1);
  plan.add_flag("--sql", options.sql, "Print the statements of postgres.Schema, and nothing else");
  plan.add_flag("--destroy", options.destroy, "Plan the deletion of everything owned");
  plan.add_flag("--detailed-exitcode", options.detailed_exitcode, "Exit with 2 when there are changes");
}

void add_comment(CLI::App& comment, Options& options, Raw& raw) {
  add_color(comment, raw);
  add_cluster(comment, options);
  comment.add_option("FILE", options.plan_file, "A saved plan")->required();
  comment.add_option("--to", options.forge, "github, gitlab or stdout")
      ->required()
      ->check(CLI::IsMember({"github", "gitlab", "stdout"}));
  comment.add_option("--number", options.number, "The pull request; else from the environment");
  comment.add_option("--commit", options.commit, "Its head commit; else from the environment");
  comment.add_option("--artifact", options.artifact, "URL of the whole plan, to link to");
  comment.add_flag("--check", options.check_live,
                   "Say when live fields are no longer what the plan was made from");
  comment.add_flag("--labels", options.labels, "Label the pull request: carbon/change and its like");
  comment.add_flag("--status", options.status, "Set the commit's status");
}

void add_test(CLI::App& test, Options& options) {
  add_directory(test, options);
  test.add_option("NAME", options.name_filter, "Only tests with this in their name");
  test.add_option("--junit", options.junit_file, "Also write a JUnit XML report to this file");
}

void add_graph(CLI::App& graph, Options& options, Raw& raw) {
  graph.add_option("--format", raw.graph, "text, dot, mermaid, json or svg")
      ->check(CLI::IsMember({"text", "dot", "mermaid", "json", "svg"}));
  graph.add_option("--around", options.address, "Only what this resource needs and what needs it");
  graph.add_flag("--changes", options.changes, "Only what a plan changes; asks the servers");
  graph.add_flag("--stages", options.stages, "The same, put together by the plan's stages");
  graph.add_option("--width", raw.width, "Columns of the text; else the terminal's, else 100");
  graph.add_option("--level", raw.level, "What a box stands for; auto: the finest that stays readable")
      ->check(CLI::IsMember({"auto", "resources", "components", "files"}));
}

void add_render(CLI::App& render, Options& options, Raw& raw) {
  render.add_option("ADDRESS", options.addresses, "Addresses, or types (k8s.Secret, k8s); none: all");
  render.add_option("-o,--output", raw.format, "yaml or json")->check(CLI::IsMember({"yaml", "json"}));
  add_color(render, raw);
}

void add_questions(CLI::App& explain, CLI::App& eval, Options& options) {
  explain.add_option("WHAT", options.topic, "C0301, `fn NAME`, or a type (k8s.Deployment.spec); none: all")
      ->expected(0, 2);
  eval.add_option("EXPR", options.expression, "As a field's value would be written; none: the console");
}

void add_looks(CLI::App& why, CLI::App& get, Options& options) {
  why.add_option("ADDRESS", options.address, "An address, or a field of one: `web.spec.replicas`")
      ->required();
  get.add_option("ADDRESS", options.address, "Address, as `carbon list` shows it")->required();
}

CLI::App* add_serve(CLI::App& app, Options& options) {
  CLI::App* sandbox = app.add_subcommand("sandbox", "The embedded world")->require_subcommand(1);
  CLI::App* serve = sandbox->add_subcommand("serve", "Serve it on a loopback port and write a kubeconfig");
  serve->add_option("--port", options.port, "Port; 0 takes a free one");
  serve->add_option("--kubeconfig", options.kubeconfig_out, "Where to write the kubeconfig");
  serve
      ->add_option(
          "--user", options.sandbox_users,
          "NAME or NAME=GROUP,...: a user with a token of its own, whose rights are RBAC's; may be repeated")
      ->allow_extra_args(false);
  serve->add_option("--faults", options.faults,
                    "What goes wrong: `429 rate=5%; latency=20ms; crash-loop image=web:*`");
  return serve;
}

void add_lock_timeout(CLI::App& app, Raw& raw) {
  app.add_option("--lock-timeout", raw.lock_timeout,
                 "How long to wait for another run that holds the lock: 10m; else not at all");
}

CLI::App* add_rebuild(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* inventory = app.add_subcommand("inventory", "What carbon remembers")->require_subcommand(1);
  CLI::App* rebuild = inventory->add_subcommand(
      "rebuild", "Write the rows that it lacks, from the marks on the live objects; nothing live is changed");
  add_color(*rebuild, raw);
  rebuild->add_flag("-y,--yes", options.yes, "Do not ask");
  CLI::App* show = inventory->add_subcommand("show", "Say where it is, and what it holds");
  CLI::App* verify = inventory->add_subcommand(
      "verify", "Compare every row with the object that it names; nothing is written");
  CLI::App* move = inventory->add_subcommand("move", "Move it to another place, with its journal");
  move->add_option("--to", options.inventory_to,
                   "sqlite, sqlite:DIR, postgres:PROVIDER or kubernetes:PROVIDER")
      ->required();
  add_lock_timeout(*move, raw);
  for (CLI::App* one : {show, verify, move}) {
    add_where(*one, options, raw);
    add_cluster(*one, options);
    add_color(*one, raw);
  }
  return rebuild;
}

void add_without_platform(CLI::App& app, Options& options) {
  app.add_subcommand("lsp", "Serve an editor: the language server protocol on standard input and output");
  app.add_subcommand("version", "Print the version");
  app.add_subcommand("completion", "Print the script with which a shell completes carbon's words")
      ->add_option("SHELL", options.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.add_subcommand("manual", "Print the manual page, in the language of man(7)");
}

void add_lock(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* lock = app.add_subcommand("lock", "The lock of the inventory")->require_subcommand(1);
  CLI::App* list = lock->add_subcommand("list", "Show who holds it");
  CLI::App* take = lock->add_subcommand("break", "Take it from its holder, whose writes are refused then");
  for (CLI::App* one : {list, take}) {
    add_where(*one, options, raw);
    add_cluster(*one, options);
    add_color(*one, raw);
  }
  list->add_flag("--json", raw.json, "Machine-readable output");
  take->add_flag("-y,--yes", options.yes, "Do not ask");
  take->add_option("RUN", options.run, "What a holder that lives runs, as `carbon lock list` shows it");
}

CLI::App* add_undo(CLI::App& app, Options& options) {
  CLI::App* undo =
      app.add_subcommand("undo", "Take the newest run back: what it changed is as it was before");
  undo->add_option("RUN", options.run, "First digits of its name, if it must be that one");
  undo->add_flag("--preview", options.preview, "Only show what would be done");
  undo->add_option("-o,--out", options.out_file, "Save that plan, to be reviewed; nothing is done");
  return undo;
}

CLI::App* add_resume(CLI::App& app, Options& options) {
  CLI::App* resume = app.add_subcommand(
      "resume", "Go on with the newest run, inside of the plan that was reviewed, after whatever ended it");
  resume->add_option("RUN", options.run, "First digits of its name, if it must be that one");
  return resume;
}

void add_support_bundle(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* bundle = app.add_subcommand(
      "support-bundle", "Write what somebody who helps has to know: no values, no servers, no names");
  add_where(*bundle, options, raw);
  add_cluster(*bundle, options);
  add_color(*bundle, raw);
  bundle->add_option("-o,--out", options.out_file, "File to write; none: standard output");
  bundle->add_flag("--names", options.show_names, "With the names of resources, providers and the platform");
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
  CLI::App* resume = add_resume(app, options);
  CLI::App* undo = add_undo(app, options);
  CLI::App* adopt = app.add_subcommand("adopt", "Write the blocks that take live objects over");
  CLI::App* list = app.add_subcommand("list", "List what carbon owns");
  CLI::App* runs =
      app.add_subcommand("runs", "List what was applied when and by whom, or one run step by step");
  CLI::App* get = app.add_subcommand("get", "Show one object as it is now");
  CLI::App* why =
      app.add_subcommand("why", "Show where the values of a resource come from, and what is live");
  CLI::App* render = app.add_subcommand("render", "Show what would be sent; no server is asked");
  CLI::App* graph = app.add_subcommand("graph", "Show the dependencies");
  CLI::App* explain = app.add_subcommand("explain", "Explain a diagnostic code, a type or a function");
  CLI::App* serve = add_serve(app, options);
  CLI::App* rebuild = add_rebuild(app, options, raw);
  CLI::App* eval = app.add_subcommand("eval", "Show the value of an expression in the platform");
  CLI::App* console = app.add_subcommand("console", "Show the values of expressions, line by line");
  add_comment(*app.add_subcommand("comment", "Show a saved plan on its pull request"), options, raw);
  add_fmt(*app.add_subcommand("fmt", "Write files in their canonical style"), options, raw);
  add_convert(*app.add_subcommand("convert", "Turn Kubernetes manifests into carbon"), options, raw);
  add_without_platform(app, options);
  for (CLI::App* one : {check, plan, apply, destroy, resume, undo, adopt, list, runs, get, why, render, graph,
                        eval, console, serve, rebuild})
    add_where(*one, options, raw);
  for (CLI::App* one : {plan, apply, destroy, resume, undo, adopt, list, runs, get, why, graph, rebuild})
    add_cluster(*one, options);
  for (CLI::App* one :
       {check, test, plan, show, apply, destroy, resume, undo, list, runs, get, why, eval, console})
    add_output(*one, raw);
  for (CLI::App* one : {plan, show, apply, destroy, resume, undo}) add_plan_output(*one, options, raw);
  for (CLI::App* one : {plan, apply, destroy}) add_max_delete(*one, raw);
  for (CLI::App* one : {plan, apply, destroy, undo}) add_allow_delete(*one, options);
  for (CLI::App* one : {plan, apply, destroy, resume, undo}) add_stats(*one, options);
  for (CLI::App* one : {apply, destroy, resume, undo}) add_apply(*one, options, raw);
  for (CLI::App* one : {apply, destroy, undo}) one->add_flag("-y,--yes", options.yes, "Do not ask");
  for (CLI::App* one : {apply, destroy, resume, undo, rebuild}) add_lock_timeout(*one, raw);
  add_lock(app, options, raw);
  add_check(*check, options);
  add_plan(*plan, options);
  add_graph(*graph, options, raw);
  add_adopt(*adopt, options);
  add_test(*test, options);
  show->add_option("FILE", options.plan_file, "A saved plan")->required();
  apply->add_option("FILE", options.plan_file, "A saved plan");
  apply->add_option("--expect", options.expect_digest, "Only if the plan has this id");
  runs->add_option("RUN", options.run, "First digits of a run's name; none: all runs");
  list->add_flag("--summary", options.summary, "Counts by type only");
  add_looks(*why, *get, options);
  add_render(*render, options, raw);
  add_color(*adopt, raw);
  add_questions(*explain, *eval, options);
}

template <class T>
T chosen(const std::string& text, const std::map<std::string, T>& values, T otherwise) {
  auto found = values.find(text);
  return found == values.end() ? otherwise : found->second;
}

/// False, and wrong usage printed, for a text that is no duration.
bool read_duration(std::string_view option, const std::string& text, std::optional<Duration>& duration) {
  if (text.empty()) return true;
  duration = Duration::parse(text);
  if (!duration) wrong_usage(fmt::format("`{} {}` is no duration", option, text), "write `10m` or `90s`");
  return duration.has_value();
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
  if (!read_duration("--timeout", raw.timeout, options.timeout) ||
      !read_duration("--lock-timeout", raw.lock_timeout, options.lock_timeout))
    return false;
  if (raw.max_delete >= 0) options.max_delete = static_cast<std::uint32_t>(raw.max_delete);
  options.width = raw.width > 0 ? raw.width : terminal_width();
  options.color = !raw.no_color && color_wanted(raw.color) ? Color::on : Color::off;
  options.format = raw.json ? OutputFormat::json
                            : chosen(raw.format,
                                     {{"json", OutputFormat::json},
                                      {"markdown", OutputFormat::markdown},
                                      {"html", OutputFormat::html}},
                                     OutputFormat::text);
  options.detail =
      chosen(raw.detail, {{"summary", PlanDetail::summary}, {"full", PlanDetail::full}}, PlanDetail::normal);
  options.graph_format = chosen(raw.graph,
                                {{"dot", GraphFormat::dot},
                                 {"mermaid", GraphFormat::mermaid},
                                 {"json", GraphFormat::json},
                                 {"svg", GraphFormat::svg}},
                                GraphFormat::text);
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
  add_support_bundle(app, options, raw);
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
  if (!sub->get_subcommands().empty()) options.subcommand = sub->get_subcommands().front()->get_name();
  if (options.command == "completion" || options.command == "manual") options.words = words_of(app);
  if (!finish(options, raw)) return 1;
  return std::nullopt;
}

}  // namespace carbon
