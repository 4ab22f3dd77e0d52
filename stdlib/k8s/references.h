#pragma once

#include <string_view>
#include <vector>

#include "base/value.h"
#include "engine/model/object_reference.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// What the object names, by the rules of references.def, in the order of the rules. Names that are not known
/// yet are left out: such a dependency is an expression's already. The namespace that the object lives in is
/// one of them, if written; for a custom resource its definition is another.
[[nodiscard]] std::vector<ObjectReference> object_references(const ResourceType& type, const Value& desired);

/// True for an object that every cluster has, or makes in every namespace (made_objects.def).
[[nodiscard]] bool is_in_every_cluster(const ObjectReference& reference);

/// True if controllers make objects because of objects of this type, by made_objects.def.
[[nodiscard]] bool is_maker(const ResourceType& type);

/// True if a controller makes the object that is named because of this one: the Secret of a cert-manager
/// Certificate, the claims of a StatefulSet (made_objects.def).
[[nodiscard]] bool makes_object(const ResourceType& type, const Value& desired,
                                const ObjectReference& reference);

/// True if objects that no table knows may be made because of this one: a custom resource that names the
/// object anywhere, or begins its name with its own; a Role with which something may create objects of the
/// kind in the namespace, as programs do that write their own certificate or password. A ClusterRole says
/// nothing: any controller of certificates has one, and then nothing would ever be missing.
[[nodiscard]] bool may_make_object(const ResourceType& type, const Value& desired,
                                   const ObjectReference& reference);

}  // namespace carbon
