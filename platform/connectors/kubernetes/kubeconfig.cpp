#include "platform/connectors/kubernetes/kubeconfig.h"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/base64.h"
#include "platform/yaml/yaml.h"

namespace carbon {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 4 << 20;

tl::unexpected<Error> problem(std::string_view file, std::string_view what, std::string remedy) {
  Error error(DiagnosticCode::bad_kubeconfig, fmt::format("{}: {}", file, what));
  return fail(std::move(error).help(std::move(remedy)));
}

Result<std::string> read_file(const std::string& path) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return problem(path, "no such file", "check the path");
  if (fs::file_size(path, code) > largest_file)
    return problem(path, "larger than 4 MiB", "give the kubeconfig file itself");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return problem(path, "cannot be read", "check its permissions");
  return text.str();
}

/// A named entry of one file: `{name: …, cluster: {…}}`.
struct Part {
  std::string file;
  Value value;
};

class Kubeconfig {
 public:
  Status add(const std::string& file) {
    std::string text = CARBON_TRY(read_file(file));
    Result<Value> parsed = parse_yaml(text);
    if (!parsed)
      return problem(file, parsed.error().message(),
                     "correct the file, or write a new one with your provider's tool");
    if (parsed->is_null()) return {};
    if (!parsed->is_fields())
      return problem(file, "not a kubeconfig: a mapping is expected", "check that the path is right");
    documents_.push_back({file, std::move(*parsed)});
    return {};
  }

  [[nodiscard]] std::string files() const {
    std::string out;
    for (const Part& each : documents_) out += (out.empty() ? "" : ":") + each.file;
    return out;
  }

  [[nodiscard]] std::string current_context() const {
    for (const Part& each : documents_) {
      const Value* current = each.value.find("current-context");
      if (current != nullptr && current->is_string() && !current->text().empty())
        return std::string(current->text());
    }
    return {};
  }

