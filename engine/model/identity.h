#pragma once

#include <string>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// The part of a desired record that says which object is meant: a record of the type's identity fields
/// alone, nested as in the schema.
[[nodiscard]] Value identity_value(const ResourceType& type, const Value& desired);

/// For people: the identity's values in the type's order, `data-platform/grafana`.
[[nodiscard]] std::string identity_text(const ResourceType& type, const Value& identity);

/// The type of the value at a path, or nullptr where the schema does not say.
[[nodiscard]] TypePtr type_at(const Type& schema, const FieldPath& path);

}  // namespace carbon
