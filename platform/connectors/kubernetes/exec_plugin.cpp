#include "platform/connectors/kubernetes/exec_plugin.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/rfc3339.h"
#include "platform/connectors/kubernetes/small_file.h"

namespace carbon {

namespace {

constexpr std::string_view version_prefix = "client.authentication.k8s.io/";
constexpr std::size_t most_output = 1 << 20;

// What a program needs to find its own settings and its way out; nothing else of this process.
constexpr std::array<std::string_view, 9> kept_variables{"HOME",           "USER",        "LOGNAME",
                                                         "LANG",           "LC_ALL",      "XDG_CONFIG_HOME",
                                                         "XDG_CACHE_HOME", "HTTPS_PROXY", "NO_PROXY"};
constexpr std::string_view plain_path = "PATH=/usr/local/bin:/usr/bin:/bin";

// With one of these a kubeconfig could make an allowed program run another.
constexpr std::array<std::string_view, 4> refused_variables{"PATH", "BASH_ENV", "ENV", "NODE_OPTIONS"};
constexpr std::array<std::string_view, 5> refused_beginnings{"LD_", "PYTHON", "PERL5", "RUBY", "JAVA_"};

bool is_refused(std::string_view variable) {
  return std::ranges::find(refused_variables, variable) != refused_variables.end() ||
         std::ranges::any_of(refused_beginnings, [&](auto each) { return variable.starts_with(each); });
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

tl::unexpected<Error> failed(const ExecPlugin& plugin, std::string_view what) {
  return fail(Error(DiagnosticCode::unauthorized,
                    fmt::format("{}: the program {} {}", plugin.file, plugin.path, what))
                  .help("run it by hand to see what it says; carbon repeats nothing that it prints"));
}

/// The allowed path that is meant: the very one, or for a bare name the one that ends in it.
Result<std::string> allowed_path(const std::string& file, const std::string& command,
                                 const std::string& allowed_file) {
  std::vector<std::string> allowed = CARBON_TRY(allowed_exec_plugins(allowed_file));
  bool bare = command.find('/') == std::string::npos;
  if (!bare && !command.starts_with('/'))
    return kubeconfig_problem(file, fmt::format("`exec` runs `{}`, a path that is not absolute", command),
                              "write the whole path of the program");
  std::vector<std::string> fitting;
  for (const std::string& path : allowed) {
    bool named = bare && std::filesystem::path(path).filename() == command;
    if (path == command || named) fitting.push_back(path);
  }
  if (fitting.size() > 1)
    return kubeconfig_problem(
        file, fmt::format("`exec` runs `{}`, and several allowed programs end in it", command),
        "write the whole path of the program");
  if (fitting.empty())
    return kubeconfig_problem(
        file, fmt::format("the login runs the program `{}`, which is not allowed", command),
        fmt::format("if you trust it, write its whole path on a line of {}", allowed_file));
  return fitting.front();
}

Status read_environment(const std::string& file, const Value& exec, ExecPlugin& plugin) {
  const Value* variables = exec.find("env");
  if (variables == nullptr || !variables->is_sequence()) return {};
  for (const Value& each : variables->items()) {
    std::string name(text_at(each, {"name"}));
    if (is_refused(name))
      return kubeconfig_problem(
          file, fmt::format("`exec` sets `{}`, which could make the program run another", name),
          "take the variable away");
    if (name.empty() || name.find('=') != std::string::npos)
      return kubeconfig_problem(file, "`exec.env` has a variable without a name", "give it a `name`");
    plugin.environment.emplace_back(std::move(name), std::string(text_at(each, {"value"})));
  }
  return {};
}

std::string exec_info(const ExecPlugin& plugin) {
  std::vector<Entry> spec{{Value::string("interactive"), Value::boolean(false)}};
  if (plugin.cluster) spec.push_back({Value::string("cluster"), *plugin.cluster});
  return to_json(Value::record({{Value::string("apiVersion"), Value::string(plugin.api_version)},
                                {Value::string("kind"), Value::string("ExecCredential")},
                                {Value::string("spec"), Value::record(std::move(spec))}}));
}

}  // namespace

std::string exec_plugins_file() {
  std::string folder = variable("XDG_CONFIG_HOME");
  if (folder.empty()) folder = variable("HOME") + "/.config";
  return folder + "/carbon/exec-plugins";
}

Result<std::vector<std::string>> allowed_exec_plugins(const std::string& file) {
  std::vector<std::string> paths;
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) return paths;
  if ((state.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return kubeconfig_problem(file, "others may write this file, which says what may be run",
                              fmt::format("run `chmod go-w {}`", file));
  if (state.st_uid != ::geteuid() && state.st_uid != 0)
    return kubeconfig_problem(file, "somebody else owns this file, which says what may be run",
                              "write one of your own");
  std::istringstream lines(CARBON_TRY(read_small_file(file)));
  for (std::string line; std::getline(lines, line);) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (!line.starts_with('/'))
      return kubeconfig_problem(file, fmt::format("`{}` is not an absolute path", line),
                                "write the whole path of the program");
    paths.push_back(std::move(line));
  }
  return paths;
}

Result<ExecPlugin> read_exec_plugin(const std::string& file, const Value& exec,
                                    const std::string& allowed_file) {
  ExecPlugin plugin;
  plugin.file = file;
  plugin.api_version = text_at(exec, {"apiVersion"});
  bool known = plugin.api_version == fmt::format("{}v1", version_prefix) ||
               plugin.api_version == fmt::format("{}v1beta1", version_prefix);
  if (!known)
    return kubeconfig_problem(file, fmt::format("`exec` speaks `{}`", plugin.api_version),
                              fmt::format("carbon speaks {}v1 and v1beta1: renew the kubeconfig with your "
                                          "provider's tool",
                                          version_prefix));
  std::string command(text_at(exec, {"command"}));
  if (command.empty()) return kubeconfig_problem(file, "`exec` has no `command`", "write the program's path");
  if (text_at(exec, {"interactiveMode"}) == "Always")
    return kubeconfig_problem(file,
                              "the login's program wants a person to answer (`interactiveMode: Always`)",
                              "use a token or a client certificate where carbon runs");
  plugin.path = CARBON_TRY(allowed_path(file, command, allowed_file));
  const Value* arguments = exec.find("args");
  if (arguments != nullptr && arguments->is_sequence()) {
    for (const Value& each : arguments->items()) {
      if (!each.is_string())
        return kubeconfig_problem(file, "an item of `exec.args` is not text", "put quotes around it");
      plugin.arguments.emplace_back(each.text());
    }
  }
  CARBON_CHECK(read_environment(file, exec, plugin));
  return plugin;
}

ProcessRequest exec_request(const ExecPlugin& plugin) {
  ProcessRequest request;
  request.path = plugin.path;
  request.arguments = plugin.arguments;
  request.timeout = plugin.timeout;
  request.most_output = most_output;
  request.environment.emplace_back(plain_path);
  for (std::string_view name : kept_variables) {
    std::string text(name);
    if (std::string value = variable(text.c_str()); !value.empty())
      request.environment.push_back(text + "=" + value);
  }
  for (const auto& [name, value] : plugin.environment) request.environment.push_back(name + "=" + value);
  request.environment.push_back("KUBERNETES_EXEC_INFO=" + exec_info(plugin));
  return request;
}

Result<ExecCredential> read_exec_reply(const ExecPlugin& plugin, const ProcessReply& reply) {
  switch (reply.ended) {
    case ProcessReply::Ended::exited: break;
    case ProcessReply::Ended::not_started:
      return failed(plugin, fmt::format("could not be started: {}", reply.failure));
    case ProcessReply::Ended::timed_out:
      return failed(plugin,
                    fmt::format("did not end within {} s", plugin.timeout.nanoseconds / 1'000'000'000));
    case ProcessReply::Ended::too_much_output: return failed(plugin, "printed more than 1 MiB");
    case ProcessReply::Ended::killed:
      return failed(plugin, fmt::format("was ended by signal {}", reply.status));
  }
  if (reply.status != 0) return failed(plugin, fmt::format("ended with exit code {}", reply.status));
  Result<Value> json = parse_json(reply.output);
  if (!json || !json->is_fields()) return failed(plugin, "printed no JSON");
  if (text_at(*json, {"kind"}) != "ExecCredential" || text_at(*json, {"apiVersion"}) != plugin.api_version)
    return failed(plugin, fmt::format("printed no ExecCredential of {}", plugin.api_version));
  ExecCredential credential;
  credential.bearer_token = text_at(*json, {"status", "token"});
  credential.client_certificate_pem = text_at(*json, {"status", "clientCertificateData"});
  credential.client_key_pem = text_at(*json, {"status", "clientKeyData"});
  if (credential.client_certificate_pem.empty() != credential.client_key_pem.empty())
    return failed(plugin, "gave a certificate without its key, or a key without its certificate");
  if (credential.bearer_token.empty() && credential.client_certificate_pem.empty())
    return failed(plugin, "gave neither a token nor a certificate");
  std::string_view expires = text_at(*json, {"status", "expirationTimestamp"});
  if (!expires.empty()) {
    credential.expires = parse_rfc3339(expires);
    if (!credential.expires) return failed(plugin, "gave a time of expiry that is none");
  }
  return credential;
}

}  // namespace carbon
