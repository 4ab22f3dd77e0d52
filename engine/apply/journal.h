#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/inventory/inventory.h"
#include "engine/model/resource.h"

namespace carbon {

/// docs/formats/journal.md. INTENT is durable before any byte of its request is sent.
enum class JournalKind : std::uint8_t { begin, intent, sent, result, unknown, resolved, stop, end };

/// One row. Digests, never values of fields.
struct JournalEvent {
  std::uint64_t sequence = 0;  ///< given by the store
  std::string run;             ///< run id
  JournalKind kind = JournalKind::begin;
  Address address;
  std::string operation;  ///< create, update, delete
  std::string token;      ///< operation token, so that "was it me?" has an answer
  std::string uid;
  std::string detail;  ///< JSON: what resume needs (type, provider, identity, outcome)
  std::int64_t wall_clock = 0;
};

/// Durable record of what apply is about to do and what became of it.
class Journal {
 public:
  virtual ~Journal() = default;
  /// Durable when it returns. Errors: C0907; the caller then stops issuing work.
  virtual Status append(const std::vector<JournalEvent>& events) = 0;
  /// The same, with what these events did to the inventory (InventoryStore::update), in one transaction.
  virtual Status append(const std::vector<JournalEvent>& events, const std::vector<InventoryEntry>& put,
                        const std::vector<Address>& remove) = 0;
  /// All events since the begin of the oldest run without `end`, later runs' too, oldest first; empty when
  /// every run has ended.
  virtual Result<std::vector<JournalEvent>> unfinished() = 0;
  /// Whether an intent with this operation token is on record that is not known to be done: an object that
  /// bears the token was made by it, however late, and has no row in the inventory yet.
  virtual Result<bool> intended(std::string_view token) = 0;
  /// True exactly once for a (plan id, nonce).
  virtual Result<bool> use_plan(const std::string& plan_id, const std::string& nonce) = 0;
  /// Keeps the encoded plan of a run that begins, in place of the one that was kept before: what a run leaves
  /// undone is gone on with inside of it. Errors: C0907.
  virtual Status keep_plan(const std::string& run, const std::string& plan) = 0;
};

}  // namespace carbon
