// A kubeconfig from a stranger is refused with a remedy, or leads to one server over TLS (or over the
// loopback) with whole credentials. What it says of secrets is not repeated by an error.

#include "platform/connectors/kubernetes/kubeconfig.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

/// Stands in the corpus wherever a file holds a credential.
constexpr std::string_view canary = "CANARY";

/// A file without a name in any folder.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : fd_(memfd_create("kubeconfig", 0)) {
    while (!content.empty()) {
      ssize_t written = write(fd_, content.data(), content.size());
      demand(written > 0, "the file could not be written", content);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(fd_); }
  [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  int fd_;
};

void check_access(const KubernetesAccess& access, std::string_view input) {
  const HttpEndpoint& endpoint = access.endpoint;
  bool loopback = endpoint.base.starts_with("http://127.") || endpoint.base.starts_with("http://localhost") ||
                  endpoint.base.starts_with("http://[::1]");
  demand(endpoint.base.starts_with("https://") || loopback, "credentials would travel readable", input);
  demand(endpoint.base.find('@') == std::string::npos, "credentials would stand in every message", input);
  demand(!endpoint.plain_text_allowed, "a file allows plain text", input);
  demand(endpoint.client_certificate_pem.empty() == endpoint.client_key_pem.empty(),
         "half a client certificate", input);
  demand(!access.context.empty(), "a context without a name", input);
}

}  // namespace

void check_kubeconfig(std::string_view input) {
  MemoryFile file(input);
  KubeconfigQuery query;
  query.path = file.path();
  Result<KubernetesAccess> access = load_kubeconfig(query);
  if (access) return check_access(*access, input);
  demand(!access.error().diagnostic().helps.empty() || !remedy(access.error().code()).empty(),
         "an error without a remedy", input);
  // Names, addresses and paths are repeated, credentials never are: what stands behind a name proves nothing.
  const std::string& said = access.error().message();
  std::size_t place = said.find(canary);
  bool named =
      said.find("`server` is `") < place || said.find("context `") < place || said.find("no context") < place;
  demand(place == std::string::npos || named, "an error repeats a credential", input);
}

}  // namespace carbon::fuzz
