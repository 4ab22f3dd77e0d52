#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/simulated_io.h"

namespace carbon::test {

/// A simulated Io whose HTTP and SQL replies come from functions of the test. Remembers what was asked.
class ScriptedIo : public SimulatedIo {
 public:
  using Answer = std::function<HttpReply(const HttpRequest&)>;
  using SqlAnswer = std::function<SqlReply(const SqlRequest&)>;

  explicit ScriptedIo(Answer answer, SqlAnswer sql_answer = {})
      : answer_(std::move(answer)), sql_answer_(std::move(sql_answer)) {}

  void start_http(const HttpEndpoint&, HttpRequest request, Done<HttpReply> done) override {
    requests.push_back(request);
    at(1'000'000, [reply = answer_(request), done = std::move(done)] { done(reply); });
  }
  void start_sql(const SqlEndpoint&, SqlRequest request, Done<SqlReply> done) override {
    sql_requests.push_back(request);
    at(1'000'000, [reply = sql_answer_(request), done = std::move(done)] { done(reply); });
  }

  /// Runs a task of any result to its end.
  template <class T>
  T result_of(Task<T> task) {
    std::optional<T> result;
    Task<void> root = keep(std::move(task), &result);
    run(root);
    return std::move(*result);
  }

  std::vector<HttpRequest> requests;
  std::vector<SqlRequest> sql_requests;

 private:
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>* into) {
    T result = co_await task;
    into->emplace(std::move(result));
  }

  Answer answer_;
  SqlAnswer sql_answer_;
};

/// The reply of an exchange that `tests/real/record` wrote down, by the beginning of its file name (`302-`).
[[nodiscard]] HttpReply recorded_reply(std::string_view number);

/// A reply with a JSON body.
[[nodiscard]] HttpReply json_reply(int status, std::string body);

}  // namespace carbon::test
