#include <algorithm>

#include "stdlib/native/families.h"
#include "stdlib/native/scram.h"

namespace carbon {

namespace {

Result<Value> from_environment(Arguments arguments) {
  std::string_view name = arguments[0].text();
  bool malformed = name.empty() || name.find('=') != std::string_view::npos;
  if (malformed) return wrong_argument("`secret.env` needs the name of an environment variable");
  return Value::secret({"secret.env", {arguments[0]}});
}

Result<Value> from_file(Arguments arguments) {
  if (arguments[0].text().empty()) return wrong_argument("`secret.file` needs the path of a file");
  return Value::secret({"secret.file", {arguments[0]}});
}

Result<Value> scram(Arguments arguments) {
  std::string_view password = arguments[0].text();
  bool ascii = std::all_of(password.begin(), password.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\0'; });
  if (!ascii || password.empty()) {
    return fail(
        Error(DiagnosticCode::wrong_arguments, "the password must be ASCII text and not empty")
            .help("take another password: PostgreSQL prepares others in a way that carbon does not know"));
  }
  return Value::string(scram_verifier(password, scram_salt(password)));
}

/// The evaluator answers it from what is looked up (EvalContext::stored_secret).
Result<Value> looked_up(Arguments) { return wrong_argument("`secret.k8s` cannot be looked up here"); }

}  // namespace

void add_secret_functions(FunctionTable& table) {
  table.add({"secret.env",
             {{"name", "string"}},
             "secret<string>",
             "The content of an environment variable, read only where a request needs it. C0502 when it is "
             "not set.",
             "secret.env(\"GRAFANA_TOKEN\")",
             from_environment});
  table.add(
      {"secret.file",
       {{"path", "string"}},
       "secret<string>",
       "The content of a file beneath the package root, read only where a request needs it. C0502 when it is "
       "not there.",
       "secret.file(\"secrets/token\")",
       from_file});
  table.add({"secret.k8s",
             {{"namespace", "string"},
              {"name", "string"},
              {"key", "string"},
              {"from", "k8s.Cluster", true},
              {"after", "resource", true}},
             "secret<string>",
             "What a Secret of the cluster keeps under a key, read only where a request needs it. The "
             "cluster is `from`, "
             "or the one that a resource at this place would have. `after` names the resource whose "
             "controller makes "
             "the Secret: it is waited for. C0412 when there is no such Secret.",
             "secret.k8s(\"data\", \"pg-main-superuser\", \"password\", after = main)",
             looked_up});
  Function verifier{
      "scram_sha_256",
      {{"password", "secret<string>"}},
      "string",
      "The SCRAM verifier that PostgreSQL keeps for a password, for CREATE and ALTER ROLE; of a secret "
      "it stays a secret. The same password always gives the same verifier. C0216 when the password is "
      "empty or not ASCII.",
      "scram_sha_256(self.password)",
      scram};
  verifier.on_secret = OnSecret::taint;
  table.add(std::move(verifier));
}

}  // namespace carbon