  /// The first entry of that name: list is `clusters`, inner `cluster`.
  [[nodiscard]] std::optional<Part> find(std::string_view list, std::string_view inner,
                                         std::string_view name) const {
    for (const Part& document : documents_) {
      const Value* entries = document.value.find(list);
      if (entries == nullptr || !entries->is_sequence()) continue;
      for (const Value& entry : entries->items()) {
        const Value* found = entry.find("name");
        if (found == nullptr || !found->is_string() || found->text() != name) continue;
        const Value* value = entry.find(inner);
        return Part{document.file, value == nullptr ? Value() : *value};
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string names(std::string_view list) const {
    std::string out;
    for (const Part& document : documents_) {
      const Value* entries = document.value.find(list);
      if (entries == nullptr || !entries->is_sequence()) continue;
      for (const Value& entry : entries->items()) {
        const Value* found = entry.find("name");
        if (found != nullptr && found->is_string())
          out += fmt::format("{}`{}`", out.empty() ? "" : ", ", found->text());
      }
    }
    return out;
  }

 private:
  std::vector<Part> documents_;
};

/// A text field, empty when it is not there.
Result<std::string> text_field(const Part& part, std::string_view name) {
  const Value* value = part.value.find(name);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string())
    return problem(part.file, fmt::format("`{}` is not text", name), "put quotes around it");
  return std::string(value->text());
}

bool is_true(const Part& part, std::string_view name) {
  const Value* value = part.value.find(name);
  return value != nullptr && value->kind() == ValueKind::boolean && value->as_bool();
}

std::string beside(const std::string& file, const std::string& path) {
  return fs::path(path).is_absolute() ? path : (fs::path(file).parent_path() / path).string();
}

/// PEM given as `NAME-data` (base64) or as the path `NAME`; data win, as in client-go.
Result<std::string> pem_field(const Part& part, const std::string& name) {
  std::string data = CARBON_TRY(text_field(part, name + "-data"));
  std::string path = CARBON_TRY(text_field(part, name));
  std::string pem;
  if (!data.empty()) {
    std::optional<std::string> decoded = base64_decode(data);
    if (!decoded)
      return problem(part.file, fmt::format("`{}-data` is not base64", name),
                     "copy the field whole, on one line");
    pem = std::move(*decoded);
  } else if (!path.empty()) {
    Result<std::string> read = read_file(beside(part.file, path));
    if (!read)
      return problem(part.file, fmt::format("`{}`: {}", name, read.error().message()),
                     "relative paths start at the folder of the kubeconfig");
    pem = std::move(*read);
  } else {
    return std::string();
  }
  if (pem.find("-----BEGIN") == std::string::npos)
    return problem(part.file, fmt::format("`{}` holds no PEM", name), "it must begin with `-----BEGIN`");
  return pem;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

/// The transport decides for good when a request is sent; here there is still a file to name.
bool is_local(std::string_view authority) {
  return authority.starts_with("127.") || authority.starts_with("localhost") ||
         authority.starts_with("[::1]");
}

Status read_cluster(const Part& cluster, HttpEndpoint& endpoint) {
  endpoint.base = CARBON_TRY(text_field(cluster, "server"));
  while (endpoint.base.ends_with('/')) endpoint.base.pop_back();
  // Never repeated: whatever stands before the `@` may be a password.
  if (endpoint.base.find('@') != std::string::npos)
    return problem(cluster.file, "`server` holds credentials",
                   "put a token or a client certificate into `users`");
  if (!endpoint.base.starts_with("https://") && !endpoint.base.starts_with("http://"))
    return problem(cluster.file, fmt::format("`server` is `{}`, not an https address", endpoint.base),
                   "write `server: https://HOST:PORT`");
  if (endpoint.base.starts_with("http://") && !is_local(std::string_view(endpoint.base).substr(7)))
    return problem(cluster.file,
                   fmt::format("`server` is `{}`: its credentials would travel readable", endpoint.base),
                   "write `server: https://HOST:PORT`; plain http is for a loopback address alone");
  endpoint.name = endpoint.base;
  if (is_true(cluster, "insecure-skip-tls-verify"))
    return problem(cluster.file, "`insecure-skip-tls-verify` is set, and carbon always verifies the server",
                   "put the cluster's CA into `certificate-authority-data`");
  if (!CARBON_TRY(text_field(cluster, "proxy-url")).empty())
    return fail(Error(DiagnosticCode::not_yet_supported, cluster.file + ": `proxy-url` is not supported yet")
                    .help("set HTTPS_PROXY instead"));
  endpoint.server_name = CARBON_TRY(text_field(cluster, "tls-server-name"));
  endpoint.ca_pem = CARBON_TRY(pem_field(cluster, "certificate-authority"));
  return {};
}

Status refuse_other_logins(const Part& user) {
  auto set = [&](std::string_view name) {
    const Value* value = user.value.find(name);
    return value != nullptr && !value->is_null() && !(value->is_string() && value->text().empty());
  };
  if (set("exec"))
    return fail(Error(DiagnosticCode::not_yet_supported,
                      user.file + ": the login runs a program (`exec`), which is not supported yet")
                    .help("use a token: `kubectl create token NAME`, or a client certificate"));
  if (set("auth-provider"))
    return problem(user.file, "`auth-provider` was removed from Kubernetes in 1.26",
                   "use a token or a client certificate");
  if (set("username") || set("password"))
    return problem(user.file, "API servers have no passwords since Kubernetes 1.19",
                   "use a token or a client certificate");
  for (std::string_view name : {"as", "as-uid", "as-groups", "as-user-extra"}) {
    if (set(name))
      return fail(DiagnosticCode::not_yet_supported,
                  fmt::format("{}: impersonation (`{}`) is not supported yet", user.file, name));
  }
  return {};
}

Status read_user(const Part& user, HttpEndpoint& endpoint) {
  CARBON_CHECK(refuse_other_logins(user));
  endpoint.client_certificate_pem = CARBON_TRY(pem_field(user, "client-certificate"));
  endpoint.client_key_pem = CARBON_TRY(pem_field(user, "client-key"));
  if (endpoint.client_certificate_pem.empty() != endpoint.client_key_pem.empty())
    return problem(user.file, "a client certificate needs its key, and a key its certificate",
                   "give both `client-certificate` and `client-key`");
  // client-go reads the file first and falls back to the text.
  if (std::string path = CARBON_TRY(text_field(user, "tokenFile")); !path.empty()) {
    Result<std::string> token = read_file(beside(user.file, path));
    if (!token)
      return problem(user.file, "`tokenFile`: " + token.error().message(), "check the path in the file");
    endpoint.bearer_token = trimmed(std::move(*token));
  } else {
    endpoint.bearer_token = CARBON_TRY(text_field(user, "token"));
  }
  return {};
}

/// The files to read. Empty when there are none.
std::vector<std::string> files_of(const KubeconfigQuery& query) {
  if (!query.path.empty()) return {query.path};
  std::vector<std::string> files;
  std::error_code ignored;
  if (!query.list.empty()) {
    std::istringstream list(query.list);
    for (std::string file; std::getline(list, file, ':');) {
      if (!file.empty() && fs::exists(file, ignored)) files.push_back(file);
    }
  } else if (!query.home.empty()) {
    std::string file = query.home + "/.kube/config";
    if (fs::exists(file, ignored)) files.push_back(file);
  }
  return files;
}

Result<KubernetesAccess> in_cluster_access(const KubeconfigQuery& query) {
  KubernetesAccess access;
  access.context = "in-cluster";
  access.endpoint.base = access.endpoint.name = "https://" + query.in_cluster;
  access.endpoint.ca_pem = CARBON_TRY(read_file(query.account_dir + "/ca.crt"));
  access.endpoint.bearer_token = trimmed(CARBON_TRY(read_file(query.account_dir + "/token")));
  if (auto own = read_file(query.account_dir + "/namespace")) access.default_namespace = trimmed(*own);
  return access;
}

}  // namespace

KubeconfigQuery KubeconfigQuery::from_environment(std::string path, std::string context) {
  auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  KubeconfigQuery query;
  query.path = std::move(path);
  query.context = std::move(context);
  query.list = variable("KUBECONFIG");
  query.home = variable("HOME");
  if (std::string host = variable("KUBERNETES_SERVICE_HOST"); !host.empty()) {
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    query.in_cluster = host + ":" + variable("KUBERNETES_SERVICE_PORT");
  }
  return query;
}

Result<KubernetesAccess> load_kubeconfig(const KubeconfigQuery& query) {
  std::vector<std::string> files = files_of(query);
  if (files.empty() && !query.in_cluster.empty()) return in_cluster_access(query);
  if (files.empty())
    return problem(query.list.empty() ? query.home + "/.kube/config" : query.list, "no such file",
                   "set KUBECONFIG, or write `kubeconfig = \"PATH\"` in the provider");
  Kubeconfig config;
  for (const std::string& file : files) CARBON_CHECK(config.add(file));
  KubernetesAccess access;
  access.context = query.context.empty() ? config.current_context() : query.context;
  if (access.context.empty())
    return problem(files.front(), "no current context",
                   "write `context = \"NAME\"` in the provider; there are " + config.names("contexts"));
  auto context = config.find("contexts", "context", access.context);
  if (!context)
    return problem(config.files(), fmt::format("no context `{}`", access.context),
                   "there are " + config.names("contexts"));
  std::string cluster_name = CARBON_TRY(text_field(*context, "cluster"));
  std::string user_name = CARBON_TRY(text_field(*context, "user"));
  access.default_namespace = CARBON_TRY(text_field(*context, "namespace"));
  auto cluster = config.find("clusters", "cluster", cluster_name);
  if (!cluster)
    return problem(
        context->file,
        fmt::format("context `{}` names the cluster `{}`, which is not there", access.context, cluster_name),
        "there are " + config.names("clusters"));
  CARBON_CHECK(read_cluster(*cluster, access.endpoint));
  if (user_name.empty()) return access;
  auto user = config.find("users", "user", user_name);
  if (!user)
    return problem(
        context->file,
        fmt::format("context `{}` names the user `{}`, which is not there", access.context, user_name),
        "there are " + config.names("users"));
  CARBON_CHECK(read_user(*user, access.endpoint));
  return access;
}

}  // namespace carbon
