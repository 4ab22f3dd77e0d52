#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/value_json.h"
#include "engine/ports/connector.h"
#include "engine/ports/io.h"

namespace carbon::test {

/// A system that keeps objects in memory, with uid, version and operation token, and preconditions as
/// Kubernetes has them. Lives longer than the connectors to it, so a test can kill the process and look
/// again.
struct MemorySystem {
  struct Object {
    Value fields;
    std::string uid;
    std::uint64_t version = 1;
    std::string token;
  };
  std::map<std::string, Object> objects;  ///< by encoded identity
  /// What it holds for other objects: by encoded identity and name.
  std::map<std::pair<std::string, std::string>, std::string> stored;
  /// What the reply to a write says once; may be empty.
  std::function<Value(const std::string& operation, const std::string& name)> told;
  std::uint64_t next = 1;
  std::vector<std::string> log;  ///< writes that took effect: `create NAME`

  /// What a test wants to go wrong: called with the operation before and after it took effect.
  enum class Fault : std::uint8_t {
    none,
    lose_request,
    lose_reply,
    late,
    refuse,
    fail_at_work,
    not_admitted
  };
  std::function<Fault(const std::string& operation, const std::string& name)> fault;
  std::function<bool(const std::string& name)> unreadable;
  /// Requests that are still on their way: their senders saw no reply.
  std::vector<std::function<void()>> on_the_way;
  void deliver() {
    for (auto& request : std::exchange(on_the_way, {})) request();
  }
  std::function<Readiness(const std::string& name)> readiness;
};

class MemoryConnector : public Connector {
 public:
  MemoryConnector(Io& io, MemorySystem& system) : io_(io), system_(system) {}

  Task<Result<TargetIdentity>> identify() override { co_return TargetIdentity{"memory", "memory-uid", "1"}; }

  Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) override {
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    std::vector<LiveObject> out;
    for (const ObjectKey& key : keys) out.push_back(live(name_of(key)));
    co_return out;
  }

  Task<std::optional<Result<Value>>> preview(WriteRequest) override { co_return std::nullopt; }

  Task<WriteOutcome> create(WriteRequest request) override {
    return write(
        "create", std::move(request),
        [](MemorySystem& system, const std::string& name, WriteRequest& wanted) {
          if (system.objects.contains(name)) return WriteOutcome::Kind::conflict;
          system.objects[name] = {wanted.desired, "u" + std::to_string(system.next++), 1, wanted.token};
          return WriteOutcome::Kind::done;
        });
  }

  Task<WriteOutcome> update(WriteRequest request) override {
    return write("update", std::move(request),
                 [](MemorySystem& system, const std::string& name, WriteRequest& wanted) {
                   auto found = system.objects.find(name);
                   if (found == system.objects.end() || found->second.uid != wanted.uid)
                     return WriteOutcome::Kind::conflict;
                   bool stale =
                       !wanted.version.empty() && wanted.version != std::to_string(found->second.version);
                   if (stale) return WriteOutcome::Kind::conflict;
                   found->second.fields = wanted.desired;
                   ++found->second.version;
                   return WriteOutcome::Kind::done;
                 });
  }

  Task<WriteOutcome> remove(WriteRequest request) override {
    return write("delete", std::move(request),
                 [](MemorySystem& system, const std::string& name, WriteRequest& wanted) {
                   auto found = system.objects.find(name);
                   if (found == system.objects.end()) return WriteOutcome::Kind::done;
                   if (!wanted.uid.empty() && wanted.uid != found->second.uid)
                     return WriteOutcome::Kind::conflict;
                   system.objects.erase(found);
                   return WriteOutcome::Kind::done;
                 });
  }

  Task<WriteOutcome> store(StoreRequest request) override {
    std::string name = name_of(request.key);
    auto fault = system_.fault ? system_.fault("store", name) : MemorySystem::Fault::none;
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    WriteOutcome outcome;
    outcome.kind = fault == MemorySystem::Fault::not_admitted ? WriteOutcome::Kind::not_admitted
                   : fault == MemorySystem::Fault::refuse     ? WriteOutcome::Kind::refused
                                                              : WriteOutcome::Kind::unknown;
    if (fault != MemorySystem::Fault::none && fault != MemorySystem::Fault::lose_reply) co_return outcome;
    if (!system_.objects.contains(name)) outcome.kind = WriteOutcome::Kind::refused;
    if (!system_.objects.contains(name)) co_return outcome;
    system_.stored[{name, request.name}] = request.content;
    if (fault == MemorySystem::Fault::none) outcome.kind = WriteOutcome::Kind::done;
    co_return outcome;
  }

  Task<Result<Readiness>> readiness(ObjectKey key) override {
    auto trip = io_.sleep({1'000'000});
    co_await trip;
    co_return system_.readiness ? system_.readiness(name_of(key)) : Readiness{};
  }

 private:
  using Effect = WriteOutcome::Kind (*)(MemorySystem&, const std::string&, WriteRequest&);

  static std::string name_of(const ObjectKey& key) { return to_json(key.identity); }

  LiveObject live(const std::string& name) {
    LiveObject out;
    if (system_.unreadable && system_.unreadable(name)) {
      out.why = Error(DiagnosticCode::unreachable, "no answer");
      return out;
    }
    out.presence = Presence::absent;
    auto found = system_.objects.find(name);
    if (found == system_.objects.end()) return out;
    out.presence = Presence::present;
    out.object = found->second.fields;
    out.uid = found->second.uid;
    out.version = std::to_string(found->second.version);
    out.token = found->second.token;
    return out;
  }

  Task<WriteOutcome> write(std::string operation, WriteRequest request, Effect effect) {
    std::string name = name_of(request.key);
    auto fault = system_.fault ? system_.fault(operation, name) : MemorySystem::Fault::none;
    auto there = io_.sleep({1'000'000});
    co_await there;
    WriteOutcome outcome;
    outcome.kind = WriteOutcome::Kind::unknown;
    if (fault == MemorySystem::Fault::lose_request) co_return outcome;
    if (fault == MemorySystem::Fault::late) {
      MemorySystem* system = &system_;
      system_.on_the_way.push_back([system, operation, name, request, effect]() mutable {
        if (effect(*system, name, request) == WriteOutcome::Kind::done)
          system->log.push_back(operation + " " + name);
      });
      co_return outcome;
    }
    if (fault == MemorySystem::Fault::refuse || fault == MemorySystem::Fault::fail_at_work) {
      outcome.kind = WriteOutcome::Kind::refused;
      outcome.began = fault == MemorySystem::Fault::fail_at_work;
      outcome.error = Error(DiagnosticCode::server_refused, "the server said no");
      co_return outcome;
    }
    if (fault == MemorySystem::Fault::not_admitted) {
      outcome.kind = WriteOutcome::Kind::not_admitted;
      co_return outcome;
    }
    WriteOutcome::Kind kind = effect(system_, name, request);
    if (kind == WriteOutcome::Kind::done) system_.log.push_back(operation + " " + name);
    auto back = io_.sleep({1'000'000});
    co_await back;
    if (fault == MemorySystem::Fault::lose_reply) co_return outcome;
    outcome.kind = kind;
    outcome.object = live(name);
    if (system_.told) outcome.told = system_.told(operation, name);
    co_return outcome;
  }

  Io& io_;
  MemorySystem& system_;
};

}  // namespace carbon::test
