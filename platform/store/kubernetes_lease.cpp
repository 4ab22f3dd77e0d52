#include "platform/store/kubernetes_lease.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/rfc3339.h"

namespace carbon {

namespace {

constexpr std::int64_t nanoseconds_of_second = 1'000'000'000;
/// Between the clocks of several API servers, and for what is cut off a time.
constexpr std::int64_t clock_slack = 10 * nanoseconds_of_second;
constexpr const char* holder_annotation = "carbon.dev/holder";

std::int64_t lease_seconds_up() {
  return (Lease::length().nanoseconds + nanoseconds_of_second - 1) / nanoseconds_of_second;
}

/// MicroTime of the API machinery.
std::string micro_time() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000)),
                     micros % 1'000'000);
}

const Value* inside(const Value* value, std::string_view name) {
  return value == nullptr ? nullptr : value->find(name);
}

std::string text_of(const Value* value) {
  return value != nullptr && value->is_string() ? std::string(value->text()) : std::string();
}

std::int64_t number_of(const Value* value) {
  return value != nullptr && value->kind() == ValueKind::integer ? value->as_int() : 0;
}

/// RFC 9110, section 5.6.7: the form that servers send. Nanoseconds since 1970.
std::optional<std::int64_t> http_date(const HttpReply& reply) {
  const std::string* date = reply.header("date");
  std::tm parts{};
  if (date == nullptr || ::strptime(date->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr)
    return std::nullopt;
  return static_cast<std::int64_t>(::timegm(&parts)) * nanoseconds_of_second;
}

/// When the server saw it written last.
std::optional<std::int64_t> written_at(const Value* metadata) {
  const Value* managers = inside(metadata, "managedFields");
  std::optional<std::int64_t> newest;
  if (managers == nullptr || managers->kind() != ValueKind::list) return newest;
  for (const Value& manager : managers->items()) {
    auto time = parse_rfc3339(text_of(manager.find("time")));
    if (time && (!newest || *time > *newest)) newest = time;
  }
  return newest;
}

std::string spec_of(const LockHolder& holder, std::int64_t epoch) {
  std::string now = micro_time();
  return fmt::format(
      R"("spec":{{"holderIdentity":{},"leaseDurationSeconds":{},"leaseTransitions":{},"acquireTime":"{}","renewTime":"{}"}})",
      json_quote(fmt::format("{} carbon {}", holder.by, holder.command)), lease_seconds_up(), epoch, now,
      now);
}

std::string annotations_of(const LockHolder& holder) {
  return fmt::format(R"("annotations":{{"{}":{}}})", holder_annotation, json_quote(encode_holder(holder)));
}

}  // namespace

Result<std::optional<KubernetesLease::Seen>> KubernetesLease::look() {
  HttpReply reply = session_.read(path());
  if (reply.status == 404) return std::optional<Seen>();
  auto json = parse_json(reply.body);
  if (reply.status != 200 || !json) return fail(session_.failure(reply));
  const Value* metadata = json->find("metadata");
  const Value* spec = json->find("spec");
  Seen seen;
  seen.version = text_of(inside(metadata, "resourceVersion"));
  seen.epoch = fmt::format("{}", number_of(inside(spec, "leaseTransitions")));
  seen.identity = text_of(inside(spec, "holderIdentity"));
  seen.holder = text_of(inside(inside(metadata, "annotations"), holder_annotation));
  seen.seconds = number_of(inside(spec, "leaseDurationSeconds"));
  auto now = http_date(reply);
  auto written = written_at(metadata);
  if (now && written) seen.age = std::max<std::int64_t>(0, *now - *written);
  return std::optional<Seen>(std::move(seen));
}

bool KubernetesLease::expired(const Seen& seen) {
  std::int64_t length = seen.seconds * nanoseconds_of_second;
  if (seen.age && *seen.age > length + clock_slack) return true;
  if (watched_ != seen.version) {
    watched_ = seen.version;
    watched_since_ = boot_time();
  }
  return boot_time() - watched_since_ > length;
}

Result<bool> KubernetesLease::patch(const std::string& version, const std::string& fields) {
  HttpReply reply = session_.merge(path(), fields);
  if (reply.status == 409 || reply.status == 404) return false;
  auto json = parse_json(reply.body);
  if (reply.status != 200 || !json) return fail(session_.failure(reply));
  version_ = text_of(inside(json->find("metadata"), "resourceVersion"));
  if (version_.empty()) version_ = version;
  return true;
}

