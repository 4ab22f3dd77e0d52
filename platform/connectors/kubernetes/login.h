#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "base/task_group.h"
#include "engine/ports/io.h"
#include "platform/connectors/kubernetes/exec_plugin.h"

namespace carbon {

/// Where credentials come from that do not last, and as whom requests are made.
struct KubernetesLogin {
  std::string token_file;  ///< read again each minute, as client-go does: its tokens rotate
  std::optional<ExecPlugin> exec;
  std::vector<Header> impersonation;  ///< Impersonate-User and its like
};

/// Keeps the credentials of one endpoint fresh. Several requests may ask at the same time; one of them reads
/// or runs. Owned by a client; used on the event-loop thread.
class KubernetesCredentials {
 public:
  KubernetesCredentials(Io& io, KubernetesLogin login) : io_(io), login_(std::move(login)) {}
  KubernetesCredentials(const KubernetesCredentials&) = delete;
  KubernetesCredentials& operator=(const KubernetesCredentials&) = delete;

  /// Puts valid credentials into the endpoint. `rejected` is the generation that a server refused (401), or
  /// 0: credentials of that generation are renewed before their time. Errors: C0701 for a token file, C0703
  /// for a program.
  [[nodiscard]] Task<Status> refresh(HttpEndpoint* endpoint, std::uint64_t rejected);
  /// Counts the times that credentials were got; credentials that cannot be renewed are for ever 0.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  [[nodiscard]] const std::vector<Header>& impersonation() const { return login_.impersonation; }

 private:
  [[nodiscard]] bool renewable() const { return login_.exec.has_value() || !login_.token_file.empty(); }
  [[nodiscard]] bool fresh(std::uint64_t rejected);
  [[nodiscard]] bool failed_just_now();
  [[nodiscard]] Status read_token(HttpEndpoint* endpoint);
  [[nodiscard]] Task<Status> run_plugin(HttpEndpoint* endpoint);

  Io& io_;
  KubernetesLogin login_;
  Semaphore one_{1};
  std::uint64_t generation_ = 0;
  std::optional<std::int64_t> valid_until_;  ///< wall clock; none: until it is rejected
  std::optional<Error> failed_;  ///< the last run; those who waited for it do not run it again at once
  std::int64_t failed_at_ = 0;
};

}  // namespace carbon
