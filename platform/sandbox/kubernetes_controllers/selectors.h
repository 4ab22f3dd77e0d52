#pragma once

#include "base/value.h"

namespace carbon::sandbox {

/// metav1.LabelSelector (matchLabels and matchExpressions) against the labels of an object; an empty selector
/// matches everything, an absent one (nullptr) nothing.
[[nodiscard]] bool selects(const Value* selector, const Value& object);

/// A plain map of labels, as a Service has it. Absent or empty: selects nothing.
[[nodiscard]] bool labels_select(const Value* labels, const Value& object);

}  // namespace carbon::sandbox
