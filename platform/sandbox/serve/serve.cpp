#include "platform/sandbox/serve/serve.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/sandbox/serve/listener.h"
#include "platform/sandbox/serve/served_certificate.h"

namespace carbon::sandbox {

namespace {

/// A watch keeps its thread, and clients open several.
constexpr std::size_t threads = 96;
/// Never compressed by the library, unlike the plain type: a compressor would sit on the events of a watch.
constexpr const char* stream_type = "application/json; charset=utf-8";

tl::unexpected<Error> failed(std::string message) {
  return fail(DiagnosticCode::sandbox_failed, std::move(message));
}

/// What the threads of the server share.
struct Service {
  Listener& listener;
  const Authenticator& authenticator;
  RequestFaults& faults;
  int port = 0;
};

ApiRequest api_request(const httplib::Request& in) {
  ApiRequest request = ApiRequest::of(in.method, in.target);
  for (const auto& [name, value] : in.headers) request.take_header(name, value);
  request.body = in.body;
  return request;
}

void fill(httplib::Response& out, const ApiResponse& response) {
  out.status = response.status;
  for (const auto& [name, value] : response.headers) out.set_header(name, value);
  out.set_content(response.body, response.content_type);
}

/// Shuts down the connections to our port: all of them, or the one from another end's port.
void shut_connections(int port, int how, std::optional<int> remote_port = {}) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    int socket = std::atoi(entry.path().filename().c_str());
    sockaddr_in own{}, peer{};
    socklen_t own_size = sizeof own, peer_size = sizeof peer;
    bool ours = ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
                own.sin_family == AF_INET && ntohs(own.sin_port) == port;
    bool meant =
        !remote_port || (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
                         ntohs(peer.sin_port) == *remote_port);
    if (ours && meant) ::shutdown(socket, how);
  }
}

void answer(const Service& service, const httplib::Request& in, httplib::Response& out) {
  Listener& listener = service.listener;
  constexpr std::int64_t second = 1'000'000'000;
  auto user = service.authenticator.identify(in.get_header_value("Authorization"), listener.now() / second,
                                             [&](const std::string& name_space, const std::string& name) {
                                               return listener.account_uid(name_space, name);
                                             });
  if (!user) {
    ApiStatus status;
    status.code = 401;
    status.reason = status.message = "Unauthorized";
    return fill(out, status_response(status));
  }
  ApiRequest request = api_request(in);
  request.user = *std::move(user);
  RequestFaults::Verdict verdict = service.faults.judge(request);
  if (verdict.delay > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(verdict.delay));
  if (verdict.instead) return fill(out, *verdict.instead);
  ApiResponse response = listener.handle(request);
  // Its reply goes nowhere.
  if (verdict.lose_reply) shut_connections(service.port, SHUT_RDWR, in.remote_port);
  if (!response.watch) return fill(out, response);
  out.status = response.status;
  out.set_chunked_content_provider(
      stream_type, [&listener, stream = listener.open_watch(request, std::move(response))](
                       std::size_t, httplib::DataSink& sink) {
        Listener::Part part = listener.next_part(*stream);
        if (!part.lines.empty() && !sink.write(part.lines.data(), part.lines.size())) return false;
        if (part.last) sink.done();
        return sink.is_writable();
      });
}

void route(httplib::Server& server, const Service& service) {
  auto handler = [&](const httplib::Request& in, httplib::Response& out) { answer(service, in, out); };
  // The library waits for a body that has no length until the client hangs up; a DELETE may well have none.
  server.set_pre_routing_handler([handler](const httplib::Request& in, httplib::Response& out) {
    using Handled = httplib::Server::HandlerResponse;
    if (in.has_header("Content-Length") || in.has_header("Transfer-Encoding")) return Handled::Unhandled;
    handler(in, out);
    return Handled::Handled;
  });
  server.Get(".*", handler).Post(".*", handler).Put(".*", handler).Patch(".*", handler).Delete(".*", handler);
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  server.set_tcp_nodelay(true);
  // A client that finds its kept connection closed must not repeat a write, so they are kept for long.
  constexpr time_t kept_seconds = 600;
  server.set_keep_alive_timeout(kept_seconds);
  server.set_keep_alive_max_count(1'000'000);
  constexpr std::size_t largest_body = std::size_t{3} << 20;  // etcd's limit, and the real server's
  server.set_payload_max_length(largest_body);
}

