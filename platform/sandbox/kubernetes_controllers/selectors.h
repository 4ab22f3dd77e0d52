#pragma once

#include "base/value.h"

namespace carbon::sandbox {

/// metav1.LabelSelector (matchLabels and matchExpressions) against metadata.labels of an object, nullptr for
/// none; an empty selector matches everything, an absent one (nullptr) nothing.
[[nodiscard]] bool selects(const Value* selector, const Value* labels);

/// A plain map of labels, as a Service has it, against an object's. Absent or empty: selects nothing.
[[nodiscard]] bool labels_select(const Value* wanted, const Value* labels);

}  // namespace carbon::sandbox
