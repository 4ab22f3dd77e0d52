#pragma once

#include "base/diagnostic.h"
#include "base/task.h"
#include "engine/observe/observer.h"
#include "engine/plan/plan.h"

namespace carbon {

/// Asks for the statements of every change whose type has derived fields, and what they cost. A change whose
/// statements cannot be had is an error (that of the connector). Input and plan outlive the task.
Task<void> read_steps(const ObserveInput* input, Plan* plan, DiagnosticSink* sink);

}  // namespace carbon
