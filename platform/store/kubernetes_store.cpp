#include "platform/store/kubernetes_store.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/store/kubernetes_lease.h"

namespace carbon {

Result<std::unique_ptr<KubernetesStore>> KubernetesStore::open(const SharedCluster& cluster,
                                                               const StoreName& name, Access access,
                                                               const LockRequest& request) {
  std::unique_ptr<KubernetesStore> store(new KubernetesStore(cluster, name));
  CARBON_CHECK(store->log_.session().check_uid());
  if (access == Access::read) {
    CARBON_CHECK(store->log_.read());
  } else {
    store->lease_ = CARBON_TRY(Lease::take(std::make_unique<KubernetesLease>(cluster, name.text()), request));
    CARBON_CHECK(store->log_.take_part(store->lease_->epoch()));
  }
  const std::string& moved_to = store->log_.moved_to();
  if (access != Access::move_here && !moved_to.empty()) return fail(moved_away(store->place(), moved_to));
  if (access == Access::write) CARBON_CHECK(store->log_.compact());
  return store;
}

Status KubernetesStore::write(const std::string& record) {
  if (!may_send()) return fail(lock_lost_error(fmt::format("{}, lease of {}", place(), name_.text())));
  return log_.add(record);
}

Result<Inventory> KubernetesStore::load() {
  Inventory inventory{name_.platform, name_.environment, name_.world, log_.state().generation(), {}};
  EntryDecoder decoder;
  for (const auto& [address, text] : log_.state().entries()) {
    auto entry = decoder.decode(text);
    if (!entry) {
      return fail(Error(DiagnosticCode::inventory_damaged,
                        fmt::format("the entry of `{}` in {} cannot be read", address, place()))
                      .note(entry.error().message())
                      .help("put back a copy that is whole; nothing that it names is changed or deleted"));
    }
    inventory.entries.emplace_hint(inventory.entries.end(), address, std::move(*entry));
  }
  return inventory;
}

Status KubernetesStore::update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  return write(StoredState::change_record(put, remove));
}

Status KubernetesStore::append(const std::vector<JournalEvent>& events) {
  CARBON_CHECK(write(StoredState::events_record(events)));
  describe_run(events);
  return {};
}

Status KubernetesStore::append(const std::vector<JournalEvent>& events,
                               const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) {
  CARBON_CHECK(write(StoredState::change_record(put, remove, events)));
  describe_run(events);
  return {};
}

void KubernetesStore::describe_run(const std::vector<JournalEvent>& events) {
  for (const JournalEvent& event : events) {
    if (event.kind != JournalKind::begin) continue;
    LockHolder holder = lease_->holder();
    holder.run = event.run;
    KubernetesLease(cluster_, name_.text()).describe(holder, lease_->epoch());
  }
}

Result<std::vector<JournalEvent>> KubernetesStore::unfinished() { return log_.state().unfinished(); }

Result<std::vector<JournalEvent>> KubernetesStore::history() {
  std::vector<JournalEvent> events = log_.state().events();
  for (JournalEvent& event : events) {
    if (event.kind == JournalKind::intent) event.detail.clear();
  }
  return events;
}

Result<bool> KubernetesStore::intended(std::string_view token) { return log_.state().intended(token); }

Result<bool> KubernetesStore::plan_was_used(const std::string& plan_id, const std::string& nonce) {
  return log_.state().was_used(plan_id, nonce);
}

Result<bool> KubernetesStore::use_plan(const std::string& plan_id, const std::string& nonce) {
  if (log_.state().was_used(plan_id, nonce)) return false;
  CARBON_CHECK(write(StoredState::used_record(plan_id, nonce)));
  return true;
}

Status KubernetesStore::keep_plan(const std::string& run, const std::string& plan) {
  return write(StoredState::plan_record(run, plan));
}

Result<std::string> KubernetesStore::plan_of(const std::string& run) {
  const auto& [kept_of, plan] = log_.state().kept_plan();
  return kept_of == run ? plan : std::string();
}

Result<StoreContent> KubernetesStore::content() { return log_.state().content(); }

Status KubernetesStore::take_over(const StoreContent& content) {
  if (!may_send()) return fail(lock_lost_error(fmt::format("{}, lease of {}", place(), name_.text())));
  return log_.replace(StoredState::snapshot_record(content));
}

Result<std::string> KubernetesStore::moved_to() { return log_.moved_to(); }

Status KubernetesStore::retire(const std::string& moved_to) { return log_.set_moved_to(moved_to); }

Result<LockState> KubernetesStore::lock_state() { return KubernetesLease(cluster_, name_.text()).state(); }

Status KubernetesStore::break_lock(const LockState& seen) {
  KubernetesLease lease(cluster_, name_.text());
  if (CARBON_TRY(lease.take_away(seen.epoch))) return {};
  LockState now = CARBON_TRY(lease.state());
  if (!now.held) return {};
  return fail(lock_held_error(now.holder, now.place, {}));
}

Result<std::optional<std::string>> KubernetesStore::shared_key(const std::string& proposed) {
  ClusterSession& session = log_.session();
  std::string name = "carbon-" + log_.key() + "-digest";
  for (int attempt = 0; attempt < 2; ++attempt) {
    HttpReply reply = session.read(session.secrets() + "/" + name);
    auto json = parse_json(reply.body);
    if (reply.status == 200 && json) {
      const Value* data = json->find("data");
      const Value* key = data == nullptr ? nullptr : data->find("key");
      auto bytes = key != nullptr && key->is_string() ? base64_decode(key->text()) : std::nullopt;
      if (bytes) return bytes;
      return fail(DiagnosticCode::inventory_damaged,
                  fmt::format("Secret {} in {} has no `key`", name, place()));
    }
    // A reader without the right to it compares no secrets, and says so in its plans.
    if (reply.status == 403 && lease_ == nullptr) return std::nullopt;
    if (reply.status != 404) return fail(session.failure(reply));
    HttpReply made = session.write(
        "POST", session.secrets(),
        fmt::format(
            R"({{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"{}","labels":{{"{}":"{}","app.kubernetes.io/managed-by":"carbon"}}}},"type":"Opaque","data":{{"key":"{}"}}}})",
            name, inventory_label, log_.key(), base64_encode(proposed)));
    if (made.status == 201) return proposed;
    if (made.status == 403 && lease_ == nullptr) return std::nullopt;
    if (made.status != 409) return fail(session.failure(made));
  }
  return fail(DiagnosticCode::inventory_unreachable,
              fmt::format("Secret {} in {} comes and goes", name, place()));
}

}  // namespace carbon
