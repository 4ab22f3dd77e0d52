#include "engine/observe/observer.h"

#include <algorithm>

#include "base/task_group.h"
#include "engine/model/identity.h"
#include "engine/observe/secret_digests.h"

namespace carbon {

namespace {

/// The objects of one provider, asked together.
struct Batch {
  std::vector<Address> addresses;
  std::vector<ObjectKey> keys;
};

LiveObject nothing(Presence presence) {
  LiveObject object;
  object.presence = presence;
  return object;
}

class Observer {
 public:
  explicit Observer(const ObserveInput& input) : input_(input) {}

  Task<LiveState> run() {
    collect_declared();
    collect_orphans();
    TaskGroup group;
    for (auto& [provider, batch] : batches_) group.spawn(ask(provider, &batch));
    auto all = group.all();
    co_await all;
    digest_secrets(input_, live_);
    co_return std::move(live_);
  }

 private:
  void collect_declared() {
    for (const Resource& resource : input_.graph.resources()) {
      Value identity = identity_value(*resource.type, resource.desired);
      const Address& provider = input_.graph.providers()[resource.provider].address;
      add(resource.address, provider, {resource.type, std::move(identity)});
    }
  }

  /// Owned objects whose block is gone. One whose provider or type is gone too is the planner's to report.
  void collect_orphans() {
    for (const auto& [address, entry] : input_.inventory.entries) {
      if (input_.graph.find(address) != ResourceGraph::npos) continue;
      const ResourceType* type = input_.types.find(entry.type);
      if (type != nullptr) add(address, entry.provider, {type, entry.identity});
    }
  }

  void add(const Address& address, const Address& provider, ObjectKey key) {
    if (auto broken = input_.broken.find(provider); broken != input_.broken.end()) {
      LiveObject object = nothing(Presence::unknown);
      object.why = broken->second;
      live_.objects[address] = std::move(object);
    } else if (!input_.connectors.contains(provider) || key.identity.contains_unknown()) {
      live_.objects[address] = nothing(Presence::later);
    } else {
      Batch& batch = batches_[provider];
      batch.addresses.push_back(address);
      batch.keys.push_back(std::move(key));
    }
  }

  Task<void> ask(Address provider, Batch* batch) {
    Connector* connector = input_.connectors.at(provider).get();
    auto identifying = connector->identify();
    Result<TargetIdentity> target = co_await identifying;
    if (!target) {
      for (const Address& address : batch->addresses) {
        LiveObject object = nothing(Presence::unknown);
        object.why = target.error();
        live_.objects[address] = std::move(object);
      }
      co_return;
    }
    live_.targets[provider] = std::move(*target);
    std::vector<ObjectKey> keys = batch->keys;
    auto observing = connector->observe(std::move(keys));
    std::vector<LiveObject> objects = co_await observing;
    for (std::size_t i = 0; i < objects.size(); ++i)
      live_.objects[batch->addresses[i]] = std::move(objects[i]);
  }

  const ObserveInput& input_;
  std::map<Address, Batch> batches_;
  LiveState live_;
};

}  // namespace

Task<LiveState> observe(const ObserveInput* input) {
  Observer observer(*input);
  auto running = observer.run();
  co_return co_await running;
}

}  // namespace carbon
