#include "platform/store/shared_cluster.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

#include "base/base64.h"
#include "base/value_json.h"
#include "engine/ports/run_on.h"

namespace carbon {

namespace {

/// Of what a write answers only this is looked at, and a part of a log is large.
constexpr const char* metadata_only =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

Task<HttpReply> reading(KubernetesClient* client, std::string target) {
  auto asked = client->read(std::move(target));
  co_return co_await asked;
}

Task<HttpReply> writing(KubernetesClient* client, std::string method, std::string target, std::string type,
                        std::string body) {
  auto asked =
      client->write(std::move(method), std::move(target), std::move(type), std::move(body), metadata_only);
  co_return co_await asked;
}

/// The words of the API machinery's Status, or of whoever answered.
std::string said(const HttpReply& reply) {
  if (reply.status == 0) return reply.failure;
  auto json = parse_json(reply.body);
  const Value* message = json ? json->find("message") : nullptr;
  if (message != nullptr && message->is_string()) return std::string(message->text());
  return fmt::format("HTTP status {}", reply.status);
}

}  // namespace

ClusterSession::ClusterSession(SharedCluster cluster, Duration timeout)
    : cluster_(std::move(cluster)),
      io_(cluster_.make_io()),
      client_(*io_, cluster_.access.endpoint, cluster_.access.login) {
  client_.set_timeout(timeout);
}

HttpReply ClusterSession::read(std::string target) {
  return run_on(*io_, reading(&client_, std::move(target)));
}

HttpReply ClusterSession::write(std::string method, std::string target, std::string body) {
  return run_on(*io_,
                writing(&client_, std::move(method), std::move(target), "application/json", std::move(body)));
}

HttpReply ClusterSession::merge(std::string target, std::string body) {
  return run_on(
      *io_, writing(&client_, "PATCH", std::move(target), "application/merge-patch+json", std::move(body)));
}

Error ClusterSession::failure(const HttpReply& reply) const {
  Error error(DiagnosticCode::inventory_unreachable,
              fmt::format("the inventory in {} cannot be {}: {}", cluster_.place(),
                          reply.status == 0 ? "reached" : "used", said(reply)));
  bool unknown = reply.status == 0 && reply.sent;
  if (unknown)
    error = std::move(error).note("whether the last write took place is not known; the next run settles it");
  return std::move(error).help(
      "check the provider that `inventory kubernetes` names, that its namespace is there, and the rights in "
      "it");
}

Status ClusterSession::check_uid() {
  if (cluster_.uids.empty()) return {};
  HttpReply reply = read("/api/v1/namespaces/kube-system");
  auto json = parse_json(reply.body);
  if (reply.status != 200 || !json) return fail(failure(reply));
  const Value* metadata = json->find("metadata");
  const Value* uid = metadata == nullptr ? nullptr : metadata->find("uid");
  std::string found = uid != nullptr && uid->is_string() ? std::string(uid->text()) : "";
  if (std::ranges::find(cluster_.uids, found) != cluster_.uids.end()) return {};
  return fail(
      Error(DiagnosticCode::wrong_target,
            fmt::format("the inventory is kept in another cluster than {}", cluster_.access.endpoint.name))
          .note(fmt::format("{} has the uid {}", cluster_.access.endpoint.name, found))
          .note(fmt::format("expected is {}", fmt::join(cluster_.uids, ", ")))
          .help("choose the right context, or another environment"));
}

std::string ClusterSession::configmaps() const {
  return "/api/v1/namespaces/" + cluster_.name_space + "/configmaps";
}

std::string ClusterSession::secrets() const {
  return "/api/v1/namespaces/" + cluster_.name_space + "/secrets";
}

std::string ClusterSession::leases() const {
  return "/apis/coordination.k8s.io/v1/namespaces/" + cluster_.name_space + "/leases";
}

std::string inventory_key(const std::string& store) {
  constexpr std::size_t longest = 63;  // of a label's value
  constexpr std::size_t digits = 8;
  std::string key = store;
  for (char& c : key) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (!plain) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : '-';
  }
  // Each part between dots begins and ends with a letter or a digit.
  auto edge = [&](std::size_t at) { return at >= key.size() || key[at] == '.'; };
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] == '-' && (i == 0 || edge(i - 1) || edge(i + 1))) key[i] = 'x';
  }
  if (key == store && key.size() <= longest) return key;
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  ::SHA256(reinterpret_cast<const unsigned char*>(store.data()), store.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
  key.resize(std::min(key.size(), longest - digits - 1));
  while (!key.empty() && (key.back() == '.' || key.back() == '-')) key.pop_back();
  return key + "-" + hex_encode(hash).substr(0, digits);
}

}  // namespace carbon
