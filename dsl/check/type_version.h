#pragma once

#include <string>

#include "dsl/check/session.h"

namespace carbon {

/// Tells one declaration of a resource type from another: FNV-1a of 64 bits, in hex, over its text and the
/// defaults of all records that its schema reaches, since these stand in declarations of their own. O(size of
/// the schema).
[[nodiscard]] std::string type_version(const Session& session, const TypeEntry& entry, TypePtr schema);

}  // namespace carbon
