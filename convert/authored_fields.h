#pragma once

#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// Who wrote the fields of a live object, from managedFields.
struct FieldOwners {
  std::vector<FieldSet> applied;  ///< written on purpose, field by field (server-side apply)
  std::vector<FieldSet> updated;  ///< by clients that send whole objects, defaults with them
};

/// Whether a field manager is a part of Kubernetes that writes what it has decided: a volume's name, the
/// replicas that an autoscaler wants.
[[nodiscard]] bool is_server_manager(std::string_view manager);

/// A live object (JSON) with those fields alone that somebody wrote on purpose. A field that nobody owns was
/// filled in by the server; one that was only sent along counts if its value is no default
/// (server_defaults.def). What kubectl's client-side apply was given counts as applied. Without any owner
/// all fields were sent along. Which object it is stays in any case.
[[nodiscard]] Value authored_object(const Value& object, const ResourceType& type, const FieldOwners& owners);

}  // namespace carbon
