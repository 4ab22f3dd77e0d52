#include "platform/connectors/kubernetes/exec_plugin.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/rfc3339.h"

using namespace carbon;

namespace {

/// An `exec-plugins` file that is gone with the test.
class Allowed {
 public:
  explicit Allowed(const std::string& text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "carbon-exec-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file = folder_ + "/exec-plugins";
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0600);
  }
  ~Allowed() { std::filesystem::remove_all(folder_); }
  std::string file;

 private:
  std::string folder_;
};

Result<ExecPlugin> plugin_of(const std::string& allowed, std::string_view exec) {
  Allowed file(allowed);
  return read_exec_plugin("config", *parse_json(exec), file.file);
}

std::string problem(const std::string& allowed, std::string_view exec) {
  Result<ExecPlugin> plugin = plugin_of(allowed, exec);
  return plugin ? "none" : to_string(plugin.error().code()) + " " + plugin.error().message();
}

ExecPlugin plain_plugin() {
  ExecPlugin plugin;
  plugin.file = "config";
  plugin.path = "/opt/login";
  plugin.api_version = "client.authentication.k8s.io/v1";
  return plugin;
}

ProcessReply printed(std::string output) {
  ProcessReply reply;
  reply.output = std::move(output);
  return reply;
}

std::string complaint(const ProcessReply& reply) {
  Result<ExecCredential> read = read_exec_reply(plain_plugin(), reply);
  if (read) return "none";
  CHECK(read.error().code() == DiagnosticCode::unauthorized);
  // Whatever it printed may be a credential.
  CHECK(read.error().message().find("s3cret") == std::string::npos);
  return read.error().message();
}

constexpr std::string_view v1 = R"("apiVersion": "client.authentication.k8s.io/v1")";

}  // namespace

TEST_CASE("only what the user allows is run, by its whole path or by its name") {
  std::string exec = std::string(R"({"command": "/opt/aws", "args": ["a", "b"], )") + std::string(v1) + "}";
  Result<ExecPlugin> plugin = plugin_of("# cloud\n/opt/aws   # the one\n", exec);
  REQUIRE(plugin);
  CHECK(plugin->path == "/opt/aws");
  CHECK(plugin->arguments == std::vector<std::string>{"a", "b"});
  std::string bare = std::string(R"({"command": "aws", )") + std::string(v1) + "}";
  REQUIRE(plugin_of("/opt/aws\n/opt/gke\n", bare));
  CHECK(plugin_of("/opt/aws\n/opt/gke\n", bare)->path == "/opt/aws");
  CHECK(problem("/opt/gke\n", bare) ==
        "C0701 config: the login runs the program `aws`, which is not allowed");
  CHECK(problem("", exec).find("`/opt/aws`, which is not allowed") != std::string::npos);
  CHECK(problem("/a/aws\n/b/aws\n", bare).find("several allowed programs") != std::string::npos);
  CHECK(problem("/opt/aws\n", std::string(R"({"command": "./aws", )") + std::string(v1) + "}")
            .find("not absolute") != std::string::npos);
  CHECK(problem("opt/aws\n", bare).find("not an absolute path") != std::string::npos);
}

TEST_CASE("a list that others may write says nothing") {
  Allowed allowed("/opt/aws\n");
  ::chmod(allowed.file.c_str(), 0666);
  CHECK_FALSE(allowed_exec_plugins(allowed.file));
  CHECK(allowed_exec_plugins(allowed.file + "-missing")->empty());
}

TEST_CASE("versions, variables and manners that carbon does not have are refused") {
  auto exec = [](std::string_view rest) { return R"({"command": "/opt/aws", )" + std::string(rest) + "}"; };
  CHECK(problem("/opt/aws\n", exec(R"("apiVersion": "client.authentication.k8s.io/v1alpha1")"))
            .find("v1alpha1") != std::string::npos);
  CHECK(problem("/opt/aws\n", exec(std::string(v1) + R"(, "interactiveMode": "Always")"))
            .find("a person to answer") != std::string::npos);
  for (std::string_view name : {"LD_PRELOAD", "PATH", "PYTHONPATH"}) {
    std::string variable = fmt::format(R"(, "env": [{{"name": "{}", "value": "x"}}])", name);
    CHECK(problem("/opt/aws\n", exec(std::string(v1) + variable)).find("run another") != std::string::npos);
  }
  CHECK(problem("/opt/aws\n",
                exec(std::string(v1) + R"(, "env": [{"name": "AWS_PROFILE", "value": "x"}])")) == "none");
}

