#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace carbon::sandbox {

/// Where an object is kept. Sorted as lists are answered: by namespace, then name.
struct StoreKey {
  std::string storage;  ///< `configmaps`, `deployments.apps`
  std::string namespace_name;
  std::string name;

  friend auto operator<=>(const StoreKey&, const StoreKey&) = default;
};

/// The revision of one object: what it was then. `json` is without apiVersion and kind, as items of lists
/// are; its metadata.resourceVersion is `revision`.
struct StoredObject {
  StoreKey key;
  std::int64_t revision = 0;
  std::int64_t previous = 0;  ///< 0: it was created by this revision
  bool deleted = false;       ///< `json` is then the last state
  std::string json;
};

/// Objects in one append-only SQLite table, as kine keeps etcd's: each write is a row, its number the
/// revision of the whole store. Owner references are indexed in memory, to find dependents. A committed batch
/// survives `kill -9` (WAL, synchronous=NORMAL: only a power cut may lose the last ones). One thread.
class ObjectStore {
 public:
  /// `path` may be `:memory:`. Errors: the file cannot be opened or is no store of ours.
  [[nodiscard]] static Result<std::unique_ptr<ObjectStore>> open(const std::string& path);
  ~ObjectStore();
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  /// Writes until commit() become durable together; without begin() each write commits by itself.
  void begin();
  [[nodiscard]] Status commit();

  /// Revision of the last write; a new store begins at 200, since a real server has written its own objects
  /// too and 0 and 1 mean something to clients.
  [[nodiscard]] std::int64_t revision() const { return revision_; }
  [[nodiscard]] std::optional<StoredObject> get(const StoreKey& key);
  /// Revision of the object now, 0 when it is absent. No disk access.
  [[nodiscard]] std::int64_t revision_of(const StoreKey& key) const;
  /// The revision that the next put or remove will have: it must stand in the JSON already.
  [[nodiscard]] std::int64_t next_revision() const { return revision_ + 1; }
  /// Appends a new state. `uid` is the object's own, `owners` are those of its owner references. Errors: the
  /// disk is full, or alike; then nothing was stored.
  [[nodiscard]] Status put(const StoreKey& key, std::string_view json, std::string_view uid,
                           const std::vector<std::string>& owners);
  /// Appends the deletion, with the last state.
  [[nodiscard]] Status remove(const StoreKey& key, std::string_view json);

  /// Keys of a storage in order, after `after` (a namespace and name), in one namespace or all. No disk
  /// access.
  using Visit = std::function<bool(const StoreKey& key, std::int64_t revision)>;  ///< false stops
  void visit(std::string_view storage, std::string_view namespace_name, const StoreKey* after,
             const Visit& visit) const;
  [[nodiscard]] std::size_t count(std::string_view storage, std::string_view namespace_name) const;
  /// One row by its revision, also an old one; nothing when compacted away.
  [[nodiscard]] std::optional<StoredObject> at(std::int64_t revision);
  /// Rows after a revision, oldest first, at most `limit`; of one storage, or of all when it is empty.
  [[nodiscard]] std::vector<StoredObject> since(std::int64_t revision, std::string_view storage,
                                                std::size_t limit);
  /// Keys of a storage as they were at a revision, each with the revision of its row, in order. Reads the
  /// whole table.
  [[nodiscard]] std::vector<std::pair<StoreKey, std::int64_t>> keys_at(std::int64_t revision,
                                                                       std::string_view storage);
  /// Objects that name this uid as an owner.
  [[nodiscard]] std::vector<StoreKey> dependents(std::string_view owner_uid) const;

  /// The object of that uid, or nullptr.
  [[nodiscard]] const StoreKey* find_uid(std::string_view uid) const;

  /// Up to this revision everything that follows from a write has been done: what reacts to writes begins
  /// here when the store is opened again.
  [[nodiscard]] std::int64_t settled() const { return settled_; }
  /// Part of the current batch.
  [[nodiscard]] Status set_settled(std::int64_t revision);

  /// Old rows before this revision are gone: a watch or list from before it is answered 410.
  [[nodiscard]] std::int64_t compacted() const { return compacted_; }
  /// Drops states that were replaced before `revision`.
  [[nodiscard]] Status compact(std::int64_t revision);

 private:
  struct Backend;  ///< SQLite and its prepared statements
  struct Row {
    std::int64_t revision = 0;
    std::string uid;
    std::vector<std::string> owners;
  };
  explicit ObjectStore(std::unique_ptr<Backend> backend);
  [[nodiscard]] Status load();
  [[nodiscard]] Status append(const StoreKey& key, std::string_view json, std::string_view uids,
                              std::int64_t deleted);
  void index(const StoreKey& key, Row& row, std::vector<std::string> owners);
  void forget(const StoreKey& key, const Row& row);

  std::unique_ptr<Backend> backend_;
  std::int64_t revision_ = 200;
  std::int64_t compacted_ = 0;
  std::int64_t settled_ = 0;
  std::map<StoreKey, Row> index_;
  std::multimap<std::string, StoreKey, std::less<>> by_owner_;
  std::unordered_map<std::string_view, const StoreKey*> by_uid_;  ///< both point into `index_`
};

}  // namespace carbon::sandbox
