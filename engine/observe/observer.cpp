#include "engine/observe/observer.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/task_group.h"
#include "engine/expr/evaluate.h"
#include "engine/model/identity.h"
#include "engine/observe/live_values.h"
#include "engine/observe/secret_digests.h"

namespace carbon {

namespace {

/// One object to read, and where what is read goes.
struct Wanted {
  Address address;
  Address provider;
  ObjectKey key;  ///< its identity may be open: of a lookup
  std::map<Address, LiveObject>* into = nullptr;
};

/// The objects of one provider, asked together.
struct Batch {
  std::vector<Wanted> wanted;
};

class Observer {
 public:
  explicit Observer(const ObserveInput& input)
      : input_(input),
        close_{input.functions,
               [this](std::string_view address, std::string_view path) {
                 return live_attribute(input_.graph, live_, address, path);
               },
               {}},
        reveal_{input.functions, close_.attribute,
                [this](const OpenTerm& leaf) { return input_.secrets.resolve(leaf); }} {}

  Task<LiveState> run() {
    collect_declared();
    collect_undeclared();
    // Each round reads what the rounds before told how to reach; each asks for at least one object more.
    while (true) {
      connect_providers();
      std::map<Address, Batch> batches = take_reachable();
      if (batches.empty()) break;
      TaskGroup group;
      for (auto& [provider, batch] : batches) group.spawn(ask(provider, &batch));
      auto all = group.all();
      co_await all;
    }
    for (Wanted& wanted : waiting_) put(wanted, Presence::later);
    for (const Resource& resource : input_.graph.resources()) {
      auto deriving = derive(&resource);
      co_await deriving;
    }
    digest_secrets(input_, live_);
    co_return std::move(live_);
  }

 private:
  void collect_declared() {
    for (const Resource& resource : input_.graph.resources()) {
      const Address& provider = input_.graph.providers()[resource.provider].address;
      Value identity = identity_value(*resource.type, resource.desired);
      auto entry = input_.inventory.entries.find(resource.address);
      bool owned = entry != input_.inventory.entries.end() && resource.mode == ResourceMode::managed;
      // The same address may name another object now: the one that it named is owned, and is read too.
      if (owned && entry->second.type == resource.type->name && !(entry->second.identity == identity))
        want(resource.address, provider, {resource.type, entry->second.identity, entry->second.uid},
             &live_.former);
      bool same = owned && entry->second.type == resource.type->name && entry->second.identity == identity;
      std::string uid = same ? entry->second.uid : "";
      want(resource.address, provider, {resource.type, std::move(identity), std::move(uid)}, &live_.objects);
    }
  }

  /// Owned objects whose block is gone. One whose provider or type is gone too is the planner's to report.
  void collect_undeclared() {
    for (const auto& [address, entry] : input_.inventory.entries) {
      if (input_.graph.find(address) != ResourceGraph::npos) continue;
      // What is only forgotten need not be there, nor within reach.
      const Removal* said = input_.graph.moves().removal(address);
      if (said != nullptr && !said->destroy) continue;
      const ResourceType* type = input_.types.find(entry.type);
      if (type != nullptr) want(address, entry.provider, {type, entry.identity, entry.uid}, &live_.objects);
    }
  }

  void want(Address address, Address provider, ObjectKey key, std::map<Address, LiveObject>* into) {
    waiting_.push_back({std::move(address), std::move(provider), std::move(key), into});
  }

  static void put(const Wanted& wanted, Presence presence, std::optional<Error> why = std::nullopt) {
    LiveObject object;
    object.presence = presence;
    object.why = std::move(why);
    (*wanted.into)[wanted.address] = std::move(object);
  }

  /// Hands over every provider whose config has become known, once.
  void connect_providers() {
    if (!input_.connect) return;
    for (const Provider& provider : input_.graph.providers()) {
      bool tried = input_.connectors.contains(provider.address) || input_.broken.contains(provider.address) ||
                   connected_.contains(provider.address);
      if (tried) continue;
      Result<Value> kept = close(provider.config, close_, Secrets::keep);
      if (!kept || kept->contains_unknown()) continue;
      // A secret may come from an object, too: as long as that has not been read, it stays a handle. One that
      // cannot be had at all is the caller's to report.
      Result<Value> config = close(provider.config, reveal_, Secrets::reveal);
      if (config && config->contains_secret()) continue;
      connected_.insert(provider.address);
      input_.connect(provider, config ? *config : *kept);
    }
  }

  /// Whether everything that the provider is served by has been read and is there: what is not there cannot
  /// answer, and a refused connection would only say so less clearly.
  [[nodiscard]] bool served(const Address& provider) const {
    auto same = [&](const Provider& one) { return one.address == provider; };
    auto found = std::ranges::find_if(input_.graph.providers(), same);
    if (found == input_.graph.providers().end()) return true;
    return std::ranges::all_of(found->served_by, [&](const Address& server) {
      auto live = live_.objects.find(server);
      return live != live_.objects.end() && live->second.presence == Presence::present;
    });
  }

