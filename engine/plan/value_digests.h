#pragma once

#include "base/field_path.h"
#include "base/value.h"
#include "engine/inventory/inventory.h"
#include "engine/model/resource_type.h"
#include "engine/plan/diff.h"
#include "engine/plan/plan.h"
#include "engine/ports/secrets.h"

namespace carbon {

// Kubernetes says who wrote a field (managedFields); SQL does not. There the inventory keeps a short keyed
// digest of what was last applied to each field, never the value: a live field with another digest was
// changed by somebody else, a desired one in the platform file.

/// Digests of what is in these fields of an object: in normal form, 16 hex digits each, and one that tells
/// whether the key is still the same. Empty for a type whose server says itself who wrote; without the paths
/// in `secrets`, which have digests of their own, and without what is not known.
[[nodiscard]] DigestMap value_digests(const ResourceType& type, const Address& address,
                                      const FieldSet& fields, const Value& object, const DigestMap& secrets,
                                      const KeyedDigest& digest);

/// Forgets the digests of fields in which the live object holds something else: a write of which nobody knows
/// whether it happened has not been applied there. False if there are such; with another key nobody can tell,
/// and all are forgotten.
bool keep_what_holds(InventoryEntry& entry, const ResourceType& type, const LiveObject& live,
                     const KeyedDigest& digest);

/// Where the difference at a path comes from, as far as the digests tell: the digest of the path itself, or
/// of the smallest applied field around it. `view` is the live object as the schema names its fields. O(depth
/// * size of the field).
[[nodiscard]] FieldCause cause_of(const DiffInput& input, const Value& view, const FieldPath& path);

}  // namespace carbon
