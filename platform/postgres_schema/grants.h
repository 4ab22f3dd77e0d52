#pragma once

#include "platform/postgres_schema/step_writer.h"

namespace carbon::postgres {

/// The comments and privileges of an object, those of a view's columns and a type's attributes included: from
/// what `live` has, or from nothing when the object is new.
void write_comments(const Change& change, StepWriter& out);
void write_grants(const Change& change, StepWriter& out);

}  // namespace carbon::postgres