TEST_CASE("the environment is its own") {
  ::setenv("CARBON_TEST_SECRET", "s3cret", 1);
  ExecPlugin plugin = plain_plugin();
  plugin.environment = {{"AWS_PROFILE", "dev"}};
  plugin.cluster = *parse_json(R"({"server": "https://x"})");
  ProcessRequest request = exec_request(plugin);
  ::unsetenv("CARBON_TEST_SECRET");
  auto has = [&](std::string_view beginning) {
    return std::ranges::any_of(request.environment, [&](auto& each) { return each.starts_with(beginning); });
  };
  CHECK_FALSE(has("CARBON_TEST_SECRET"));
  CHECK(has("PATH=/usr/local/bin:/usr/bin:/bin"));
  CHECK(has("AWS_PROFILE=dev"));
  CHECK(request.environment.back() ==
        R"(KUBERNETES_EXEC_INFO={"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",)"
        R"("spec":{"interactive":false,"cluster":{"server":"https://x"}}})");
}

TEST_CASE("what it prints is a credential, or said to be none") {
  Result<ExecCredential> token =
      read_exec_reply(plain_plugin(), printed("{" + std::string(v1) + R"(, "kind": "ExecCredential",
    "status": {"token": "s3cret", "expirationTimestamp": "1970-01-01T00:01:00Z"}})"));
  REQUIRE(token);
  CHECK(token->bearer_token == "s3cret");
  CHECK(*token->expires == 60'000'000'000);
  CHECK(complaint(printed("s3cret")) == "config: the program /opt/login printed no JSON");
  CHECK(complaint(printed("")).ends_with("printed no JSON"));
  CHECK(complaint(printed(R"({"kind": "Secret", "token": "s3cret"})"))
            .ends_with("printed no ExecCredential of client.authentication.k8s.io/v1"));
  std::string head = "{" + std::string(v1) + R"(, "kind": "ExecCredential", "status": )";
  CHECK(complaint(printed(head + "{}}")).ends_with("gave neither a token nor a certificate"));
  CHECK(complaint(printed(head + R"({"clientKeyData": "s3cret"}})")).find("without its") !=
        std::string::npos);
  CHECK(complaint(printed(head + R"({"token": "s3cret", "expirationTimestamp": "soon"}})"))
            .ends_with("a time of expiry that is none"));
  ProcessReply failed = printed("s3cret");
  failed.status = 1;
  CHECK(complaint(failed).ends_with("ended with exit code 1"));
  failed.ended = ProcessReply::Ended::timed_out;
  CHECK(complaint(failed).ends_with("did not end within 20 s"));
  failed.ended = ProcessReply::Ended::too_much_output;
  CHECK(complaint(failed).ends_with("printed more than 1 MiB"));
}

TEST_CASE("times are RFC 3339") {
  CHECK(*parse_rfc3339("2001-09-09T01:46:40Z") == 1'000'000'000'000'000'000);
  CHECK(*parse_rfc3339("2001-09-09T03:46:40.5+02:00") == 1'000'000'000'000'000'000);
  for (std::string_view bad :
       {"", "2001-09-09", "2001-13-09T01:46:40Z", "2001-09-09T25:46:40Z", "2001-09-09 01:46:40Z",
        "2001-09-09T01:46:40", "2001-09-09T01:46:40+2:00", "20a1-09-09T01:46:40Z"})
    CHECK_MESSAGE(!parse_rfc3339(bad).has_value(), std::string(bad));
  CHECK(*parse_rfc3339("9999-12-31T23:59:59Z") == INT64_MAX);
}
