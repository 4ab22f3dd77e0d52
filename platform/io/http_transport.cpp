#include "platform/io/http_transport.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "base/trim.h"

namespace carbon {

namespace {

constexpr std::size_t max_header_bytes = std::size_t{1} << 20;
constexpr long connect_timeout_ms = 10'000;
constexpr long connections_an_endpoint = 32;

/// Base of an endpoint, taken apart.
struct Origin {
  bool plain = false;
  std::string host;
  std::string port;
  std::string path;  ///< what stands before every target; a proxy in front of an API server has one
};

std::optional<Origin> take_apart(std::string_view base) {
  Origin origin;
  if (base.starts_with("http://")) {
    origin.plain = true;
    base.remove_prefix(7);
  } else if (base.starts_with("https://")) {
    base.remove_prefix(8);
  } else {
    return std::nullopt;
  }
  if (auto slash = base.find('/'); slash != std::string_view::npos) {
    origin.path = base.substr(slash);
    base = base.substr(0, slash);
  }
  if (base.empty() || base.find_first_of("@?# \\") != std::string_view::npos) return std::nullopt;
  std::size_t colon = base.front() == '[' ? base.find("]:") : base.rfind(':');
  if (colon != std::string_view::npos) {
    std::size_t digits = base.front() == '[' ? colon + 2 : colon + 1;
    origin.port = base.substr(digits);
    base = base.substr(0, digits - 1);
  }
  if (origin.port.empty()) origin.port = origin.plain ? "80" : "443";
  origin.host = base;
  return origin;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

/// Why a request must not be sent, or nothing. Control characters would let data end a header or a line.
std::string objection(const HttpEndpoint& endpoint, const HttpRequest& request,
                      const std::optional<Origin>& origin) {
  if (!origin) return "`" + endpoint.base + "` is not an http or https address";
  if (origin->plain && !endpoint.plain_text_allowed && !is_loopback_host(origin->host))
    return "plain http to `" + origin->host + "` is refused: it would send credentials in clear text";
  bool spaced = request.target.find(' ') != std::string::npos;
  if (!request.target.starts_with('/') || spaced || has_control(request.target) ||
      has_control(request.method))
    return "the request target is not a valid path";
  for (const Header& header : request.headers) {
    if (has_control(header.name) || has_control(header.value)) return "a header holds control characters";
  }
  if (has_control(endpoint.bearer_token)) return "the token holds control characters";
  return {};
}

/// Proxy settings as Go's and curl's programs read them, taken once at start. ALL_PROXY is not one of them.
struct Proxies {
  std::string plain, tls, none;
  Proxies() {
    auto read = [](std::initializer_list<const char*> names) -> std::string {
      for (const char* name : names) {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
      }
      return {};
    };
    plain = read({"http_proxy"});  // upper case would be a client's Proxy header under CGI (httpoxy)
    tls = read({"HTTPS_PROXY", "https_proxy"});
    none = read({"NO_PROXY", "no_proxy"});
  }
};

/// One request on its way. Owns everything that libcurl only points at.
struct Exchange {
  CURL* easy = nullptr;
  HttpEndpoint endpoint;
  HttpRequest request;
  HttpTransport::Done done;
  HttpReply reply;
  std::string url;
  std::string connect_to;
  curl_slist* headers = nullptr;
  curl_slist* route = nullptr;
  std::size_t body_read = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
  std::array<char, CURL_ERROR_SIZE> error{};

  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() {
    curl_slist_free_all(headers);
    curl_slist_free_all(route);
  }
  void add_header(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.reply.body.size() + size * count > max_reply_bytes) {
    exchange.too_large = true;
    return 0;
  }
  exchange.reply.body.append(data, size * count);
  return size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::string_view line(data, size * count);
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > max_header_bytes) {
    exchange.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    exchange.reply.headers.clear();  // what came before belonged to an interim (1xx) reply
  } else if (auto colon = line.find(':'); colon != std::string_view::npos) {
    exchange.reply.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  }
  return line.size();
}

std::size_t on_read(char* into, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string& body = exchange.request.body;
  std::size_t length = std::min(size * count, body.size() - exchange.body_read);
  std::memcpy(into, body.data() + exchange.body_read, length);
  exchange.body_read += length;
  return length;
}

// A body is never read twice, so libcurl cannot repeat a write by itself (see the class comment).
int on_seek(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

curl_blob blob_of(std::string& pem) { return {pem.data(), pem.size(), CURL_BLOB_NOCOPY}; }

void set_tls(Exchange& exchange) {
  CURL* easy = exchange.easy;
  HttpEndpoint& endpoint = exchange.endpoint;
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!endpoint.ca_pem.empty()) {
    curl_blob ca = blob_of(endpoint.ca_pem);
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &ca);
    // The blob replaces the file of public authorities, but not Debian's folder of them.
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  if (!endpoint.client_certificate_pem.empty()) {
    curl_blob certificate = blob_of(endpoint.client_certificate_pem);
    curl_blob key = blob_of(endpoint.client_key_pem);
    curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &certificate);
    curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &key);
  }
}