std::string kubeconfig_text(const HttpEndpoint& endpoint, const Authenticator& authenticator) {
  std::string users, contexts;
  auto add = [&](std::string_view context, std::string_view name, std::string_view token) {
    users += fmt::format("- name: {}\n  user:\n    token: {}\n", json_quote(name), token);
    contexts +=
        fmt::format("- name: {}\n  context:\n    cluster: sandbox\n    user: {}\n    namespace: default\n",
                    json_quote(context), json_quote(name));
  };
  add("sandbox", "sandbox", authenticator.admin_token());
  for (const ServedUser& user : authenticator.users()) add(user.name, user.name, user.token);
  return fmt::format(
      "apiVersion: v1\nkind: Config\ncurrent-context: sandbox\n"
      "clusters:\n- name: sandbox\n  cluster:\n    server: {}\n    certificate-authority-data: {}\n"
      "users:\n{}contexts:\n{}",
      endpoint.base, base64_encode(endpoint.ca_pem), users, contexts);
}

Status write_kubeconfig(const std::string& path, const std::string& content) {
  ::unlink(path.c_str());
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool written =
      file >= 0 && ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (file >= 0) ::close(file);
  if (!written) return failed(fmt::format("{}: cannot be written", path));
  return {};
}

struct KeyPair {
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, X509_free};
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, EVP_PKEY_free};
};

KeyPair parse(const ServedCertificate& pem) {
  KeyPair out;
  std::unique_ptr<BIO, decltype(&BIO_free)> certificate(BIO_new_mem_buf(pem.certificate_pem.data(), -1),
                                                        BIO_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> key(BIO_new_mem_buf(pem.key_pem.data(), -1), BIO_free);
  out.certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  out.key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  return out;
}

/// SIGINT and SIGTERM are blocked while it lives, for this thread and those that it starts, and waited for.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGINT);
    ::sigaddset(&set_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  /// True when one has come within that time.
  [[nodiscard]] bool within_seconds(time_t seconds) const {
    timespec time{seconds, 0};
    return ::sigtimedwait(&set_, nullptr, &time) > 0;
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

}  // namespace

Status serve(Sandbox& world, const ServeOptions& options, const ServeEvents& events) {
  if (world.served())
    return failed(fmt::format("this sandbox is served already, at {}", world.served()->name));
  ServedCertificate certificate = CARBON_TRY(make_loopback_certificate());
  HttpEndpoint endpoint;
  Authenticator authenticator = CARBON_TRY(Authenticator::make(options.users));
  endpoint.bearer_token = authenticator.admin_token();
  endpoint.ca_pem = certificate.certificate_pem;
  KeyPair pair = parse(certificate);
  httplib::SSLServer server(pair.certificate.get(), pair.key.get());
  StopSignals signals;
  Listener listener(world);
  RequestFaults faults(options.faults);
  Service service{listener, authenticator, faults};
  route(server, service);
  constexpr const char* host = "127.0.0.1";
  int port = options.port != 0 ? options.port : server.bind_to_any_port(host);
  bool bound = options.port == 0 ? port > 0 : server.bind_to_port(host, port);
  if (!server.is_valid() || !bound) return failed(fmt::format("port {} of {} is taken", options.port, host));
  service.port = port;
  endpoint.name = endpoint.base = fmt::format("https://{}:{}", host, port);
  std::string kubeconfig = options.kubeconfig.empty() ? world.folder() + "/kubeconfig" : options.kubeconfig;
  CARBON_CHECK(write_kubeconfig(kubeconfig, kubeconfig_text(endpoint, authenticator)));
  CARBON_CHECK(world.announce(endpoint));
  // From here on to its end nothing returns early.
  world.kubernetes().set_token_maker(
      [&](const TokenClaims& claims) { return authenticator.account_token(claims); });
  std::thread controllers([&] { listener.run_controllers(); });
  std::thread connections([&] { server.listen_after_bind(); });
  events.ready({endpoint.base, kubeconfig});
  ServedDatabases databases(world.postgres());
  do {
    databases.start_new(events.database, events.trouble);
  } while (!signals.within_seconds(1));
  listener.stop();
  server.stop();
  // The library would wait for idle connections as long as it keeps them. What is being answered is still
  // sent.
  shut_connections(port, SHUT_RD);
  connections.join();
  controllers.join();
  world.kubernetes().set_token_maker({});
  return {};
}

}  // namespace carbon::sandbox
