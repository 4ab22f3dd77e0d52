#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/object_schema.h"
#include "platform/sandbox/kubernetes/path_set.h"

namespace carbon::sandbox {

/// One entry of metadata.managedFields.
struct ManagerEntry {
  std::string manager;
  bool applied = false;  ///< operation Apply, else Update
  std::string api_version;
  std::string time;  ///< empty: it never changed the object
  std::string subresource;
  PathSet paths;

  /// The same manager: for an updater the version counts too (KEP-555).
  [[nodiscard]] bool same_manager(const ManagerEntry& other) const;
};

using ManagerEntries = std::vector<ManagerEntry>;

[[nodiscard]] ManagerEntries managers_of(const Value& object);
/// The object with these entries, in the server's order: appliers first, then by time and name.
[[nodiscard]] Value with_managers(const Value& object, ManagerEntries entries);

/// Who writes, as what, and what of the object is not his to own (a status outside its subresource).
struct Writer {
  std::string manager;
  std::string api_version;
  std::string subresource;
  std::string now;  ///< metav1.Time
  PathSet ignored;
};

struct Applied {
  Value object;  ///< without managedFields; the live object itself when `changed` is false
  bool changed = false;
  ManagerEntries managers;
};

/// Whether other managers' fields are taken (`force=true`) or refused with 409.
enum class Force : std::uint8_t { no, yes };

/// Server-side apply of `config` (checked by typed_errors) to `live`, which has no managedFields; `blank` is
/// what an object of the kind is before anything is set. Errors: 409 with a cause a conflicting field.
/// Source: apimachinery pkg/util/managedfields/internal, structured-merge-diff merge/update.go.
[[nodiscard]] ApiResult<Applied> apply_config(const SchemaNode& schema, const Value& blank, const Value& live,
                                              const Value& config, ManagerEntries managers,
                                              const Writer& writer, Force force);

/// Who owns what after an ordinary write took the object from `before` to `after` (neither has
/// managedFields). Objects that nobody tracks stay so, unless they are new.
enum class Age : std::uint8_t { new_object, existing };
[[nodiscard]] ManagerEntries managers_after_update(const SchemaNode& schema, const Value& before,
                                                   const Value& after, ManagerEntries managers,
                                                   const Writer& writer, Age age);

}  // namespace carbon::sandbox
