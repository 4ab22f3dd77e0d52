#include "platform/sandbox/sandbox.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"

namespace carbon::sandbox {

namespace {

Status make_folder(const std::string& folder) {
  std::error_code error;
  bool made = std::filesystem::create_directories(folder, error);
  if (made) ::chmod(folder.c_str(), 0700);
  if (!error) return {};
  return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: {}", folder, error.message()));
}

/// What the serving process wrote; nothing when nobody serves.
std::optional<HttpEndpoint> read_announcement(const std::string& path, const std::string& process) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  if (content.str().empty()) return std::nullopt;
  auto read = parse_json(content.str());
  if (!read) return std::nullopt;
  HttpEndpoint endpoint;
  endpoint.base = text_at(*read, {"server"});
  endpoint.name = fmt::format("{} (the sandbox that {} serves)", endpoint.base, process);
  endpoint.bearer_token = text_at(*read, {"token"});
  endpoint.ca_pem = text_at(*read, {"ca"});
  return endpoint;
}

/// The latest time that stands in the last objects that were written.
std::int64_t last_write_time(KubernetesSandbox& kubernetes) {
  auto last = kubernetes.store().at(kubernetes.revision());
  if (!last) return 0;
  auto object = parse_json(last->json);
  if (!object) return 0;
  std::int64_t latest = time_of(text_at(*object, {"metadata", "creationTimestamp"})).value_or(0);
  for (const Value& writer : items_at(*object, {"metadata", "managedFields"})) {
    latest = std::max(latest, time_of(text_at(writer, {"time"})).value_or(0));
  }
  return latest;
}

}  // namespace

Sandbox::Sandbox(const Options& options)
    : folder_(options.folder), times_(options.controllers), postgres_(options.folder + "/postgres") {
  auto generator = std::make_shared<std::mt19937_64>(options.seed);
  random_ = [generator] { return (*generator)(); };
}

Sandbox::~Sandbox() {
  if (announced_) ::unlink((folder_ + "/served").c_str());
}

Result<std::unique_ptr<Sandbox>> Sandbox::open(const Options& options) {
  CARBON_CHECK(make_folder(options.folder));
  std::unique_ptr<Sandbox> world(new Sandbox(options));
  CARBON_CHECK(world->take_world());
  if (world->served_) return world;
  CARBON_CHECK(world->open_kubernetes(options.wall_clock));
  return world;
}

Status Sandbox::take_world() {
  std::string path = folder_ + "/world.lock";
  constexpr int rounds = 3000;
  constexpr useconds_t pause = 5000;
  for (int round = 0; round < rounds; ++round) {
    lock_ = CARBON_TRY(FileLock::attempt(path, FileLock::Kind::exclusive));
    if (lock_.held()) return {};
    served_ = read_announcement(folder_ + "/served", FileLock::holder(path));
    if (served_) return {};
    ::usleep(pause);
  }
  return fail(
      Error(DiagnosticCode::sandbox_failed, fmt::format("{} has the sandbox open", FileLock::holder(path)))
          .note(fmt::format("the sandbox is {}", folder_))
          .help("wait until it has ended; a sandbox that `carbon sandbox serve` has open can be used "
                "meanwhile"));
}

bool Sandbox::take_over(std::int64_t wall_clock) {
  auto lock = FileLock::attempt(folder_ + "/world.lock", FileLock::Kind::exclusive);
  if (!lock || !lock->held()) return false;
  lock_ = *std::move(lock);
  if (!open_kubernetes(wall_clock)) return false;
  served_.reset();
  return true;
}

Status Sandbox::open_kubernetes(std::int64_t wall_clock) {
  // Whoever left an announcement behind was killed: the lock would be held otherwise.
  ::unlink((folder_ + "/served").c_str());
  // Made here, since SQLite would let others read it: there are Secrets in it.
  std::string path = folder_ + "/kubernetes.db";
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: {}", path, std::strerror(errno)));
  ::close(file);
  kubernetes_ = CARBON_TRY(KubernetesSandbox::open(path, occasion(wall_clock)));
  ahead_ = std::max<std::int64_t>(0, last_write_time(*kubernetes_) - wall_clock);
  controllers_ = std::make_unique<Controllers>(*kubernetes_, times_);
  return {};
}

Status Sandbox::announce(const HttpEndpoint& endpoint) {
  std::string path = folder_ + "/served";
  std::string text = to_json(fields({{"server", Value::string(endpoint.base)},
                                     {"token", Value::string(endpoint.bearer_token)},
                                     {"ca", Value::string(endpoint.ca_pem)}}));
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  announced_ = file >= 0;
  bool written = announced_ && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  std::string why = std::strerror(errno);
  if (announced_) ::close(file);
  if (written) return {};
  return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: {}", path, why));
}

std::vector<ApiResponse> Sandbox::handle(const std::vector<ApiRequest>& requests, std::int64_t wall) {
  Occasion now = occasion(wall);
  std::int64_t before = kubernetes_->revision();
  std::vector<ApiResponse> responses;
  kubernetes_->begin();
  for (const ApiRequest& request : requests) responses.push_back(kubernetes_->handle(request, now));
  // Readers alone give the controllers nothing to do, and a plan only reads.
  if (kubernetes_->revision() != before) controllers_->tick(now);
  Status durable = kubernetes_->commit();
  if (durable) return responses;
  ApiResponse lost;
  lost.status = 500;
  lost.body = to_json(plain_error(durable.error().message()).to_value());
  return std::vector<ApiResponse>(requests.size(), lost);
}

void Sandbox::tick(std::int64_t wall) {
  kubernetes_->begin();
  controllers_->tick(occasion(wall));
  // Nobody waits for this; a disk that is full is reported by the next request, whose commit fails too.
  (void)kubernetes_->commit();
}

}  // namespace carbon::sandbox
