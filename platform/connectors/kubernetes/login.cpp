#include "platform/connectors/kubernetes/login.h"

#include "platform/connectors/kubernetes/small_file.h"

namespace carbon {

namespace {

// client-go reads token files again after a minute (rest/transport, "NewCachedFileTokenSource").
constexpr std::int64_t token_file_lasts = 60'000'000'000;
// What is about to end must not end on the way.
constexpr std::int64_t spare = 10'000'000'000;
constexpr std::int64_t failure_lasts = 10'000'000'000;

}  // namespace

bool KubernetesCredentials::fresh(std::uint64_t rejected) {
  if (generation_ == 0 || rejected == generation_) return false;
  return !valid_until_ || io_.wall_clock() + spare < *valid_until_;
}

bool KubernetesCredentials::failed_just_now() { return failed_ && io_.now() - failed_at_ < failure_lasts; }

Task<Status> KubernetesCredentials::refresh(HttpEndpoint* endpoint, std::uint64_t rejected) {
  Status done;
  if (!renewable() || fresh(rejected)) co_return done;
  auto entering = one_.acquire();
  co_await entering;
  // Another request may have done it meanwhile.
  if (!fresh(rejected)) {
    if (failed_just_now()) {
      done = fail(*failed_);
    } else if (login_.exec) {
      auto running = run_plugin(endpoint);
      done = co_await running;
    } else {
      done = read_token(endpoint);
    }
  }
  one_.release();
  co_return done;
}

Status KubernetesCredentials::read_token(HttpEndpoint* endpoint) {
  Result<std::string> text = read_small_file(login_.token_file);
  std::string token = text ? trimmed(std::move(*text)) : std::string();
  // While the file is being replaced the old token goes on.
  if (token.empty() && generation_ == 0) {
    if (!text) return fail(text.error());
    return kubeconfig_problem(login_.token_file, "the token file is empty", "write the token into it");
  }
  if (!token.empty()) endpoint->bearer_token = std::move(token);
  valid_until_ = io_.wall_clock() + token_file_lasts;
  ++generation_;
  return {};
}

Task<Status> KubernetesCredentials::run_plugin(HttpEndpoint* endpoint) {
  ProcessRequest request = exec_request(*login_.exec);
  auto running = io_.process(std::move(request));
  ProcessReply reply = co_await running;
  Result<ExecCredential> credential = read_exec_reply(*login_.exec, reply);
  if (!credential) {
    failed_ = credential.error();
    failed_at_ = io_.now();
    co_return fail(credential.error());
  }
  failed_.reset();
  endpoint->bearer_token = std::move(credential->bearer_token);
  if (!credential->client_certificate_pem.empty()) {
    endpoint->client_certificate_pem = std::move(credential->client_certificate_pem);
    endpoint->client_key_pem = std::move(credential->client_key_pem);
  }
  valid_until_ = credential->expires;
  ++generation_;
  Status done;
  co_return done;
}

}  // namespace carbon
