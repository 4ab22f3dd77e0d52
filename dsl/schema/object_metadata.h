#pragma once

#include "engine/model/resource_type.h"

namespace carbon {

/// Objects of a Kubernetes kind are named by `metadata`, whatever the kind's schema writes of it: sets the
/// identity, and puts the field first where the schema (the record of the type) has none.
void name_by_metadata(ResourceType& type, Type& schema, TypeTable& types);

}  // namespace carbon
