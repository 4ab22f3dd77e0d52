#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "dsl/expand/expand.h"
#include "engine/expr/function.h"

namespace carbon {

/// The objects of a text of manifests, typed, for k8s.Manifests. `documents` is what stands in the text.
/// Types of definitions in it are added to `types` as `ADDRESS.KIND`; other custom resources have the types
/// of `import schema`. Diagnostics are those of convert_manifests, at the place that declares the text.
[[nodiscard]] std::vector<ManifestObject> manifest_objects(const ManifestText& text,
                                                           const std::vector<Value>& documents,
                                                           ResourceTypes& types, const Patterns& patterns,
                                                           DiagnosticSink& sink);

}  // namespace carbon
