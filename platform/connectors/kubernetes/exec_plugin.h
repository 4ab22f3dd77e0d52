#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "engine/ports/io.h"

namespace carbon {

/// `users[].user.exec` of a kubeconfig: a program that prints credentials (KEP-541, "client-go credential
/// plugins"). Its path is one that the user allows.
struct ExecPlugin {
  std::string file;  ///< the kubeconfig, for messages
  std::string path;  ///< absolute
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  ///< what the kubeconfig adds
  std::string api_version;       ///< client.authentication.k8s.io/v1 or v1beta1
  std::optional<Value> cluster;  ///< `provideClusterInfo`: what it is told of the cluster
  Duration timeout{20'000'000'000};
};

/// What a program printed. Secret, but for the time.
struct ExecCredential {
  std::string bearer_token;
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::optional<std::int64_t> expires;  ///< nanoseconds since 1970
};

/// The programs that the user allows to be run: absolute paths, one a line of `exec-plugins` in
/// $XDG_CONFIG_HOME/carbon or ~/.config/carbon; `#` begins a comment. A kubeconfig cannot allow anything, nor
/// can a platform's files. Errors: C0701 for a file that others may write, or a path that is not absolute.
[[nodiscard]] Result<std::vector<std::string>> allowed_exec_plugins(const std::string& file);
/// Where that file is looked for.
[[nodiscard]] std::string exec_plugins_file();

/// The plugin that `exec` describes; a name without `/` is the one allowed path that ends in it. Errors:
/// C0701 for what cannot be run, with the line to add where it is not allowed.
[[nodiscard]] Result<ExecPlugin> read_exec_plugin(const std::string& file, const Value& exec,
                                                  const std::string& allowed_file);

/// The program's run, with an environment that holds nothing of this process but HOME, the user's name, the
/// language, proxies and a plain PATH.
[[nodiscard]] ProcessRequest exec_request(const ExecPlugin& plugin);

/// What the run gave. Errors: C0703; never a word of what it printed.
[[nodiscard]] Result<ExecCredential> read_exec_reply(const ExecPlugin& plugin, const ProcessReply& reply);

}  // namespace carbon
