#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value_json.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"

namespace carbon::test {

/// A connector that answers from a table and remembers what it was asked; it never writes. Every answer takes
/// a millisecond of simulated time, so that requests to several connectors overlap.
class RecordedConnector : public Connector {
 public:
  explicit RecordedConnector(Io& io, std::string uid = "target-1") : io_(io), uid_(std::move(uid)) {}

  std::map<std::string, LiveObject> objects;      ///< by the JSON of the identity; others are absent
  std::map<std::string, Result<Value>> previews;  ///< by the same
  std::optional<Error> silent;                    ///< why the server does not say who it is
  std::size_t longest_answer = SIZE_MAX;          ///< a server that answers short
  std::vector<std::string> asked;
  std::vector<WriteRequest> previewed;
  std::size_t calls = 0;

  Task<Result<TargetIdentity>> identify() override {
    ++calls;
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    if (silent) co_return fail(*silent);
    co_return TargetIdentity{"https://" + uid_, uid_, "v1"};
  }

  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override {
    ++calls;
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    std::vector<LiveObject> out;
    for (const ObjectKey& key : keys) {
      if (out.size() == longest_answer) break;
      std::string name = to_json(key.identity);
      asked.push_back(name);
      LiveObject absent;
      absent.presence = Presence::absent;
      auto found = objects.find(name);
      out.push_back(found == objects.end() ? absent : found->second);
    }
    co_return out;
  }

  Task<std::optional<Result<Value>>> preview(WriteRequest request) override {
    ++calls;
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    auto found = previews.find(to_json(request.key.identity));
    previewed.push_back(std::move(request));
    if (found == previews.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<WriteOutcome> create(WriteRequest) override { co_return WriteOutcome{}; }
  Task<WriteOutcome> update(WriteRequest) override { co_return WriteOutcome{}; }
  Task<WriteOutcome> remove(WriteRequest) override { co_return WriteOutcome{}; }
  Task<Result<Readiness>> readiness(ObjectKey) override { co_return Readiness{}; }

 private:
  Io& io_;
  std::string uid_;
};

}  // namespace carbon::test
