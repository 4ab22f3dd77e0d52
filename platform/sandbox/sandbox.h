#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ports/io.h"
#include "platform/sandbox/file_lock.h"
#include "platform/sandbox/kubernetes/server.h"
#include "platform/sandbox/kubernetes_controllers/controllers.h"
#include "platform/sandbox/postgres/postgres_servers.h"

namespace carbon::sandbox {

/// Base of the HttpEndpoint that leads to the sandbox's Kubernetes server.
inline constexpr std::string_view kubernetes_base = "sandbox://kubernetes";

/// The embedded world of one folder: a Kubernetes API server with controllers over one SQLite file, and a
/// private PostgreSQL for each server that providers name, started when it is first asked for.
///
///     world.lock     held by the process that has the world open
///     kubernetes.db  the objects
///     served         where `serve` listens, while it does
///     postgres/      see PostgresServers
///
/// One process has a world at a time; while that is `serve`, others reach it over loopback (`served()`), so
/// that kubectl can look on while carbon works. Its clock never runs backwards, although virtual time may
/// have run ahead in an earlier process. Not thread-safe.
class Sandbox {
 public:
  struct Options {
    std::string folder;           ///< made with mode 0700 if need be
    std::int64_t wall_clock = 0;  ///< real time, nanoseconds since 1970
    std::uint64_t seed = 0;       ///< of uids and generated names
    Controllers::Options controllers;
  };

  /// Waits for another process that has the world open, at most 15 seconds, or until it serves it. Errors:
  /// sandbox_failed, with the process that has it.
  [[nodiscard]] static Result<std::unique_ptr<Sandbox>> open(const Options& options);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Set when another process serves this world: all HTTP goes there, and handle() must not be called. Its
  /// name tells which process that is.
  [[nodiscard]] const std::optional<HttpEndpoint>& served() const { return served_; }
  /// For when served() does not answer: takes the world over if that process has ended, so that handle() may
  /// be called from now on. False while it is alive, or when another one was quicker.
  [[nodiscard]] bool take_over(std::int64_t wall_clock);
  /// Tells other processes that this one serves the world from now on; withdrawn when the Sandbox ends.
  [[nodiscard]] Status announce(const HttpEndpoint& endpoint);

  /// Answers in order, then lets the controllers do what is due. Everything is durable when it returns: one
  /// commit for all. `wall` is the world's time, see world_time().
  [[nodiscard]] std::vector<ApiResponse> handle(const std::vector<ApiRequest>& requests, std::int64_t wall);
  /// Lets the controllers do what is due at that time.
  void tick(std::int64_t wall);
  /// When the controllers want a tick() although nobody asks for anything.
  [[nodiscard]] std::optional<std::int64_t> next_due() const { return controllers_->next_due(); }

  /// The world's time for a real time: the same, unless the world had run ahead when it was last open.
  [[nodiscard]] std::int64_t world_time(std::int64_t real) const { return real + ahead_; }

  /// The databases. While another process serves this world, both use the same ones.
  [[nodiscard]] PostgresServers& postgres() { return postgres_; }

  [[nodiscard]] KubernetesSandbox& kubernetes() { return *kubernetes_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  ~Sandbox();

 private:
  explicit Sandbox(const Options& options);
  [[nodiscard]] Status take_world();
  [[nodiscard]] Status open_kubernetes(std::int64_t wall_clock);
  [[nodiscard]] Occasion occasion(std::int64_t wall) const { return {wall, random_}; }

  std::string folder_;
  Controllers::Options times_;
  FileLock lock_;
  bool announced_ = false;
  std::optional<HttpEndpoint> served_;
  std::function<std::uint64_t()> random_;
  std::int64_t ahead_ = 0;
  std::unique_ptr<KubernetesSandbox> kubernetes_;
  std::unique_ptr<Controllers> controllers_;
  PostgresServers postgres_;
};

}  // namespace carbon::sandbox
