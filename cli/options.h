#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_words.h"
#include "cli/views/graph_view.h"
#include "cli/views/plan_view.h"
#include "cli/views/progress_view.h"
#include "dsl/check/program.h"
#include "platform/connectors/registry.h"

namespace carbon {

enum class OutputFormat : std::uint8_t { text, json, markdown, html };

/// What the command line says, with the environment variables folded in. Plain data; each command reads its
/// part.
struct Options {
  std::string command;
  std::string subcommand;        ///< `break` of `lock break`
  bool process_goes_on = false;  ///< after the command: it then frees all that it made
  // Where and what
  std::string directory = ".";
  std::optional<std::string> environment;
  std::optional<World> world;
  std::map<std::string, std::string> set;
  KubernetesChoice cluster;
  // Output
  OutputFormat format = OutputFormat::text;
  PlanDetail detail = PlanDetail::normal;
  std::size_t width = 100;           ///< columns of a plan
  std::vector<std::string> only;     ///< patterns of addresses that a plan shows; none: all
  std::vector<std::string> exclude;  ///< and of those that it does not
  GraphFormat graph_format = GraphFormat::text;
  GraphLevel graph_level = GraphLevel::automatic;
  bool changes = false;  ///< of the graph only what a plan changes
  bool stages = false;   ///< with the plan's stages around it
  Color color = Color::off;
  bool stats = false;  ///< of requests, bytes, time and memory, on stderr
  std::optional<ProgressStyle> progress;
  bool detailed_exitcode = false;
  // plan, apply, destroy
  std::string plan_file;            ///< to read
  std::string out_file;             ///< to write
  std::optional<std::string> rbac;  ///< plan: only the rights; empty, or the account that gets them
  bool sql = false;                 ///< plan: only the statements
  bool destroy = false;             ///< plan the deletion of everything owned
  bool yes = false;
  bool summary = false;  ///< list: counts only
  std::string expect_digest;
  std::optional<std::uint32_t> max_delete;
  std::vector<std::string> allow_delete;
  std::string wait = "ready";
  std::optional<Duration> timeout;
  std::string on_error = "finish";
  // every command of a platform
  std::string log_file;  ///< empty: none
  bool trace = false;    ///< every request in it
  // comment
  std::string forge;         ///< `github`, `gitlab`, `stdout`
  std::uint64_t number = 0;  ///< of the pull request; 0: from the environment
  std::string commit;        ///< empty: from the environment
  std::string artifact;      ///< URL of the whole plan
  bool check_live = false;
  bool labels = false;
  bool status = false;
  std::optional<Duration> lock_timeout;
  // inventory move
  std::string inventory_to;  ///< `sqlite`, `postgres:PROVIDER` and others: other_place
  // support-bundle; out_file is the file to write
  bool show_names = false;
  // completion, manual
  std::string shell;
  CommandWords words;  ///< of all commands; only where one of these is run
  // runs, resume, undo, lock break
  std::string run;       ///< its first digits; empty: all runs
  bool preview = false;  ///< undo: nothing is done
  // get
  std::string address;
  // render
  std::vector<std::string> addresses;  ///< or types; none means all
  // explain
  std::vector<std::string> topic;  ///< none, `C0301`, `k8s.Deployment.spec`, `fn NAME`
  // eval
  std::optional<std::string> expression;  ///< none: the console
  // check
  bool fix = false;
  bool sarif = false;         ///< the result as SARIF
  bool write_lock = false;    ///< carbon.lock
  bool compare_lock = false;  ///< with carbon.lock
  // fmt; check --fix
  std::vector<std::string> paths;  ///< files and folders, or `-`; none means the whole directory
  bool only_check = false;
  bool show_diff = false;
  // convert: paths as above
  std::string out_folder;  ///< none: standard output
  // adopt; out_file is the file to write
  std::vector<std::string> objects;  ///< `KIND/NAME` or, with `all`, `KIND`
  std::string object_namespace;      ///< none: the provider's
  std::string provider;              ///< none: the only one
  bool all = false;
  // test
  std::string name_filter;
  std::string junit_file;
  // sandbox serve
  std::uint16_t port = 0;
  std::string kubeconfig_out;
  std::vector<std::string> sandbox_users;  ///< `NAME` or `NAME=GROUP,GROUP`
  std::string faults;
};

/// Reads the command line. An engaged result is the exit code to leave with at once: 0 after --help, 1 after
/// wrong usage, which has been printed with its remedy.
[[nodiscard]] std::optional<int> read_command_line(int count, char** arguments, Options& options);

}  // namespace carbon
