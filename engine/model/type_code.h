#pragma once

#include <memory>

#include "base/result.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// A resource type as plain data, for plan files: schema, identity and operations, so that a plan whose types
/// are declared in a platform's own files applies without these. Docs and places in files are left out. Equal
/// types give equal values.
[[nodiscard]] Value encode_type(const ResourceType& type);

/// The type back, its parts owned by the table and the arena. Errors: C0901 with what is wrong; nothing of a
/// type that does not read as a whole may be used.
[[nodiscard]] Result<std::unique_ptr<ResourceType>> decode_type(const Value& encoded, TypeTable& types,
                                                                ExprArena& expressions);

}  // namespace carbon
