// Values that a server says once: what a write's reply told goes into its sink before the write counts as
// done.
//
// The entry in the intent has an empty digest for each value that the write makes: it was issued, and is not
// stored. That is what the inventory remembers when the run is killed before the store, when the reply is
// lost and when the store fails; the next plan then has the value issued anew.

#include <fmt/core.h>

#include <algorithm>

#include "engine/apply/steps.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

constexpr int most_stores = 6;
constexpr Duration first_store_pause{200'000'000};

Error lost(const Change& change, const Keep& keep, std::string why) {
  return Error(DiagnosticCode::value_not_kept,
               fmt::format("`{}` of `{}` is lost: {}", keep.field, change.address, why))
      .help("run carbon again: it has another one issued, and the plan says so");
}

}  // namespace

void StepRunner::expect_values(const Change& change, Prepared& prepared, std::string_view operation) const {
  const InventoryEntry* former = objects_.remembered(change.address);
  for (const Keep& keep : change.keeps) {
    bool changed = std::ranges::any_of(prepared.request.changed,
                                       [&](const FieldPath& path) { return path.text() == keep.field; });
    if (operation == "create" || (operation == "update" && changed)) {
      prepared.entry.digests[keep.field] = "";
      continue;
    }
    bool known = former != nullptr && former->digest_address() == change.address;
    auto digest = known ? former->digests.find(keep.field) : decltype(former->digests.end())();
    if (known && digest != former->digests.end()) prepared.entry.digests[keep.field] = digest->second;
  }
}

Task<WriteOutcome> StepRunner::stored(Connector* connector, StoreRequest request) {
  Duration pause = first_store_pause;
  for (int attempt = 1;; ++attempt) {
    StoreRequest copy = request;
    auto storing = connector->store(std::move(copy));
    WriteOutcome outcome = co_await storing;
    bool again =
        (outcome.kind == WriteOutcome::Kind::not_admitted || outcome.kind == WriteOutcome::Kind::unknown) &&
        attempt < most_stores;
    if (!again) co_return outcome;
    // Not given up when the user asks to stop: the value is nowhere else.
    auto sleeping = world_.io.sleep(outcome.retry_after.value_or(pause));
    co_await sleeping;
    pause = Duration{pause.nanoseconds * 2};
  }
}

Task<Status> StepRunner::store_values(const Change* change, Prepared* prepared) {
  Status status;
  for (const Keep& keep : change->keeps) {
    auto expected = prepared->entry.digests.find(keep.field);
    if (expected == prepared->entry.digests.end() || !expected->second.empty()) continue;
    const Value* value = prepared->told.is_fields() ? prepared->told.find(keep.field) : nullptr;
    if (value == nullptr || !value->is_string()) {
      status = fail(lost(*change, keep, "the reply that says it did not come"));
      continue;
    }
    RunObjects::Place sink = objects_.place_of(keep.sink);
    auto connecting = objects_.connector(sink.provider);
    Result<Connector*> connector = co_await connecting;
    if (sink.key.type == nullptr || !connector) {
      status =
          fail(lost(*change, keep,
                    connector ? fmt::format("`{}` is not known", keep.sink) : connector.error().message()));
      continue;
    }
    auto storing = stored(*connector, {sink.key, keep.field, std::string(value->text())});
    WriteOutcome outcome = co_await storing;
    if (outcome.kind != WriteOutcome::Kind::done) {
      std::string why = outcome.error ? outcome.error->message() : "no reply came";
      status = fail(lost(*change, keep, fmt::format("`{}` does not take it: {}", keep.sink, why)));
      continue;
    }
    objects_.forget(keep.sink);
    expected->second = world_.secrets.digest(change->address, keep.field, digest_content(*value));
  }
  // What the reply said is not needed any longer.
  prepared->told = Value();
  co_return status;
}

}  // namespace carbon
