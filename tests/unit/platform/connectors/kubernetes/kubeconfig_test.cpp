#include "platform/connectors/kubernetes/kubeconfig.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/base64.h"

using namespace carbon;

namespace {

const std::string pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/// A folder that is gone with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "carbon-kube-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name) << text;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

std::string config(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: main\n"
         "contexts:\n- name: main\n  context: {cluster: c, user: u, namespace: data}\n"
         "clusters:\n- name: c\n  cluster: {" +
         cluster +
         "}\n"
         "users:\n- name: u\n  user: {" +
         user + "}\n";
}

Result<KubernetesAccess> load(const std::string& path, const std::string& context = {}) {
  KubeconfigQuery query;
  query.path = path;
  query.context = context;
  return load_kubeconfig(query);
}

std::string message(const Result<KubernetesAccess>& result) {
  return result ? "no error" : to_string(result.error().code()) + " " + result.error().message();
}

}  // namespace

TEST_CASE("server, CA, token and namespace come from the current context") {
  Folder folder;
  std::string path =
      folder.write("config", config("server: 'https://10.0.0.1:6443/', tls-server-name: kubernetes, "
                                    "certificate-authority-data: " +
                                        base64_encode(pem),
                                    "token: abc"));
  auto access = load(path);
  REQUIRE_MESSAGE(access, message(access));
  CHECK(access->endpoint.base == "https://10.0.0.1:6443");
  CHECK(access->endpoint.ca_pem == pem);
  CHECK(access->endpoint.server_name == "kubernetes");
  CHECK(access->endpoint.bearer_token == "abc");
  CHECK(access->context == "main");
  CHECK(access->default_namespace == "data");
}

TEST_CASE("relative paths start at the folder of the file that names them") {
  Folder folder;
  folder.write("ca.crt", pem);
  folder.write("client.crt", pem);
  folder.write("client.key", pem);
  folder.write("token", "from-file\n");
  std::string path = folder.write(
      "config", config("server: 'https://x', certificate-authority: ca.crt",
                       "client-certificate: client.crt, client-key: client.key, tokenFile: token"));
  auto access = load(path);
  REQUIRE_MESSAGE(access, message(access));
  CHECK(access->endpoint.ca_pem == pem);
  CHECK(access->endpoint.client_certificate_pem == pem);
  CHECK(access->endpoint.bearer_token == "from-file");
}

TEST_CASE("of several files the first one that has a name wins, missing files are left out") {
  Folder folder;
  std::string one = folder.write("one",
                                 "contexts:\n- {name: main, context: {cluster: c, user: u}}\n"
                                 "clusters:\n- {name: c, cluster: {server: 'https://first'}}\n");
  std::string two = folder.write("two", config("server: 'https://second'", "token: t"));
  KubeconfigQuery query;
  query.list = one + ":/no/such/file:" + two;
  auto access = load_kubeconfig(query);
  REQUIRE_MESSAGE(access, message(access));
  CHECK(access->endpoint.base == "https://first");
  CHECK(access->endpoint.bearer_token == "t");
  CHECK(access->default_namespace.empty());
}

TEST_CASE("every bad file is C0701 with the file and a remedy") {
  Folder folder;
  auto refused = [&](const std::string& text, std::string_view what, std::string_view code = "C0701") {
    std::string path = folder.write("config", text);
    auto access = load(path);
    CAPTURE(text);
    REQUIRE_FALSE(access);
    CHECK(message(access).starts_with(code));
    CHECK(message(access).find(path) != std::string::npos);
    CHECK_MESSAGE(message(access).find(what) != std::string::npos, message(access));
  };
  std::string https = "server: 'https://x'";
  refused("a: [", "line");
  refused("- 1", "mapping");
  refused("{}", "no current context");
  refused(config("server: x", ""), "not an https address");
  refused(config("server: 'http://10.0.0.1:8080'", ""), "travel readable");
  refused(config(https + ", certificate-authority-data: '***'", ""), "not base64");
  refused(config(https + ", certificate-authority-data: " + base64_encode("x"), ""), "no PEM");
  refused(config(https + ", certificate-authority: nowhere.crt", ""), "nowhere.crt");
  refused(config(https + ", insecure-skip-tls-verify: true", ""), "always verifies");
  refused(config(https, "client-key-data: " + base64_encode(pem)), "needs its key");
  refused(config(https, "auth-provider: {name: gcp}"), "auth-provider");
  refused(config(https, "username: a, password: b"), "passwords");
  refused(config(https, "token: 12"), "not text");
  refused(config(https, "exec: {command: aws}"), "`exec` speaks ``");
  refused(config(https, "exec: [aws]"), "no mapping");
  refused(config(https, "as-groups: [ops]"), "need `as`");
  refused(config(https, "as: \"a\\r\\nX: b\""), "control characters");
  refused(config(https + ", proxy-url: 'http://p'", ""), "proxy-url", "C0110");
}

TEST_CASE("a missing file, context, cluster or user is told with what there is") {
  CHECK(message(load("/no/such/file")) == "C0701 /no/such/file: no such file");
  Folder folder;
  std::string path = folder.write("config", config("server: 'https://x'", ""));
  auto access = load(path, "prod");
  REQUIRE_FALSE(access);
  CHECK(access.error().message() == path + ": no context `prod`");
  CHECK(access.error().diagnostic().helps.front().text == "there are `main`");
  std::string broken = folder.write(
      "broken", "current-context: a\ncontexts:\n- {name: a, context: {cluster: gone, user: u}}\n");
  CHECK(message(load(broken)).find("names the cluster `gone`") != std::string::npos);
}

TEST_CASE("inside a cluster the service account is the way, if there is no file") {
  Folder folder;
  std::string ca = folder.write("ca.crt", pem);
  folder.write("token", "account\n");
  folder.write("namespace", "tools");
  KubeconfigQuery query;
  query.in_cluster = "10.0.0.1:443";
  query.account_dir = ca.substr(0, ca.rfind('/'));
  auto access = load_kubeconfig(query);
  REQUIRE_MESSAGE(access, message(access));
  CHECK(access->endpoint.base == "https://10.0.0.1:443");
  CHECK(access->endpoint.bearer_token == "account");
  CHECK(access->default_namespace == "tools");
}
