// Deleting, and replacing as deleting and creating.

#include <fmt/core.h>

#include "engine/apply/steps.h"

namespace carbon {

namespace {

constexpr int most_deletes = 3;
constexpr Duration gone_timeout{300'000'000'000};
constexpr Duration gone_poll{200'000'000};

}  // namespace

Task<Result<StepRunner::Prepared>> StepRunner::prepare_removal(const Change* change) {
  auto reaching = reach(change);
  Result<Prepared> prepared = co_await reaching;
  if (!prepared) co_return prepared;
  prepared->request.key = {prepared->type, change->former.is_null() ? change->identity : change->former,
                           prepared->request.uid};
  prepared->request.work_limit = change->timeout.value_or(world_.options.ready_timeout);
  prepared->request.removed = change->applied.paths();
  prepared->entry = entry_for(*change, prepared->request, Value());
  co_return prepared;
}

Task<Status> StepRunner::wait_until_gone(Connector* connector, ObjectKey key, std::string uid) {
  std::int64_t end = world_.io.now() + gone_timeout.nanoseconds;
  while (true) {
    auto looking = look(connector, key);
    LiveObject live = co_await looking;
    if (live.presence == Presence::absent) co_return Status{};
    // Another object of the same name: ours is gone.
    if (live.presence == Presence::present && !uid.empty() && live.uid != uid) co_return Status{};
    if (live.presence == Presence::unknown && live.why && world_.io.now() > end) co_return fail(*live.why);
    if (world_.io.now() > end || world_.stopped()) {
      co_return fail(Error(DiagnosticCode::not_ready, "it is marked for deletion and still there")
                         .note("finalizers hold it until their controllers are done")
                         .help("see `metadata.finalizers` of the object, and run carbon again"));
    }
    auto pause = world_.io.sleep(gone_poll);
    co_await pause;
  }
}

Task<Status> StepRunner::delete_object(const Change* change, Prepared* prepared) {
  auto intending = intend(change, prepared, "delete");
  Status intended = co_await intending;
  if (!intended) co_return intended;
  WriteOutcome outcome;
  for (int attempt = 1; attempt <= most_deletes; ++attempt) {
    auto writing = insist(change, prepared->connector, prepared->request, Write::remove);
    outcome = co_await writing;
    if (outcome.kind != WriteOutcome::Kind::unknown || outcome.at_work) break;
    // It may never have arrived. Deleting again what is already going has no effect.
    auto looking = look(prepared->connector, prepared->request.key);
    LiveObject live = co_await looking;
    if (live.presence == Presence::absent) break;
  }
  bool read_back = outcome.kind == WriteOutcome::Kind::done || outcome.kind == WriteOutcome::Kind::unknown;
  if (!read_back) {
    Error why =
        outcome.error.value_or(Error(DiagnosticCode::conflict, "the object is not the one that was planned"));
    auto recording = refuse(change, prepared, "delete", std::move(why));
    co_return co_await recording;
  }
  Status gone;
  // SQL deletes at once. Rights that a role has by the server's own defaults would never be absent.
  bool at_once = outcome.kind == WriteOutcome::Kind::done && prepared->type->transport == Transport::sql;
  if (!at_once) {
    auto waiting = wait_until_gone(prepared->connector, prepared->request.key, prepared->request.uid);
    gone = co_await waiting;
  }
  if (!gone) {
    auto recording = outcome.at_work
                         ? leave_open(change, prepared, "delete", outcome.error.value_or(gone.error()))
                         : refuse(change, prepared, "delete", gone.error());
    co_return co_await recording;
  }
  JournalEvent event = event_of(JournalKind::result, *change, *prepared, "delete");
  event.detail = "done";
  std::vector<InventoryEntry> put;
  std::vector<Address> remove{change->address};
  auto recording = journal_.write(std::move(event), std::move(put), std::move(remove));
  bool durable = co_await recording;
  objects_.forget(change->address);
  if (!durable) co_return fail(*journal_.failure());
  co_return Status{};
}

Task<Status> StepRunner::remove(const Change* change) {
  auto preparing = prepare_removal(change);
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(prepared.error());
  auto deleting = delete_object(change, &*prepared);
  co_return co_await deleting;
}

Task<Status> StepRunner::release(const Change* change) {
  JournalEvent event;
  event.kind = JournalKind::result;
  event.address = change->address;
  event.operation = "release";
  event.detail = "done";
  std::vector<InventoryEntry> put;
  std::vector<Address> remove{change->address};
  auto recording = journal_.write(std::move(event), std::move(put), std::move(remove));
  bool durable = co_await recording;
  if (!durable) co_return fail(*journal_.failure());
  co_return Status{};
}

Task<Status> StepRunner::replace(const Change* change) {
  if (change->create_first) {
    auto creating = create(change);
    co_return co_await creating;
  }
  // Prepared before anything is deleted: a value that cannot be had must not cost the object.
  auto preparing = prepare(change);
  Result<Prepared> created = co_await preparing;
  if (!created) co_return fail(created.error());
  auto preparing_removal = prepare_removal(change);
  Result<Prepared> removed = co_await preparing_removal;
  if (!removed) co_return fail(removed.error());
  auto deleting = delete_object(change, &*removed);
  Status gone = co_await deleting;
  if (!gone) co_return gone;
  created->request.uid.clear();
  created->request.key.uid.clear();
  created->request.version.clear();
  created->entry.uid.clear();
  auto intending = intend(change, &*created, "create");
  Status intended = co_await intending;
  if (!intended) co_return intended;
  auto sending = send_create(change, std::move(*created));
  co_return co_await sending;
}

}  // namespace carbon
