#pragma once

#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// The live object under the names that the type's schema gives its fields, where a server keeps them
/// elsewhere: a Secret's `stringData` is its decoded `data` (Kubernetes API reference, "Secret"); a
/// GeneratedSecret's `data` is decoded too, and a recipe in its `keys` counts as there when the key is, since
/// a generated value is never made again. Any other object is given back as it is.
[[nodiscard]] Value live_view(const ResourceType& type, const Value& live, const Value& desired);

}  // namespace carbon
