// Which way a change goes, and waiting until its object is ready.

#include <fmt/core.h>

#include "engine/apply/steps.h"

namespace carbon {

namespace {
constexpr Duration longest_poll{2'000'000'000};
}

Task<Status> StepRunner::adopt(const Change* change) {
  if (!change->fields.empty() || !change->removed.empty()) {
    auto updating = update(change);
    co_return co_await updating;
  }
  auto preparing = prepare(change);
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(prepared.error());
  auto looking = look(prepared->connector, prepared->request.key);
  LiveObject live = co_await looking;
  if (live.presence != Presence::present) {
    co_return fail(DiagnosticCode::adopt_missing,
                   fmt::format("`{}` is not there any more", change->identity_text));
  }
  auto recording = succeed(change, &*prepared, std::move(live), "adopt");
  co_return co_await recording;
}

Task<Status> StepRunner::read(const Change* change) {
  auto preparing = prepare_removal(change);  // only the identity and the way there are needed
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(prepared.error());
  auto naming = objects_.finish(change->identity, Secrets::keep);
  Result<Value> identity = co_await naming;
  if (!identity) co_return fail(identity.error());
  prepared->request.key.identity = *identity;
  // A controller may take its time to make it, and a server to answer as often as `retry` says.
  std::int64_t limit = change->timeout.value_or(world_.options.ready_timeout).nanoseconds;
  std::int64_t began = world_.io.now();
  std::uint32_t failures = 0;
  LiveObject live;
  while (true) {
    auto looking = look(prepared->connector, prepared->request.key);
    live = co_await looking;
    bool failed = live.presence == Presence::unknown && change->retry && failures < change->retry->times;
    bool missing = live.presence == Presence::absent && world_.io.now() - began < limit;
    if ((!failed && !missing) || world_.stopped()) break;
    if (failed) ++failures;
    auto waiting = wait(failed ? change->retry->pause : world_.options.poll);
    co_await waiting;
  }
  if (live.presence == Presence::unknown && live.why) co_return fail(*live.why);
  if (live.presence != Presence::present) {
    co_return fail(DiagnosticCode::lookup_missing, fmt::format("`{}` does not exist", change->identity_text));
  }
  objects_.keep(change->address, *prepared->type, live.object);
  co_return Status{};
}

/// A change that could not be planned against live state: it was reviewed as a create where nothing is.
/// Anything else is outside what was reviewed and stops the branch.
Task<Status> StepRunner::decide_late(const Change* change) {
  auto preparing = prepare(change);
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(prepared.error());
  auto looking = look(prepared->connector, prepared->request.key);
  LiveObject live = co_await looking;
  if (live.presence == Presence::unknown && live.why) co_return fail(*live.why);
  if (live.presence == Presence::present) {
    co_return fail(
        Error(DiagnosticCode::stage_gate,
              fmt::format("`{}` exists already; the plan assumed that it does not", change->identity_text))
            .help("run `carbon plan` again and review what it says now"));
  }
  auto intending = intend(change, &*prepared, "create");
  Status intended = co_await intending;
  if (!intended) co_return intended;
  auto sending = send_create(change, std::move(*prepared));
  co_return co_await sending;
}

Task<Status> StepRunner::act(const Change* change) {
  Task<Status> acting;
  switch (change->action) {
    case Action::no_op:
    case Action::move: co_return Status{};  // the run began with it
    case Action::create: acting = create(change); break;
    case Action::update: acting = update(change); break;
    case Action::replace: acting = replace(change); break;
    case Action::delete_: acting = remove(change); break;
    case Action::adopt: acting = adopt(change); break;
    case Action::release: acting = release(change); break;
    case Action::read: acting = read(change); break;
    case Action::later: acting = decide_late(change); break;
  }
  Status status = co_await acting;
  if (status) co_return status;
  Error error = status.error();
  if (error.diagnostic().address.empty()) error.diagnostic().address = change->address;
  co_return fail(std::move(error));
}

Task<Result<Readiness>> StepRunner::settle(const Change* change,
                                           std::function<void(const std::string&)> waiting) {
  const ResourceType* type = world_.types.find(change->type);
  if (type != nullptr && !type->has_readiness()) co_return Readiness{};
  auto connecting = objects_.connector(change->provider);
  Result<Connector*> connector = co_await connecting;
  if (type == nullptr || !connector) co_return Readiness{};
  auto naming = objects_.finish(change->identity, Secrets::keep);
  Result<Value> identity = co_await naming;
  if (!identity) co_return fail(identity.error());
  Duration limit = change->timeout.value_or(world_.options.ready_timeout);
  std::int64_t end = world_.io.now() + limit.nanoseconds;
  Duration pause = world_.options.poll;
  while (true) {
    auto made = made_.find(change->address);
    ObjectKey key{type, *identity, made == made_.end() ? change->fingerprint.uid : made->second};
    auto asking = (*connector)->readiness(std::move(key));
    Result<Readiness> readiness = co_await asking;
    bool waits = readiness && readiness->kind == Readiness::Kind::waiting;
    if (!waits) co_return readiness;
    // What is known of the object is older than its readiness.
    objects_.forget(change->address);
    waiting(readiness->reason);
    if (world_.io.now() > end || world_.stopped()) co_return readiness;
    auto sleeping = world_.io.sleep(pause);
    co_await sleeping;
    pause = std::min(Duration{pause.nanoseconds * 3 / 2}, longest_poll);
  }
}

}  // namespace carbon
