#pragma once

#include <string>
#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// A field of a Kubernetes object that names another object: a dependency that nobody has to write.
struct ObjectReference {
  std::string group;  ///< empty for the core group
  std::string kind;
  /// Empty for cluster-scoped kinds, and where the object itself writes no namespace (the provider's then).
  std::string object_namespace;
  std::string name;
  FieldPath path;         ///< the field that names it
  bool optional = false;  ///< the object also works without (`optional = true` of a secretKeyRef)
};

/// What the object names, by the rules of references.def, in the order of the rules. Names that are not known
/// yet are left out: such a dependency is an expression's already. The namespace that the object lives in is
/// one of them, if written; for a custom resource it is the only one.
[[nodiscard]] std::vector<ObjectReference> object_references(const ResourceType& type, const Value& desired);

}  // namespace carbon
