#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "engine/ports/io.h"

namespace carbon {

/// What went through a CountingDriver.
struct IoCounts {
  /// By kind: an HTTP method, or `SQL` (one a transaction). Only what a server took up: a request that it did
  /// not admit is repeated, and how often is chance. So the same work gives the same counts.
  std::map<std::string, std::uint64_t> requests;
  std::uint64_t sent = 0;      ///< bytes of bodies and statements, repeats included
  std::uint64_t received = 0;  ///< bytes of bodies and rows
};

/// What came to `after` since `before`.
[[nodiscard]] IoCounts difference(const IoCounts& after, const IoCounts& before);

/// An Io around another that counts. Time, random bytes and the loop are the inner Io's.
class CountingDriver final : public Io {
 public:
  explicit CountingDriver(Io& inner) : inner_(inner) {}
  CountingDriver(const CountingDriver&) = delete;
  CountingDriver& operator=(const CountingDriver&) = delete;

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;
  void start_sleep(Duration duration, std::function<void()> done) override;
  [[nodiscard]] std::int64_t now() override { return inner_.now(); }
  [[nodiscard]] std::int64_t wall_clock() override { return inner_.wall_clock(); }
  [[nodiscard]] std::string random(std::size_t bytes) override { return inner_.random(bytes); }
  void run(Task<void>& root) override { inner_.run(root); }

  [[nodiscard]] const IoCounts& counts() const { return counts_; }

 private:
  Io& inner_;
  IoCounts counts_;
};

}  // namespace carbon
