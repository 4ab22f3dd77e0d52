#pragma once

#include <vector>

#include "base/field_path.h"
#include "engine/model/resource_type.h"
#include "engine/plan/diff.h"
#include "engine/plan/plan.h"
#include "engine/ports/connector.h"
#include "engine/ports/secrets.h"

namespace carbon {

/// What a plan was made from: uid, version and a digest over the live values of `fields`, in normal form.
/// Secret-bearing fields enter by their keyed digest (`live_digests`, by path text), never by content.
[[nodiscard]] Fingerprint make_fingerprint(const ResourceType& type, const LiveObject& live,
                                           std::vector<FieldPath> fields, const DigestMap& live_digests,
                                           const Digester& digester);

/// True if the object is still the one that the change was planned against, and its fields too. An equal
/// version saves the comparison.
[[nodiscard]] bool fingerprint_holds(const Change& change, const ResourceType& type, const LiveObject& live,
                                     const DigestMap& live_digests, const Digester& digester);

/// True if the object is already as the change wants it; open values count as different, and so do secrets
/// that the change writes, since they cannot be compared.
[[nodiscard]] bool is_as_desired(const Change& change, const ResourceType& type, const LiveObject& live);

}  // namespace carbon