void set_route(Exchange& exchange, const Origin& origin, const Proxies& proxies) {
  CURL* easy = exchange.easy;
  std::string base = exchange.endpoint.base;
  while (base.ends_with('/')) base.pop_back();
  if (const std::string& name = exchange.endpoint.server_name; !name.empty() && !origin.plain) {
    // The address names the host that the certificate must be for; the connection goes to the real one.
    base = "https://" + name + ":" + origin.port + origin.path;
    while (base.ends_with('/')) base.pop_back();
    exchange.connect_to = name + ":" + origin.port + ":" + origin.host + ":" + origin.port;
    exchange.route = curl_slist_append(nullptr, exchange.connect_to.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, exchange.route);
    exchange.add_header("Host: " + origin.host + ":" + origin.port);
  }
  exchange.url = base + exchange.request.target;
  curl_easy_setopt(easy, CURLOPT_URL, exchange.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  bool loopback = is_loopback_host(origin.host);
  const std::string& proxy = origin.plain ? proxies.plain : proxies.tls;
  curl_easy_setopt(easy, CURLOPT_PROXY, loopback ? "" : proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, proxies.none.c_str());
  // Compression costs more than it saves where no network is in between.
  if (!loopback) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  auto version = origin.plain ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS;
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(version));
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);  // share one HTTP/2 connection, do not open one a request
}

void set_request(Exchange& exchange) {
  CURL* easy = exchange.easy;
  const HttpRequest& request = exchange.request;
  for (const Header& header : request.headers) exchange.add_header(header.name + ": " + header.value);
  if (const std::string& token = exchange.endpoint.bearer_token; !token.empty())
    exchange.add_header("Authorization: Bearer " + token);
  exchange.add_header("Expect:");  // no pause for 100-continue
  if (!request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
  }
  // libcurl repeats what has no body when a connection that was used before ends without a reply. A look or a
  // delete may come twice.
  bool may_come_twice = request.method == "GET" || request.method == "HEAD" || request.method == "DELETE";
  if (request.body.empty() && !may_come_twice) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange.headers);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "carbon");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.error.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &exchange);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  auto timeout = static_cast<long>(std::max<std::int64_t>(1, request.timeout.nanoseconds / 1'000'000));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, connect_timeout_ms));
}

HttpReply::Cause tls_or_reset(const Exchange& exchange, HttpReply::Cause otherwise) {
  // Under TLS 1.3 a server tells that it refuses the client's certificate only after the handshake.
  std::string_view error(exchange.error.data());
  if (error.find("alert") != std::string_view::npos) return HttpReply::Cause::tls;
  // What libcurl and OpenSSL say of a server that went away between TCP's handshake and the end of TLS's.
  static constexpr std::array<std::string_view, 5> losses{
      "SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof", "getpeername() failed", "Broken pipe"};
  bool lost = std::ranges::any_of(
      losses, [&](std::string_view loss) { return error.find(loss) != std::string_view::npos; });
  return lost ? HttpReply::Cause::reset : otherwise;
}

