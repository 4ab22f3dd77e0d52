#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/views/graph_view.h"
#include "cli/views/plan_view.h"
#include "cli/views/progress_view.h"
#include "dsl/check/program.h"

namespace carbon {

enum class OutputFormat : std::uint8_t { text, json, markdown };

/// What the command line says, with the environment variables folded in. Plain data; each command reads its
/// part.
struct Options {
  std::string command;
  bool process_goes_on = false;  ///< after the command: it then frees all that it made
  // Where and what
  std::string directory = ".";
  std::optional<std::string> environment;
  std::optional<World> world;
  std::map<std::string, std::string> set;
  // Output
  OutputFormat format = OutputFormat::text;
  PlanDetail detail = PlanDetail::normal;
  GraphFormat graph_format = GraphFormat::dot;
  GraphLevel graph_level = GraphLevel::automatic;
  Color color = Color::off;
  bool stats = false;  ///< of requests, bytes, time and memory, on stderr
  std::optional<ProgressStyle> progress;
  bool detailed_exitcode = false;
  // plan, apply, destroy
  std::string plan_file;  ///< to read
  std::string out_file;   ///< to write
  bool destroy = false;   ///< plan the deletion of everything owned
  bool yes = false;
  bool summary = false;  ///< list: counts only
  std::string expect_digest;
  std::optional<std::uint32_t> max_delete;
  std::vector<std::string> allow_delete;
  std::string wait = "ready";
  std::optional<Duration> timeout;
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
  bool sarif = false;  ///< the result as SARIF
  // fmt; check --fix
  std::vector<std::string> paths;  ///< files and folders, or `-`; none means the whole directory
  bool only_check = false;
  bool show_diff = false;
  // test
  std::string name_filter;
  std::string junit_file;
  // sandbox serve
  std::uint16_t port = 0;
  std::string kubeconfig_out;
};

/// Reads the command line. An engaged result is the exit code to leave with at once: 0 after --help, 1 after
/// wrong usage, which has been printed with its remedy.
[[nodiscard]] std::optional<int> read_command_line(int count, char** arguments, Options& options);

}  // namespace carbon