  [[nodiscard]] const Error* why_not(const Address& provider) const {
    for (const std::map<Address, Error>* errors : {&input_.broken, &std::as_const(silent_)}) {
      if (auto found = errors->find(provider); found != errors->end()) return &found->second;
    }
    return nullptr;
  }

  /// What can be asked now leaves `waiting_`.
  std::map<Address, Batch> take_reachable() {
    std::map<Address, Batch> batches;
    std::vector<Wanted> rest;
    for (Wanted& wanted : waiting_) {
      if (const Error* why = why_not(wanted.provider); why != nullptr) {
        put(wanted, Presence::unknown, *why);
        continue;
      }
      if (wanted.key.identity.contains_unknown()) {
        Result<Value> identity = close(wanted.key.identity, close_, Secrets::keep);
        if (identity) wanted.key.identity = std::move(*identity);
      }
      bool reachable = input_.connectors.contains(wanted.provider) && served(wanted.provider) &&
                       !wanted.key.identity.contains_unknown();
      (reachable ? batches[wanted.provider].wanted : rest).push_back(std::move(wanted));
    }
    waiting_ = std::move(rest);
    return batches;
  }

  /// Who the server is. False: it does not say, and nothing that it answers is believed.
  Task<void> identify(Address provider, bool* known) {
    auto identifying = input_.connectors.at(provider)->identify();
    Result<TargetIdentity> target = co_await identifying;
    *known = target.has_value();
    if (target) {
      live_.targets[provider] = std::move(*target);
    } else {
      silent_.emplace(provider, target.error());
    }
  }

  Task<void> read(Address provider, const Batch* batch, std::vector<LiveObject>* objects) {
    std::vector<ObjectKey> keys;
    for (const Wanted& wanted : batch->wanted) keys.push_back(wanted.key);
    auto observing = input_.connectors.at(provider)->observe(std::move(keys));
    *objects = co_await observing;
  }

  /// Both are asked at the same time: reading changes nothing, whoever the server is.
  Task<void> ask(Address provider, Batch* batch) {
    bool known = live_.targets.contains(provider);
    std::vector<LiveObject> objects;
    TaskGroup group;
    if (!known) group.spawn(identify(provider, &known));
    group.spawn(read(provider, batch, &objects));
    auto both = group.all();
    co_await both;
    for (std::size_t i = 0; i < batch->wanted.size(); ++i) {
      const Wanted& wanted = batch->wanted[i];
      // A connector that answers short has not said that the rest is absent.
      if (!known) {
        put(wanted, Presence::unknown, silent_.at(provider));
      } else if (i < objects.size()) {
        (*wanted.into)[wanted.address] = std::move(objects[i]);
      } else {
        put(wanted, Presence::unknown, Error(DiagnosticCode::bad_reply, "the server's answer is incomplete"));
      }
    }
  }

  /// What is not known yet is derived when it is applied.
  Task<void> derive(const Resource* resource) {
    auto live = live_.objects.find(resource->address);
    bool derives = resource->type->derives() && resource->mode == ResourceMode::managed;
    if (!derives || live == live_.objects.end() || live->second.presence == Presence::unknown) co_return;
    auto connector = input_.connectors.find(input_.graph.providers()[resource->provider].address);
    if (connector == input_.connectors.end()) co_return;
    Result<Value> desired = close(resource->desired, reveal_, Secrets::reveal);
    if (!desired || desired->contains_unknown() || desired->contains_secret()) co_return;
    DeriveRequest request;
    request.key = {resource->type, identity_value(*resource->type, *desired)};
    request.desired = std::move(*desired);
    auto entry = input_.inventory.entries.find(resource->address);
    request.owned = entry != input_.inventory.entries.end();
    if (request.owned) request.applied = entry->second.applied;
    auto asking = connector->second->derive(std::move(request));
    Result<Derived> derived = co_await asking;
    if (!derived) {
      live_.derived.emplace(resource->address, fail(derived.error()));
      co_return;
    }
    if (derived->absent) {
      live->second = LiveObject();
      live->second.presence = Presence::absent;
    }
    live_.derived.emplace(resource->address, std::move(derived->desired));
  }

  const ObserveInput& input_;
  CloseContext close_;
  CloseContext reveal_;
  LiveState live_;
  std::vector<Wanted> waiting_;
  std::map<Address, Error> silent_;  ///< providers that did not say who they are
  std::set<Address> connected_;
};

}  // namespace

Task<LiveState> observe(const ObserveInput* input) {
  Observer observer(*input);
  auto running = observer.run();
  co_return co_await running;
}

}  // namespace carbon
