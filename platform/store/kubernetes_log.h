#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/store/shared_cluster.h"
#include "platform/store/stored_state.h"

namespace carbon {

/// The log of a shared inventory in Kubernetes: a head, the parts of a snapshot and the parts of the log that
/// follows it, each a ConfigMap that is written by compare-and-swap. docs/formats/kubernetes-inventory.md
/// says what is in them, and why no former holder of the lease can write once take_part() has returned.
class KubernetesLog {
 public:
  KubernetesLog(SharedCluster cluster, const std::string& store)
      : session_(std::move(cluster)), key_(inventory_key(store)) {}

  /// Reads everything as it is at one moment. Errors: C0906 for what is damaged or of another format, C0912.
  [[nodiscard]] Status read();
  /// Reads everything, and takes the right to write from every holder of an earlier epoch. Errors: as read();
  /// C0910 when a holder of a later epoch is there.
  [[nodiscard]] Status take_part(const std::string& epoch);

  /// Adds a record. Durable when it returns. Errors: C0910 when another holder writes, C0912; then nothing
  /// more may be written.
  [[nodiscard]] Status add(const std::string& record);
  /// Puts a snapshot in place of all that is there; the store is no longer moved away. Errors: as add().
  [[nodiscard]] Status replace(const std::string& snapshot);
  /// Puts a snapshot of what is there in place of the log where that has become long. Errors: as add().
  [[nodiscard]] Status compact();
  [[nodiscard]] Status set_moved_to(const std::string& moved_to);

  [[nodiscard]] const StoredState& state() const { return state_; }
  [[nodiscard]] const std::string& moved_to() const { return moved_to_; }
  [[nodiscard]] ClusterSession& session() { return session_; }
  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  /// A ConfigMap.
  struct Part {
    std::string name;
    std::string version;  ///< resourceVersion
    std::map<std::string, std::string> data;
    std::map<std::string, std::string> chunks;  ///< of binaryData, decoded
  };

  [[nodiscard]] Result<std::vector<Part>> list();
  [[nodiscard]] Status understand(std::vector<Part> parts);
  [[nodiscard]] Status read_snapshot(const std::map<std::string, const Part*>& by_name);
  [[nodiscard]] Status read_log(const std::map<std::uint64_t, const Part*>& parts);
  [[nodiscard]] Status read_chunks(const Part& part, ChunkReader& reader);
  // False: somebody else was there first.
  /// A merge patch of a ConfigMap, on the version that is known of it.
  [[nodiscard]] Result<bool> change(const std::string& name, std::string& version, const std::string& fields);
  [[nodiscard]] Result<bool> change_head(const std::string& fields);
  [[nodiscard]] Result<bool> take_head();
  [[nodiscard]] Result<bool> seal_last();
  /// Says in the head, which it makes if need be, that the log goes on to this part.
  [[nodiscard]] Result<bool> name_last();
  [[nodiscard]] Result<bool> begin_part(std::uint64_t number, const std::string& chunk);
  [[nodiscard]] Status add_chunk(const std::string& chunk);
  /// After a conflict: whether the chunk is there all the same, written by a request whose answer was lost.
  [[nodiscard]] Result<bool> landed(const std::string& chunk_name, const std::string& chunk);
  [[nodiscard]] Status write_snapshot(const std::string& record, bool moved_back);
  void drop_unnamed(const std::string& snapshot);

  /// The answer to a write by its status: true for done, false for a conflict. `version` is what it has now.
  [[nodiscard]] Result<bool> written(const HttpReply& reply, std::string& version);
  [[nodiscard]] Result<bool> create(const std::string& name, const std::string& data,
                                    const std::string& binary, std::string& version);
  [[nodiscard]] std::string log_name(std::uint64_t number) const;
  [[nodiscard]] std::string path(const std::string& name) const { return session_.configmaps() + "/" + name; }
  [[nodiscard]] Error lost() const;
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& what) const;

  ClusterSession session_;
  std::string key_;
  StoredState state_;
  std::string epoch_;
  std::string moved_to_;
  // The head.
  bool head_there_ = false;
  std::string head_version_;
  std::string head_epoch_;
  std::string snapshot_;
  std::uint64_t snapshot_parts_ = 0;
  std::uint64_t first_log_ = 1;
  std::uint64_t least_last_log_ = 0;  ///< the log goes on to this part at least
  // The last part of the log, which is added to.
  std::uint64_t last_log_ = 0;  ///< 0: there is none
  std::string last_version_;
  std::uint64_t last_chunks_ = 0;
  std::size_t last_bytes_ = 0;
  std::size_t log_bytes_ = 0;       ///< of all parts
  std::uint64_t snapshots_ = 0;     ///< that this process has written
  std::vector<std::string> names_;  ///< of all parts that were seen or made
};

}  // namespace carbon
