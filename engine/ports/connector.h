#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "engine/model/resource.h"

namespace carbon {

/// Which server a connector talks to, as that server says. A plan is bound to it.
struct TargetIdentity {
  std::string endpoint;        ///< for people: `https://10.0.0.1:6443`
  std::string uid;             ///< kube-system's uid; pg_control_system().system_identifier
  std::string version;         ///< of the server, for people
  std::string uncertain = {};  ///< why `uid` names less than the server itself would; empty: it does not
};

/// What is asked about one object: by its identity fields alone, so that it can be asked after its block is
/// gone.
struct ObjectKey {
  const ResourceType* type = nullptr;
  Value identity;        ///< record of the type's identity fields, all known
  std::string uid = {};  ///< the server's name of the object, where it is known and the type has one
};

enum class Presence : std::uint8_t {
  present,
  absent,
  unknown,  ///< could not be read: blocks, and never becomes a delete
  later,    ///< cannot be asked before an earlier stage ends
};

/// Somebody other than carbon who set fields, from managedFields.
struct ForeignWriter {
  std::string manager;
  std::string operation;
  std::string time;
  FieldSet fields;
};

/// An object as it is now. `object` holds what the schema knows, trimmed of nothing that a diff may need.
struct LiveObject {
  Presence presence = Presence::unknown;
  Value object;         ///< map or record, as the server sent it (JSON values; not converted to the schema)
  std::string uid;      ///< identity of this very object, empty where the system has none
  std::string version;  ///< resourceVersion or like; compared for equality only
  std::optional<FieldSet> managed;  ///< fields that carbon's own manager holds, where the server tracks that
  std::vector<ForeignWriter> writers;
  std::string token;         ///< the operation token that carbon wrote at create, where one is kept
  std::optional<Error> why;  ///< for presence unknown
};

/// What a connector needs to work out the derived fields of a type.
struct DeriveRequest {
  ObjectKey key;
  Value desired;     ///< as written; no open values are left in it
  FieldSet applied;  ///< what carbon applied last
  bool owned = false;
};

/// `desired` has the derived fields, and no longer what they were worked out from. A null in it stands for
/// something that is to go.
struct Derived {
  Value desired;
  /// What was read belongs to others, and what is desired is not there yet: to be planned as absent.
  bool absent = false;
};

/// What a part of a write costs. The greater one of two is the later one.
enum class StepRisk : std::uint8_t { none, blocking, one_way, lossy };

/// One statement of a write that takes several.
struct WriteStep {
  std::string text;
  std::string summary;  ///< for people
  FieldPath path;       ///< of what it changes; empty where that is not one field
  StepRisk risk = StepRisk::none;
  std::string count;  ///< `1200 rows are lost`, read when the plan was made; may be empty
};

/// One write. `desired` is resolved: no open values are left in it.
struct WriteRequest {
  ObjectKey key;
  Value desired;
  std::vector<FieldPath> changed;  ///< update: the fields that differ
  std::vector<FieldPath> removed;  ///< fields written before and now gone, and nulls: to be removed
  std::string uid;                 ///< precondition, when known
  std::string version;             ///< precondition, when known
  std::string token;               ///< operation token
  /// How long work may take that the server begins and says of later whether it is done.
  Duration work_limit{300'000'000'000};
  /// The reviewed statements, where there are such: nothing else may be sent.
  std::optional<std::vector<std::string>> steps = {};
};

/// What became of a write.
struct WriteOutcome {
  enum class Kind : std::uint8_t {
    done,
    refused,       ///< no effect; `error` says why
    not_admitted,  ///< 429, 503: had no effect, may be repeated
    conflict,      ///< the object is not the one that was planned against, or exists already
    unknown,       ///< sent, no reply: read back
  };
  Kind kind = Kind::unknown;
  LiveObject object;  ///< after the write, when the server told
  /// Why it is not done; with `done`: the object is there, but what made it failed.
  std::optional<Error> error;
  bool at_work = false;  ///< unknown: the server works on it still, so it is not sent again
  std::optional<Duration> retry_after;
  bool part_refused = false;  ///< unknown because a later part was refused, not because no reply came
  /// What only the reply to this write says (`take` of a `create` or `update`): record of fields.
  Value told;
  bool began =
      false;  ///< refused after its work had begun: it may have had an effect, so it is not sent again
};

/// A value that an object is to hold for another one, beside what else is in it.
struct StoreRequest {
  ObjectKey key;
  std::string name;
  std::string content;
};

/// How far an object is from being ready.
struct Readiness {
  enum class Kind : std::uint8_t { ready, waiting, failed };
  Kind kind = Kind::ready;
  std::string reason;  ///< what it waits for, or why it failed
};

/// The way to the objects of one provider. Straight-line coroutines over Io; no I/O of their own. One
/// instance a provider; used on the event-loop thread only.
class Connector {
 public:
  virtual ~Connector() = default;

