#pragma once

#include "dsl/check/session.h"

namespace carbon {

/// C0313 in a program without errors for declared names of another case than is usual: values and fields in
/// snake_case, types and components in UpperCamelCase. Fields that mirror somebody else's names (`via
/// kubernetes`, plain records) are left alone, as are the packages of the standard library.
void warn_of_naming(Session& session);

}  // namespace carbon
