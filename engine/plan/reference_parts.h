#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/object_reference.h"
#include "engine/model/resource.h"
#include "engine/ports/connector.h"

namespace carbon {

/// The parts of a kind that an object has, sorted: keys of a Secret or ConfigMap, names or numbers of a
/// Service's ports. Nothing where that is not known: a value that is open, a Secret that its controller
/// fills.
using PartNames = std::optional<std::vector<std::string>>;

/// Of an object that only the server has.
[[nodiscard]] PartNames parts_of(const LiveObject& live, ReferencedPart::Kind kind);

/// Of a declared object: what it will have once this plan is applied. `live` may be nullptr. One without any
/// content is filled by somebody else, and so is one whose content is ignored.
[[nodiscard]] PartNames parts_of(const Resource& declared, const LiveObject* live, ReferencedPart::Kind kind);

}  // namespace carbon
