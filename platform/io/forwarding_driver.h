#pragma once

#include <functional>
#include <string>
#include <utility>

#include "engine/ports/io.h"

namespace carbon {

/// An Io around another that hands everything on: the base of those that do something with a part of it.
/// Time, random bytes and the loop are always the inner Io's.
class ForwardingDriver : public Io {
 public:
  explicit ForwardingDriver(Io& inner) : inner_(inner) {}
  ForwardingDriver(const ForwardingDriver&) = delete;
  ForwardingDriver& operator=(const ForwardingDriver&) = delete;

  void start_http(const HttpEndpoint& endpoint, HttpRequest request, Done<HttpReply> done) override {
    inner_.start_http(endpoint, std::move(request), std::move(done));
  }
  void start_sql(const SqlEndpoint& endpoint, SqlRequest request, Done<SqlReply> done) override {
    inner_.start_sql(endpoint, std::move(request), std::move(done));
  }
  void start_sleep(Duration duration, std::function<void()> done) final {
    inner_.start_sleep(duration, std::move(done));
  }
  void start_process(ProcessRequest request, Done<ProcessReply> done) final {
    inner_.start_process(std::move(request), std::move(done));
  }
  [[nodiscard]] std::int64_t now() final { return inner_.now(); }
  [[nodiscard]] std::int64_t wall_clock() final { return inner_.wall_clock(); }
  [[nodiscard]] std::string random(std::size_t bytes) final { return inner_.random(bytes); }
  void run(Task<void>& root) final { inner_.run(root); }

 protected:
  [[nodiscard]] Io& inner() const { return inner_; }

 private:
  Io& inner_;
};

}  // namespace carbon
