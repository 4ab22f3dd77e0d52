#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "platform/io/forwarding_driver.h"

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

/// An Io around another that counts.
class CountingDriver final : public ForwardingDriver {
 public:
  explicit CountingDriver(Io& inner) : ForwardingDriver(inner) {}

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override;
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override;

  [[nodiscard]] const IoCounts& counts() const { return counts_; }

 private:
  IoCounts counts_;
};

}  // namespace carbon