HttpReply::Cause cause_of(const Exchange& exchange, CURLcode code) {
  using Cause = HttpReply::Cause;
  static const std::map<CURLcode, Cause> causes = {
      // libcurl does not always keep the errno: a host without a route counts as refused too.
      {CURLE_COULDNT_CONNECT, Cause::refused},
      {CURLE_COULDNT_RESOLVE_HOST, Cause::dns},
      {CURLE_COULDNT_RESOLVE_PROXY, Cause::dns},
      {CURLE_OPERATION_TIMEDOUT, Cause::timeout},
      {CURLE_PEER_FAILED_VERIFICATION, Cause::tls},
      {CURLE_SSL_CERTPROBLEM, Cause::tls},
      {CURLE_SSL_CIPHER, Cause::tls},
      {CURLE_SSL_CACERT_BADFILE, Cause::tls},
      {CURLE_SSL_ISSUER_ERROR, Cause::tls},
      {CURLE_SSL_INVALIDCERTSTATUS, Cause::tls},
      {CURLE_SSL_PINNEDPUBKEYNOTMATCH, Cause::tls},
      {CURLE_GOT_NOTHING, Cause::reset},
      {CURLE_PARTIAL_FILE, Cause::reset},
      {CURLE_HTTP2, Cause::reset},
      {CURLE_HTTP2_STREAM, Cause::reset},
      {CURLE_SEND_FAIL_REWIND, Cause::reset},
  };
  if (code == CURLE_SSL_CONNECT_ERROR) return tls_or_reset(exchange, Cause::tls);
  if (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR) return tls_or_reset(exchange, Cause::reset);
  auto found = causes.find(code);
  return found == causes.end() ? Cause::other : found->second;
}

void finish(Exchange& exchange, CURLcode code) {
  HttpReply& reply = exchange.reply;
  long request_bytes = 0;
  curl_easy_getinfo(exchange.easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  reply.sent = request_bytes > 0 || exchange.body_read > 0;
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return;
  }
  reply.cause = cause_of(exchange, code);
  reply.failure = exchange.error[0] != '\0' ? exchange.error.data() : curl_easy_strerror(code);
  if (exchange.too_large) reply.failure = "the reply is larger than 64 MiB";
  if (code == CURLE_SEND_FAIL_REWIND) reply.failure = "the connection was lost while the request was sent";
  reply.headers.clear();
  reply.body.clear();
}

void poll_only(std::vector<WaitedDescriptor>& others, int milliseconds) {
  std::vector<pollfd> descriptors;
  descriptors.reserve(others.size());
  for (const WaitedDescriptor& other : others) {
    auto events = (other.read ? POLLIN : 0) | (other.write ? POLLOUT : 0);
    descriptors.push_back({other.fd, static_cast<short>(events), 0});
  }
  ::poll(descriptors.data(), descriptors.size(), milliseconds);
  for (std::size_t i = 0; i < others.size(); ++i) others[i].ready = descriptors[i].revents != 0;
}

void poll_with(CURLM* multi, std::vector<WaitedDescriptor>& others, int milliseconds) {
  std::vector<curl_waitfd> descriptors;
  descriptors.reserve(others.size());
  for (const WaitedDescriptor& other : others) {
    auto events = (other.read ? CURL_WAIT_POLLIN : 0) | (other.write ? CURL_WAIT_POLLOUT : 0);
    descriptors.push_back({other.fd, static_cast<short>(events), 0});
  }
  curl_multi_poll(multi, descriptors.data(), static_cast<unsigned>(descriptors.size()), milliseconds,
                  nullptr);
  for (std::size_t i = 0; i < others.size(); ++i) others[i].ready = descriptors[i].revents != 0;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  std::string name(host);
  if (name.size() > 2 && name.front() == '[') name = name.substr(1, name.size() - 2);
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, name.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return name == "localhost" || name.ends_with(".localhost");
}

