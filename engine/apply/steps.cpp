#include "engine/apply/steps.h"

#include <fmt/core.h>
#include <set>

#include "base/base64.h"
#include "engine/expr/evaluate.h"
#include "engine/model/typed_path.h"
#include "engine/plan/type_checks.h"
#include "engine/plan/value_digests.h"

namespace carbon {

namespace {

constexpr int most_admissions = 10;
constexpr int most_conflicts = 3;
constexpr Duration first_pause{100'000'000};
constexpr Duration longest_pause{5'000'000'000};

Duration longer(Duration pause) { return std::min(Duration{pause.nanoseconds * 2}, longest_pause); }

Error with_address(Error error, const Address& address) {
  if (error.diagnostic().address.empty()) error.diagnostic().address = address;
  return error;
}

Error not_ours(const Change& change, const LiveObject& live) {
  std::string who;
  for (const ForeignWriter& writer : live.writers) who += (who.empty() ? "" : ", ") + writer.manager;
  Error error(DiagnosticCode::not_owned,
              fmt::format("`{}` exists and carbon did not make it", change.identity_text));
  if (!who.empty()) error.diagnostic().notes.push_back("written by " + who);
  return std::move(error).help(
      "take it over with `adopt \"\"` in its block, or give the resource another name");
}

/// A field list for people: the first few, then a count.
std::string names_of(const std::vector<FieldPath>& paths) {
  std::string out;
  for (std::size_t i = 0; i < paths.size() && i < 3; ++i)
    out += (i == 0 ? "`" : ", `") + paths[i].text() + "`";
  if (paths.size() > 3) out += fmt::format(" and {} more", paths.size() - 3);
  return out;
}

}  // namespace

Task<LiveObject> StepRunner::look(Connector* connector, ObjectKey key) {
  std::vector<ObjectKey> keys{std::move(key)};
  auto reading = connector->observe(std::move(keys));
  std::vector<LiveObject> objects = co_await reading;
  co_return std::move(objects.front());
}

Task<Result<StepRunner::Prepared>> StepRunner::reach(const Change* change) {
  Prepared prepared;
  prepared.type = world_.types.find(change->type);
  if (prepared.type == nullptr) {
    co_return fail(DiagnosticCode::unknown_type, fmt::format("this carbon has no type `{}`", change->type));
  }
  auto connecting = objects_.connector(change->provider);
  Result<Connector*> connector = co_await connecting;
  if (!connector) co_return fail(connector.error());
  prepared.connector = *connector;
  prepared.request.uid = change->fingerprint.uid;
  prepared.request.token = hex_encode(world_.io.random(16));
  co_return prepared;
}

Task<Result<StepRunner::Prepared>> StepRunner::prepare(const Change* change) {
  auto reaching = reach(change);
  Result<Prepared> reached = co_await reaching;
  if (!reached) co_return reached;
  Prepared& prepared = *reached;
  auto naming = objects_.finish(change->identity, Secrets::keep);
  Result<Value> identity = co_await naming;
  if (!identity) co_return fail(identity.error());
  auto finishing = objects_.finish(change->desired, Secrets::reveal);
  Result<Value> desired = co_await finishing;
  if (!desired) co_return fail(desired.error());
  if (desired->contains_unknown() || identity->contains_unknown()) {
    std::string what;
    for (const auto& [address, path] : open_attributes(*desired))
      what = fmt::format("`{}.{}`", address, path);
    co_return fail(DiagnosticCode::unknown_key, fmt::format("{} is still not known", what));
  }
  // What was not known when the plan was made has not been checked yet.
  if (Status fits = check_desired(*prepared.type, *desired, world_.functions); !fits)
    co_return fail(fits.error());
  prepared.request.key = {prepared.type, *identity, change->fingerprint.uid};
  prepared.request.desired = *desired;
  std::set<FieldPath> gone(change->removed.begin(), change->removed.end());
  for (const FieldChange& field : change->fields) {
    // A changed secret has no `after` either.
    if (!gone.contains(field.path)) prepared.request.changed.push_back(field.path);
  }
  prepared.request.removed = change->removed;
  prepared.request.work_limit = change->timeout.value_or(world_.options.ready_timeout);
  if (!change->steps.empty()) {
    auto& reviewed = prepared.request.steps.emplace();
    for (const WriteStep& step : change->steps) reviewed.push_back(step.text);
  }
  prepared.request.version = change->fingerprint.version;
  prepared.entry = entry_for(*change, prepared.request, *desired);
  co_return reached;
}

namespace {

std::string place_of(const Written& declared) {
  return declared.file.empty() ? "" : fmt::format("{}:{}", declared.file, declared.line);
}

}  // namespace

void StepRunner::remember_provider(InventoryEntry& entry, const Address& provider) const {
  entry.provider = provider;
  for (const PlannedProvider& planned : plan_.providers) {
    if (planned.address != provider) continue;
    entry.provider_config = objects_.config(planned);
    if (planned.target) entry.provider_key = planned.target->uid;
  }
}

InventoryEntry StepRunner::recorded(const Record& record, InventoryEntry entry) const {
  remember_provider(entry, record.provider);
  entry.protect = record.protect;
  entry.needs = record.needs;
  entry.declared_at = place_of(record.declared);
  if (record.applied) {
    entry.applied = *record.applied;
    entry.value_digests = record.value_digests;
  }
  return entry;
}

InventoryEntry StepRunner::moved(const Change& change, InventoryEntry entry) const {
  remember_provider(entry, change.provider);
  entry.protect = change.protect;
  entry.needs = change.needs;
  entry.declared_at = place_of(change.declared);
  return entry;
}

InventoryEntry StepRunner::entry_for(const Change& change, const WriteRequest& request,
                                     const Value& revealed) {
  InventoryEntry entry;
  entry.address = change.address;
  entry.type = change.type;
  entry.type_version = change.type_version;
  remember_provider(entry, change.provider);
  entry.identity = request.key.identity;
  entry.uid = request.uid;
  entry.applied = change.applied;
  entry.protect = change.protect;
  entry.needs = change.needs;
  entry.declared_at = place_of(change.declared);
  const Type& schema = *request.key.type->schema;
  for (const auto& [path, secret] : secret_leaves(change.desired, schema)) {
    const Value* content = find_at(revealed, schema, path);
    if (content == nullptr) continue;
    std::string where = path.text();
    entry.digests[where] = world_.secrets.digest(change.address, where, digest_content(*content));
  }
  KeyedDigest digest = [this](std::string_view address, std::string_view field, std::string_view content) {
    return world_.secrets.digest(address, field, content);
  };
  entry.value_digests =
      value_digests(*request.key.type, change.address, change.applied, revealed, entry.digests, digest);
  return entry;
}

JournalEvent StepRunner::event_of(JournalKind kind, const Change& change, const Prepared& prepared,
                                  std::string operation) {
  JournalEvent event;
  event.kind = kind;
  event.address = change.address;
  event.operation = std::move(operation);
  event.token = prepared.request.token;
  return event;
}

Task<Status> StepRunner::intend(const Change* change, Prepared* prepared, std::string operation) {
  expect_values(*change, *prepared, operation);
  JournalEvent event = event_of(JournalKind::intent, *change, *prepared, std::move(operation));
  event.uid = prepared->request.uid;
  event.detail = encode_entry(prepared->entry);
  auto writing = journal_.write(std::move(event));
  bool durable = co_await writing;
  if (!durable) co_return fail(*journal_.failure());
  co_return Status{};
}

Task<Status> StepRunner::succeed(const Change* change, Prepared* prepared, LiveObject object,
                                 std::string operation) {
  if (!object.uid.empty()) prepared->entry.uid = object.uid;
  made_[change->address] = prepared->entry.uid;
  objects_.keep(change->address, *prepared->type, object.object);
  // Before the result: a run that is killed in between leaves the intent open, which says that it is lost.
  auto storing = store_values(change, prepared);
  Status stored = co_await storing;
  JournalEvent event = event_of(JournalKind::result, *change, *prepared, std::move(operation));
  event.uid = prepared->entry.uid;
  event.detail = "done";
  std::vector<InventoryEntry> put{prepared->entry};
  std::vector<Address> remove;
  auto writing = journal_.write(std::move(event), std::move(put), std::move(remove));
  bool durable = co_await writing;
  if (!durable) co_return fail(*journal_.failure());
  co_return stored;
}

Task<Status> StepRunner::refuse(const Change* change, const Prepared* prepared, std::string operation,
                                Error error) {
  JournalEvent event = event_of(JournalKind::result, *change, *prepared, std::move(operation));
  // The code only: a server's words may quote a secret.
  event.detail = to_string(error.code());
  auto writing = journal_.write(std::move(event));
  (void)co_await writing;
  co_return fail(with_address(std::move(error), change->address));
}

Task<Status> StepRunner::leave_open(const Change* change, const Prepared* prepared, std::string operation,
                                    Error error) {
  JournalEvent event = event_of(JournalKind::unknown, *change, *prepared, std::move(operation));
  event.detail = to_string(error.code());
  auto writing = journal_.write(std::move(event));
  (void)co_await writing;
  error.diagnostic().notes.emplace_back(
      "it stays open in the journal: the next apply looks what became of it");
  co_return fail(with_address(std::move(error), change->address));
}

Task<WriteOutcome> StepRunner::admitted(Connector* connector, WriteRequest request, Write write) {
  Duration pause = first_pause;
  for (int attempt = 1;; ++attempt) {
    WriteRequest copy = request;
    auto writing = write == Write::create   ? connector->create(std::move(copy))
                   : write == Write::update ? connector->update(std::move(copy))
                                            : connector->remove(std::move(copy));
    WriteOutcome outcome = co_await writing;
    bool again =
        outcome.kind == WriteOutcome::Kind::not_admitted && attempt < most_admissions && !world_.stopped();
    if (!again) co_return outcome;
    auto waiting = world_.io.sleep(outcome.retry_after.value_or(pause));
    co_await waiting;
    pause = longer(pause);
  }
}

Task<void> StepRunner::wait(Duration duration) {
  constexpr Duration slice{500'000'000};
  std::int64_t end = world_.io.now() + duration.nanoseconds;
  while (!world_.stopped() && world_.io.now() < end) {
    auto sleeping = world_.io.sleep(std::min(slice, Duration{end - world_.io.now()}));
    co_await sleeping;
  }
}

Task<WriteOutcome> StepRunner::insist(const Change* change, Connector* connector, WriteRequest request,
                                      Write write) {
  for (std::uint32_t again = 0;; ++again) {
    auto writing = admitted(connector, request, write);
    WriteOutcome outcome = co_await writing;
    // Neither has had an effect, so that sending it once more makes nothing twice.
    bool without_effect = !outcome.began && (outcome.kind == WriteOutcome::Kind::refused ||
                                             outcome.kind == WriteOutcome::Kind::not_admitted);
    bool done = !without_effect || !change->retry || again == change->retry->times;
    if (done) co_return outcome;
    auto waiting = wait(std::max(change->retry->pause, outcome.retry_after.value_or(Duration{})));
    co_await waiting;
    if (world_.stopped()) co_return outcome;
  }
}

Task<Status> StepRunner::create(const Change* change) {
  auto preparing = prepare(change);
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(with_address(prepared.error(), change->address));
  auto intending = intend(change, &*prepared, "create");
  Status intended = co_await intending;
  if (!intended) co_return intended;
  auto sending = send_create(change, std::move(*prepared));
  Status sent = co_await sending;
  co_return sent;
}

/// By the digests of its entry, as when a killed run is settled: what cannot be read back says nothing.
bool StepRunner::holds_what_was_sent(const Prepared& prepared, const LiveObject& live) const {
  KeyedDigest digest = [this](std::string_view address, std::string_view field, std::string_view content) {
    return world_.secrets.digest(address, field, content);
  };
  InventoryEntry entry = prepared.entry;
  return keep_what_holds(entry, *prepared.type, live, digest);
}

/// Why something is there that this request did not make.
Error StepRunner::taken(const Change& change, const LiveObject& live) const {
  Result<bool> ours = live.token.empty() ? Result<bool>(false) : world_.journal.intended(live.token);
  if (!ours || !*ours) return not_ours(change, live);
  return Error(DiagnosticCode::stale_plan,
               fmt::format("`{}` was made late by a request of an earlier run", change.identity_text))
      .help("plan again: it is carbon's, and the plan says how it differs");
}

Task<Status> StepRunner::send_create(const Change* change, Prepared prepared) {
  bool maybe_sent = false;
  for (int attempt = 1; attempt <= most_conflicts; ++attempt) {
    auto writing = insist(change, prepared.connector, prepared.request, Write::create);
    WriteOutcome outcome = co_await writing;
    Error why = outcome.error.value_or(Error(DiagnosticCode::outcome_unknown, "no reply came"));
    if (outcome.kind == WriteOutcome::Kind::done) {
      prepared.told = std::move(outcome.told);
      auto recording = succeed(change, &prepared, std::move(outcome.object), "create");
      Status recorded = co_await recording;
      if (recorded && outcome.error) co_return fail(with_address(*outcome.error, change->address));
      co_return recorded;
    }
    if (outcome.kind == WriteOutcome::Kind::refused || outcome.kind == WriteOutcome::Kind::not_admitted) {
      auto recording = refuse(change, &prepared, "create", std::move(why));
      co_return co_await recording;
    }
    // Exists already, or nobody knows: only a look tells whether it was this very request.
    auto looking = look(prepared.connector, prepared.request.key);
    LiveObject live = co_await looking;
    bool unknown = outcome.kind == WriteOutcome::Kind::unknown;
    maybe_sent = maybe_sent || unknown;
    if (live.presence == Presence::absent && outcome.at_work) {
      auto recording = leave_open(change, &prepared, "create", std::move(why));
      co_return co_await recording;
    }
    if (live.presence == Presence::absent) {
      // Should the first one arrive after all, when the second is done and gone again, its own token tells.
      prepared.request.token = hex_encode(world_.io.random(16));
      auto intending = intend(change, &prepared, "create");
      Status intended = co_await intending;
      if (!intended) co_return intended;
      continue;
    }
    if (live.presence == Presence::unknown) {
      auto recording = maybe_sent ? leave_open(change, &prepared, "create", std::move(why))
                                  : refuse(change, &prepared, "create", std::move(why));
      co_return co_await recording;
    }
    bool token_matches = !live.token.empty() && live.token == prepared.request.token;
    bool tokenless = live.token.empty() && prepared.type->transport != Transport::kubernetes && unknown &&
                     holds_what_was_sent(prepared, live);
    if (token_matches || tokenless) {
      auto recording = succeed(change, &prepared, std::move(live), "create");
      co_return co_await recording;
    }
    auto recording = refuse(change, &prepared, "create", taken(*change, live));
    co_return co_await recording;
  }
  Error error(DiagnosticCode::outcome_unknown, fmt::format("`{}` was sent {} times and is still not there",
                                                           change->identity_text, most_conflicts));
  auto recording = maybe_sent ? leave_open(change, &prepared, "create", std::move(error))
                              : refuse(change, &prepared, "create", std::move(error));
  co_return co_await recording;
}

Task<Status> StepRunner::update(const Change* change) {
  auto preparing = prepare(change);
  Result<Prepared> prepared = co_await preparing;
  if (!prepared) co_return fail(with_address(prepared.error(), change->address));
  auto intending = intend(change, &*prepared, "update");
  Status intended = co_await intending;
  if (!intended) co_return intended;
  auto sending = send_update(change, std::move(*prepared));
  co_return co_await sending;
}

Task<Status> StepRunner::send_update(const Change* change, Prepared prepared) {
  for (int attempt = 1; attempt <= most_conflicts; ++attempt) {
    auto writing = insist(change, prepared.connector, prepared.request, Write::update);
    WriteOutcome outcome = co_await writing;
    if (outcome.kind == WriteOutcome::Kind::done) {
      prepared.told = std::move(outcome.told);
      auto recording = succeed(change, &prepared, std::move(outcome.object), "update");
      Status recorded = co_await recording;
      if (recorded && outcome.error) co_return fail(with_address(*outcome.error, change->address));
      co_return recorded;
    }
    Error why = outcome.error.value_or(Error(DiagnosticCode::outcome_unknown, "no reply came"));
    bool look_again =
        outcome.kind == WriteOutcome::Kind::conflict || outcome.kind == WriteOutcome::Kind::unknown;
    if (!look_again) {
      auto recording = refuse(change, &prepared, "update", std::move(why));
      co_return co_await recording;
    }
    auto looking = look(prepared.connector, prepared.request.key);
    LiveObject live = co_await looking;
    bool same = live.presence == Presence::present &&
                (change->fingerprint.uid.empty() || live.uid == change->fingerprint.uid);
    bool not_told = live.presence == Presence::unknown || outcome.at_work;
    if (not_told && outcome.kind == WriteOutcome::Kind::unknown && !world_.is_as_desired(*change, live)) {
      auto recording = leave_open(change, &prepared, "update", std::move(why));
      co_return co_await recording;
    }
    if (same && outcome.kind == WriteOutcome::Kind::unknown && world_.is_as_desired(*change, live)) {
      auto recording = succeed(change, &prepared, std::move(live), "update");
      co_return co_await recording;
    }
    // Only fields that the plan did not use changed (a controller's status, say): go on with the version just
    // read.
    bool moved_on = same && live.version != prepared.request.version;
    if (!same || !world_.fingerprint_holds(*change, live) ||
        (!moved_on && outcome.kind == WriteOutcome::Kind::conflict)) {
      Error error = !same || moved_on
                        ? Error(DiagnosticCode::stale_plan,
                                fmt::format("{} of `{}` is no longer what the plan was made from",
                                            names_of(change->fingerprint.fields), change->identity_text))
                        : std::move(why);
      auto recording = refuse(change, &prepared, "update", std::move(error));
      co_return co_await recording;
    }
    prepared.request.version = live.version;
  }
  Error error(DiagnosticCode::conflict,
              fmt::format("`{}` changes faster than it can be written", change->identity_text));
  auto recording = refuse(change, &prepared, "update", std::move(error));
  co_return co_await recording;
}

}  // namespace carbon
