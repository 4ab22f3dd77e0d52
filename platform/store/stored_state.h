#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/inventory/inventory.h"
#include "platform/store/store.h"

namespace carbon {

/// All that a store holds that is kept as a log of records (docs/formats/kubernetes-inventory.md): what the
/// records say, one after the other.
class StoredState {
 public:
  /// Adds what a record says. Errors: C0906 for what is no record.
  [[nodiscard]] Status apply(std::string_view record);

  /// The records for what is to be written; apply() takes each.
  [[nodiscard]] static std::string change_record(const std::vector<InventoryEntry>& put,
                                                 const std::vector<Address>& remove,
                                                 const std::vector<JournalEvent>& events = {});
  [[nodiscard]] static std::string events_record(const std::vector<JournalEvent>& events);
  [[nodiscard]] static std::string used_record(const std::string& plan, const std::string& nonce);
  [[nodiscard]] static std::string plan_record(const std::string& run, const std::string& plan);
  [[nodiscard]] static std::string snapshot_record(const StoreContent& content);

  /// Forgets runs that have ended, the oldest first, until at most so many runs are left; none that began
  /// after one that has not ended.
  void forget_runs(std::size_t most);

  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  /// By address; as encode_entry has them.
  [[nodiscard]] const std::map<Address, std::string, std::less<>>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<JournalEvent>& events() const { return events_; }
  /// As Journal::unfinished says.
  [[nodiscard]] std::vector<JournalEvent> unfinished() const;
  [[nodiscard]] bool intended(std::string_view token) const;
  [[nodiscard]] bool was_used(const std::string& plan, const std::string& nonce) const {
    return used_.contains({plan, nonce});
  }
  [[nodiscard]] const std::pair<std::string, std::string>& kept_plan() const { return kept_plan_; }
  /// Errors: C0906 for an entry that cannot be read.
  [[nodiscard]] Result<StoreContent> content() const;

 private:
  [[nodiscard]] Status change(const Value& put, const Value& remove);
  [[nodiscard]] Status add_events(const Value& events);
  [[nodiscard]] Status add_entries(const Value& entries);
  [[nodiscard]] Status add_snapshot(const Value& record);

  std::uint64_t sequence_ = 0;  ///< of the newest event
  std::uint64_t generation_ = 0;
  std::map<Address, std::string, std::less<>> entries_;
  std::vector<JournalEvent> events_;
  std::set<std::pair<std::string, std::string>> used_;
  std::pair<std::string, std::string> kept_plan_;
};

/// A record, compressed, as the chunks that are stored of it, each of at most `most` bytes. The first byte of
/// a chunk says where in its record it stands: `.` all of it, `<` the first, `-` in the middle, `>` the last.
[[nodiscard]] std::vector<std::string> chunks_of(std::string_view record, std::size_t most);

/// Puts chunks together again. A record that another one follows before its end counts for nothing.
class ChunkReader {
 public:
  /// The record that this chunk ends; empty where more of it follows. Errors: C0906 for what is no chunk.
  [[nodiscard]] Result<std::string> add(std::string_view chunk);

 private:
  std::string begun_;
};

}  // namespace carbon