Result<std::optional<std::string>> KubernetesLease::take(const LockHolder& holder, const std::string& dead) {
  auto seen = CARBON_TRY(look());
  if (!seen) {
    HttpReply reply = session_.write(
        "POST", session_.leases(),
        fmt::format(
            R"({{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{{"name":"carbon-{0}","labels":{{"{1}":"{0}","app.kubernetes.io/managed-by":"carbon"}},{2}}},{3}}})",
            key_, inventory_label, annotations_of(holder), spec_of(holder, 1)));
    if (reply.status == 409) return std::optional<std::string>();
    auto json = parse_json(reply.body);
    if (reply.status != 201 || !json) return fail(session_.failure(reply));
    version_ = text_of(inside(json->find("metadata"), "resourceVersion"));
    return std::optional<std::string>("1");
  }
  bool held = !seen->identity.empty() && seen->epoch != dead && !expired(*seen);
  if (held) return std::optional<std::string>();
  std::int64_t epoch = std::strtoll(seen->epoch.c_str(), nullptr, 10) + 1;
  bool taken = CARBON_TRY(
      patch(seen->version, fmt::format(R"({{"metadata":{{"resourceVersion":"{}",{}}},{}}})", seen->version,
                                       annotations_of(holder), spec_of(holder, epoch))));
  if (!taken) return std::optional<std::string>();
  return std::optional<std::string>(fmt::format("{}", epoch));
}

Result<LockState> KubernetesLease::state() {
  LockState state;
  state.place = fmt::format("{}, lease of {}", session_.cluster().place(), store_);
  auto seen = CARBON_TRY(look());
  if (!seen || seen->identity.empty() || expired(*seen)) return state;
  state.held = true;
  state.epoch = seen->epoch;
  state.holder = decode_holder(seen->holder.empty() ? seen->identity : seen->holder);
  std::int64_t left = seen->seconds - seen->age.value_or(0) / nanoseconds_of_second;
  state.expires_in = std::max<std::int64_t>(left, 0);
  state.lives = lives_here(state.holder);
  return state;
}

Result<bool> KubernetesLease::renew(const std::string& epoch) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    bool renewed = CARBON_TRY(patch(
        version_, fmt::format(R"({{"metadata":{{"resourceVersion":"{}"}},"spec":{{"renewTime":"{}"}}}})",
                              version_, micro_time())));
    if (renewed) return true;
    // Somebody wrote it: another holder, or a person beside it.
    auto seen = CARBON_TRY(look());
    if (!seen || seen->epoch != epoch || seen->identity.empty()) return false;
    version_ = seen->version;
  }
  return fail(DiagnosticCode::inventory_unreachable, "the Lease is written to all the time");
}

void KubernetesLease::let_go(const std::string& epoch) {
  auto seen = look();
  if (!seen || !*seen || (*seen)->epoch != epoch) return;
  (void)patch(
      (*seen)->version,
      fmt::format(
          R"({{"metadata":{{"resourceVersion":"{}","annotations":{{"{}":null}}}},"spec":{{"holderIdentity":null}}}})",
          (*seen)->version, holder_annotation));
}

void KubernetesLease::describe(const LockHolder& holder, const std::string& epoch) {
  auto seen = look();
  if (!seen || !*seen || (*seen)->epoch != epoch) return;
  (void)patch((*seen)->version, fmt::format(R"({{"metadata":{{"resourceVersion":"{}",{}}}}})",
                                            (*seen)->version, annotations_of(holder)));
}

Result<bool> KubernetesLease::take_away(const std::string& epoch) {
  auto seen = CARBON_TRY(look());
  if (!seen || seen->epoch != epoch) return false;
  return patch(
      seen->version,
      fmt::format(
          R"({{"metadata":{{"resourceVersion":"{}","annotations":{{"{}":null}}}},"spec":{{"holderIdentity":null,"leaseTransitions":{}}}}})",
          seen->version, holder_annotation, std::strtoll(epoch.c_str(), nullptr, 10) + 1));
}

}  // namespace carbon
