#pragma once

#include "base/field_path.h"
#include "base/result.h"
#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// Decodes FieldsV1, the form of managedFields (structured-merge-diff, "serialize.go"): `f:NAME` is a field,
/// `k:{…}` an item by its keys, `v:…` a set's member, `i:N` a position, `.` the node itself; an empty node is
/// a member. The keys of an item come in the order of the schema's key fields, alphabetically where the
/// schema says nothing; `schema` may be nullptr. Errors: bad_reply.
[[nodiscard]] Result<FieldSet> decode_fields_v1(const Value& fields, const Type* schema);

}  // namespace carbon
