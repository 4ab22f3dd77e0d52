#include "platform/connectors/kubernetes/kubeconfig.h"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/connectors/kubernetes/api_path.h"
#include "platform/connectors/kubernetes/small_file.h"
#include "platform/yaml/yaml.h"

namespace carbon {

namespace {

namespace fs = std::filesystem;

/// A named entry of one file: `{name: …, cluster: {…}}`.
struct Part {
  std::string file;
  Value value;
};

class Kubeconfig {
 public:
  Status add(const std::string& file) {
    std::string text = CARBON_TRY(read_small_file(file));
    Result<Value> parsed = parse_yaml(text);
    if (!parsed)
      return kubeconfig_problem(file, parsed.error().message(),
                                "correct the file, or write a new one with your provider's tool");
    if (parsed->is_null()) return {};
    if (!parsed->is_fields())
      return kubeconfig_problem(file, "not a kubeconfig: a mapping is expected",
                                "check that the path is right");
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
    return kubeconfig_problem(part.file, fmt::format("`{}` is not text", name), "put quotes around it");
  return std::string(value->text());
}

bool is_true(const Part& part, std::string_view name) {
  const Value* value = part.value.find(name);
  return value != nullptr && value->kind() == ValueKind::boolean && value->as_bool();
}

bool is_set(const Part& part, std::string_view name) {
  const Value* value = part.value.find(name);
  return value != nullptr && !value->is_null() && !(value->is_string() && value->text().empty());
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
      return kubeconfig_problem(part.file, fmt::format("`{}-data` is not base64", name),
                                "copy the field whole, on one line");
    pem = std::move(*decoded);
  } else if (!path.empty()) {
    Result<std::string> read = read_small_file(beside(part.file, path));
    if (!read)
      return kubeconfig_problem(part.file, fmt::format("`{}`: {}", name, read.error().message()),
                                "relative paths start at the folder of the kubeconfig");
    pem = std::move(*read);
  } else {
    return std::string();
  }
  if (pem.find("-----BEGIN") == std::string::npos)
    return kubeconfig_problem(part.file, fmt::format("`{}` holds no PEM", name),
                              "it must begin with `-----BEGIN`");
  return pem;
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
    return kubeconfig_problem(cluster.file, "`server` holds credentials",
                              "put a token or a client certificate into `users`");
  if (!endpoint.base.starts_with("https://") && !endpoint.base.starts_with("http://"))
    return kubeconfig_problem(cluster.file,
                              fmt::format("`server` is `{}`, not an https address", endpoint.base),
                              "write `server: https://HOST:PORT`");
  if (endpoint.base.starts_with("http://") && !is_local(std::string_view(endpoint.base).substr(7)))
    return kubeconfig_problem(
        cluster.file, fmt::format("`server` is `{}`: its credentials would travel readable", endpoint.base),
        "write `server: https://HOST:PORT`; plain http is for a loopback address alone");
  endpoint.name = endpoint.base;
  if (is_true(cluster, "insecure-skip-tls-verify"))
    return kubeconfig_problem(cluster.file,
                              "`insecure-skip-tls-verify` is set, and carbon always verifies the server",
                              "put the cluster's CA into `certificate-authority-data`");
  if (!CARBON_TRY(text_field(cluster, "proxy-url")).empty())
    return fail(Error(DiagnosticCode::not_yet_supported, cluster.file + ": `proxy-url` is not supported yet")
                    .help("set HTTPS_PROXY instead"));
  endpoint.server_name = CARBON_TRY(text_field(cluster, "tls-server-name"));
  endpoint.ca_pem = CARBON_TRY(pem_field(cluster, "certificate-authority"));
  return {};
}

Status refuse_other_logins(const Part& user) {
  if (is_set(user, "auth-provider"))
    return kubeconfig_problem(user.file, "`auth-provider` was removed from Kubernetes in 1.26",
                              "use a token, a client certificate or an exec plugin");
  if (is_set(user, "username") || is_set(user, "password"))
    return kubeconfig_problem(user.file, "API servers have no passwords since Kubernetes 1.19",
                              "use a token, a client certificate or an exec plugin");
  return {};
}

/// Header values cannot hold control characters: a name with one would be another name for the server.
Status add_impersonation(const std::string& file, std::string name, std::string value,
                         KubernetesLogin& login) {
  bool control =
      std::any_of(value.begin(), value.end(), [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
  if (control)
    return kubeconfig_problem(file, "whom to act as holds control characters", "write the name alone");
  login.impersonation.push_back({std::move(name), std::move(value)});
  return {};
}

/// `as`, `as-uid`, `as-groups`, `as-user-extra` (User impersonation, "Authentication").
Status read_impersonation(const Part& user, KubernetesLogin& login) {
  std::string as = CARBON_TRY(text_field(user, "as"));
  bool more = is_set(user, "as-uid") || is_set(user, "as-groups") || is_set(user, "as-user-extra");
  if (as.empty() && more)
    return kubeconfig_problem(user.file, "`as-uid`, `as-groups` and `as-user-extra` need `as`",
                              "write the user's name into `as`");
  if (as.empty()) return {};
  CARBON_CHECK(add_impersonation(user.file, "Impersonate-User", as, login));
  if (std::string uid = CARBON_TRY(text_field(user, "as-uid")); !uid.empty())
    CARBON_CHECK(add_impersonation(user.file, "Impersonate-Uid", uid, login));
  auto each_text = [&](const Value* list, const std::string& header) -> Status {
    if (list == nullptr || !list->is_sequence()) return {};
    for (const Value& each : list->items()) {
      if (each.is_string())
        CARBON_CHECK(add_impersonation(user.file, header, std::string(each.text()), login));
    }
    return {};
  };
  CARBON_CHECK(each_text(user.value.find("as-groups"), "Impersonate-Group"));
  const Value* extra = user.value.find("as-user-extra");
  if (extra == nullptr || !extra->is_fields()) return {};
  for (const Entry& entry : extra->entries())
    CARBON_CHECK(each_text(&entry.value, "Impersonate-Extra-" + percent_encode(entry.key.text())));
  return {};
}

/// What a plugin is told of the cluster (`provideClusterInfo`), as `spec.cluster` of an ExecCredential.
Value cluster_info(const Part& cluster, const HttpEndpoint& endpoint) {
  std::vector<Entry> fields{{Value::string("server"), Value::string(endpoint.base)}};
  auto add = [&](std::string_view name, Value value) {
    fields.push_back({Value::string(name), std::move(value)});
  };
  if (!endpoint.server_name.empty()) add("tls-server-name", Value::string(endpoint.server_name));
  if (!endpoint.ca_pem.empty())
    add("certificate-authority-data", Value::string(base64_encode(endpoint.ca_pem)));
  const Value* extensions = cluster.value.find("extensions");
  if (extensions != nullptr && extensions->is_sequence()) {
    for (const Value& each : extensions->items()) {
      const Value* name = each.find("name");
      const Value* content = each.find("extension");
      bool meant =
          name != nullptr && name->is_string() && name->text() == "client.authentication.k8s.io/exec";
      if (meant && content != nullptr) add("config", *content);
    }
  }
  return Value::record(std::move(fields));
}

Status read_exec(const Part& user, const Part& cluster, const std::string& allowed_file,
                 KubernetesAccess& access) {
  const Value* exec = user.value.find("exec");
  if (!exec->is_fields())
    return kubeconfig_problem(user.file, "`exec` is no mapping",
                              "write `command`, `args` and `apiVersion` in it");
  ExecPlugin plugin = CARBON_TRY(read_exec_plugin(user.file, *exec, allowed_file));
  if (is_true({user.file, *exec}, "provideClusterInfo"))
    plugin.cluster = cluster_info(cluster, access.endpoint);
  access.login.exec = std::move(plugin);
  return {};
}

Status read_user(const Part& user, const Part& cluster, const KubeconfigQuery& query,
                 KubernetesAccess& access) {
  HttpEndpoint& endpoint = access.endpoint;
  CARBON_CHECK(refuse_other_logins(user));
  if (query.as.empty()) CARBON_CHECK(read_impersonation(user, access.login));
  endpoint.client_certificate_pem = CARBON_TRY(pem_field(user, "client-certificate"));
  endpoint.client_key_pem = CARBON_TRY(pem_field(user, "client-key"));
  if (endpoint.client_certificate_pem.empty() != endpoint.client_key_pem.empty())
    return kubeconfig_problem(user.file, "a client certificate needs its key, and a key its certificate",
                              "give both `client-certificate` and `client-key`");
  // client-go reads the file first and falls back to the text; either goes before a plugin.
  if (std::string path = CARBON_TRY(text_field(user, "tokenFile")); !path.empty()) {
    access.login.token_file = beside(user.file, path);
    Result<std::string> token = read_small_file(access.login.token_file);
    if (!token)
      return kubeconfig_problem(user.file, "`tokenFile`: " + token.error().message(),
                                "check the path in the file");
    endpoint.bearer_token = trimmed(std::move(*token));
    return {};
  }
  endpoint.bearer_token = CARBON_TRY(text_field(user, "token"));
  if (endpoint.bearer_token.empty() && is_set(user, "exec"))
    return read_exec(user, cluster, query.exec_plugins, access);
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
  access.endpoint.ca_pem = CARBON_TRY(read_small_file(query.account_dir + "/ca.crt"));
  access.login.token_file = query.account_dir + "/token";
  access.endpoint.bearer_token = trimmed(CARBON_TRY(read_small_file(access.login.token_file)));
  CARBON_CHECK(impersonate(query, access.login));
  if (auto own = read_small_file(query.account_dir + "/namespace")) access.default_namespace = trimmed(*own);
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
  query.exec_plugins = exec_plugins_file();
  if (std::string host = variable("KUBERNETES_SERVICE_HOST"); !host.empty()) {
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    query.in_cluster = host + ":" + variable("KUBERNETES_SERVICE_PORT");
  }
  return query;
}

Status impersonate(const KubeconfigQuery& query, KubernetesLogin& login) {
  if (query.as.empty()) return {};
  CARBON_CHECK(add_impersonation("--as", "Impersonate-User", query.as, login));
  for (const std::string& group : query.as_groups)
    CARBON_CHECK(add_impersonation("--as-group", "Impersonate-Group", group, login));
  return {};
}

Result<KubernetesAccess> load_kubeconfig(const KubeconfigQuery& query) {
  std::vector<std::string> files = files_of(query);
  if (files.empty() && !query.in_cluster.empty()) return in_cluster_access(query);
  if (files.empty())
    return kubeconfig_problem(query.list.empty() ? query.home + "/.kube/config" : query.list, "no such file",
                              "set KUBECONFIG, or write `kubeconfig = \"PATH\"` in the provider");
  Kubeconfig config;
  for (const std::string& file : files) CARBON_CHECK(config.add(file));
  KubernetesAccess access;
  access.context = query.context.empty() ? config.current_context() : query.context;
  if (access.context.empty())
    return kubeconfig_problem(
        files.front(), "no current context",
        "write `context = \"NAME\"` in the provider; there are " + config.names("contexts"));
  auto context = config.find("contexts", "context", access.context);
  if (!context)
    return kubeconfig_problem(config.files(), fmt::format("no context `{}`", access.context),
                              "there are " + config.names("contexts"));
  std::string cluster_name = CARBON_TRY(text_field(*context, "cluster"));
  std::string user_name = CARBON_TRY(text_field(*context, "user"));
  access.default_namespace = CARBON_TRY(text_field(*context, "namespace"));
  auto cluster = config.find("clusters", "cluster", cluster_name);
  if (!cluster)
    return kubeconfig_problem(
        context->file,
        fmt::format("context `{}` names the cluster `{}`, which is not there", access.context, cluster_name),
        "there are " + config.names("clusters"));
  CARBON_CHECK(read_cluster(*cluster, access.endpoint));
  CARBON_CHECK(impersonate(query, access.login));
  if (user_name.empty()) return access;
  auto user = config.find("users", "user", user_name);
  if (!user)
    return kubeconfig_problem(
        context->file,
        fmt::format("context `{}` names the user `{}`, which is not there", access.context, user_name),
        "there are " + config.names("users"));
  CARBON_CHECK(read_user(*user, *cluster, query, access));
  return access;
}

}  // namespace carbon
