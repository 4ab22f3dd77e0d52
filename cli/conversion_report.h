#pragma once

#include "convert/convert.h"

namespace carbon {

/// Says on stderr what was left out, and which variables must be set before a plan. No value is shown.
void print_conversion(const Converted& converted);

}  // namespace carbon