/// Made with the first request: a process that sends none does not even load libcurl.
struct HttpTransport::State {
  CURLM* multi = nullptr;
  Proxies proxies;
  std::map<Exchange*, std::unique_ptr<Exchange>> running;
  std::vector<CURL*> idle;

  State() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(started);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections_an_endpoint);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (auto& [key, exchange] : running) {
      curl_multi_remove_handle(multi, exchange->easy);
      curl_easy_cleanup(exchange->easy);
    }
    for (CURL* easy : idle) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  CURL* take_easy() {
    if (idle.empty()) return curl_easy_init();
    CURL* easy = idle.back();
    idle.pop_back();
    curl_easy_reset(easy);
    return easy;
  }
};

HttpTransport::HttpTransport() = default;
HttpTransport::~HttpTransport() = default;

void HttpTransport::start(const HttpEndpoint& endpoint, HttpRequest request, Done done) {
  std::optional<Origin> origin = take_apart(endpoint.base);
  if (std::string why = objection(endpoint, request, origin); !why.empty()) {
    HttpReply reply;
    reply.failure = std::move(why);
    reply.cause = HttpReply::Cause::other;
    early_.push_back(
        [done = std::move(done), reply = std::move(reply)]() mutable { done(std::move(reply)); });
    return;
  }
  if (state_ == nullptr) state_ = std::make_unique<State>();
  auto made = std::make_unique<Exchange>();
  Exchange& exchange = *made;
  exchange.easy = state_->take_easy();
  exchange.endpoint = endpoint;
  exchange.request = std::move(request);
  exchange.done = std::move(done);
  set_tls(exchange);
  set_route(exchange, *origin, state_->proxies);
  set_request(exchange);
  state_->running.emplace(&exchange, std::move(made));
  curl_multi_add_handle(state_->multi, exchange.easy);
}

void HttpTransport::wait(std::vector<WaitedDescriptor>& others, Duration at_most) {
  if (!early_.empty()) at_most = Duration{0};
  // Rounded up: a wait that ends a fraction early would spin until the time has come.
  auto milliseconds = static_cast<int>((at_most.nanoseconds + 999'999) / 1'000'000);
  // libcurl 7.88 may hold what came for one stream of a shared connection while it waits for the socket,
  // which has nothing more to say: a reply was a second late. So it is asked again soon, as long as a reply
  // is owed.
  constexpr int soon = 5;
  if (state_ != nullptr && !state_->running.empty()) milliseconds = std::min(milliseconds, soon);
  others.push_back({wakeup_.descriptor(), true, false, false});
  state_ == nullptr ? poll_only(others, milliseconds) : poll_with(state_->multi, others, milliseconds);
  if (others.back().ready) wakeup_.clear();
  others.pop_back();
}

void HttpTransport::wake() { wakeup_.wake(); }

void HttpTransport::collect(Completions& out) {
  for (auto& each : early_) out.push_back(std::move(each));
  early_.clear();
  if (state_ == nullptr) return;
  int running = 0;
  curl_multi_perform(state_->multi, &running);
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(state_->multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* user = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
    auto found = state_->running.find(static_cast<Exchange*>(static_cast<void*>(user)));
    Exchange& exchange = *found->second;
    CURLcode code = message->data.result;  // gone once the handle is removed
    finish(exchange, code);
    curl_multi_remove_handle(state_->multi, exchange.easy);
    state_->idle.push_back(exchange.easy);
    out.push_back([done = std::move(exchange.done), reply = std::move(exchange.reply)]() mutable {
      done(std::move(reply));
    });
    state_->running.erase(found);
  }
}

}  // namespace carbon