  /// Asks who the server is. Errors: C0702 to C0705.
  virtual Task<Result<TargetIdentity>> identify() = 0;

  /// Reads many objects with few requests: one LIST a (kind, scope) where that pays. One LiveObject a key, in
  /// order.
  virtual Task<std::vector<LiveObject>> observe(std::vector<ObjectKey> keys) = 0;

  /// Every object of a type in a namespace, or in all of them where none is named; what is there to be
  /// adopted. Errors: what the server said, never a part of the list. C0110 where carbon cannot list.
  virtual Task<Result<std::vector<LiveObject>>> list(const ResourceType* type, std::string name_space) {
    (void)name_space;
    co_return fail(DiagnosticCode::not_yet_supported, "objects of `" + type->name + "` cannot be listed");
  }

  /// Works out the derived fields of one object's desired value. Called after `observe` and before the plan,
  /// for types that have such fields. Errors: what keeps the object from being planned.
  virtual Task<Result<Derived>> derive(DeriveRequest request) {
    co_return Derived{std::move(request.desired), false};
  }

  /// The statements that an update or create would send, with what they would cost; none where a write is not
  /// made of such. Changes nothing. Errors: what stands in the way of the write.
  virtual Task<Result<std::vector<WriteStep>>> steps(WriteRequest request) {
    (void)request;
    co_return std::vector<WriteStep>{};
  }

  /// What the server would make of a write, without making it; the object as it would be, or its refusal. A
  /// connector whose server cannot say so returns nullopt and the local difference stands.
  virtual Task<std::optional<Result<Value>>> preview(WriteRequest request) = 0;

  virtual Task<WriteOutcome> create(WriteRequest request) = 0;
  virtual Task<WriteOutcome> update(WriteRequest request) = 0;
  /// Deletes with uid as precondition; absent counts as done. Done means gone, or on its way with `object`
  /// present.
  virtual Task<WriteOutcome> remove(WriteRequest request) = 0;

  /// Stores a value in an object that is there, and leaves everything else in it as it is; a second time it
  /// has no further effect. C0110 where objects cannot hold such.
  virtual Task<WriteOutcome> store(StoreRequest request) {
    WriteOutcome outcome;
    outcome.kind = WriteOutcome::Kind::refused;
    outcome.error = Error(DiagnosticCode::not_yet_supported,
                          "objects of `" + request.key.type->name + "` cannot hold values of others");
    co_return outcome;
  }

  /// Names of objects of a type that the server has, in a namespace where the type has those: one request, as
  /// far as it tells. To suggest one, never to decide by. Nothing where that cannot be asked.
  virtual Task<std::vector<std::string>> names(const ResourceType* type, std::string object_namespace);

  /// By kstatus' rules for Kubernetes; objects of other systems are ready once they exist.
  virtual Task<Result<Readiness>> readiness(ObjectKey key) = 0;
};

/// Makes connectors for providers whose config is resolved (no open values).
using ConnectorFactory =
    std::function<Result<std::unique_ptr<Connector>>(const ResourceType& type, const Value& config)>;

}  // namespace carbon
