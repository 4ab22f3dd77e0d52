#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utc_time.h"
#include "base/value.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/server.h"
#include "platform/sandbox/kubernetes_controllers/pod_selection.h"

namespace carbon::sandbox {

/// The objects as the controllers see and change them. Reads are kept by revision, so that a wave of
/// reconciliations parses an object once. Objects are bare (without apiVersion and kind), as the store has
/// them. One tick's Occasion must be set by begin() before any write.
class Cluster {
 public:
  explicit Cluster(KubernetesSandbox& server) : server_(server) {}
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  void begin(const Occasion& occasion) { occasion_ = &occasion; }
  [[nodiscard]] std::int64_t now() const { return occasion_->now; }
  [[nodiscard]] std::string now_text() const { return utc_time(now()); }
  /// Lower-case letters and digits as the server's generateName gives them.
  [[nodiscard]] std::string random_suffix();

  /// The object, or nullptr. Valid until the next call.
  [[nodiscard]] const Value* get(const StoreKey& key);
  /// In order of namespace and name; of one namespace or, when it is empty, of all.
  [[nodiscard]] std::vector<Value> all(std::string_view storage, std::string_view namespace_name = {});
  /// Pods that a Service or PodDisruptionBudget selects, in order of name.
  [[nodiscard]] std::vector<Value> selected_pods(std::string_view storage, const Value& selecting);
  /// Objects of a storage that this one controls, in order of name.
  [[nodiscard]] std::vector<Value> controlled(std::string_view storage, const Value& owner);

  // Writes. The kind comes from the storage; refusals are the server's.
  ApiResult<Value> create(std::string_view storage, const Value& object);
  ApiResult<Value> update(std::string_view storage, const Value& object);
  /// Writes `object` with that status, if it differs from the present one.
  void write_status(std::string_view storage, const Value& object, const Value& status);
  void remove(std::string_view storage, const Value& object);
  /// A v1 Event about the object, of type Normal or Warning; an equal one is counted up instead.
  struct Note {
    std::string_view type;
    std::string_view reason;
    std::string message;
  };
  void record(std::string_view storage, const Value& object, const Note& note);

  /// Must have been told of all changes when selected_pods() is called.
  [[nodiscard]] PodSelection& selection() { return selection_; }
  /// How often an object was looked at since the beginning, as a measure of the work.
  [[nodiscard]] std::size_t looks() const { return looks_; }
  [[nodiscard]] KubernetesSandbox& server() { return server_; }
  [[nodiscard]] const Occasion& occasion() const { return *occasion_; }

 private:
  struct Kept {
    std::int64_t revision = 0;
    Value object;
  };
  [[nodiscard]] ObjectApi api() { return server_.api(*occasion_); }

  KubernetesSandbox& server_;
  const Occasion* occasion_ = nullptr;
  std::map<StoreKey, Kept> kept_;
  PodSelection selection_;
  std::size_t looks_ = 0;
};

/// apiVersion and kind of a storage that controllers handle; empty for others.
struct KindName {
  std::string_view storage;
  std::string_view api_version;
  std::string_view kind;
};
[[nodiscard]] const KindName& kind_of_storage(std::string_view storage);
/// The storage of an owner's kind; empty for others.
[[nodiscard]] std::string_view storage_of_kind(std::string_view kind);

[[nodiscard]] std::string_view name_of(const Value& object);
[[nodiscard]] std::string_view namespace_of(const Value& object);
[[nodiscard]] std::string_view uid_of(const Value& object);
[[nodiscard]] bool is_going(const Value& object);  ///< deletionTimestamp is set
/// The owner reference with `controller: true`, or nullptr.
[[nodiscard]] const Value* controller_of(const Value& object);
/// metadata.ownerReferences for what `owner` (of that storage) controls.
[[nodiscard]] Value owner_references(std::string_view storage, const Value& owner);
/// The value of an annotation, or empty.
[[nodiscard]] std::string_view annotation(const Value& object, std::string_view name);

}  // namespace carbon::sandbox
