#pragma once

#include <string>

#include "base/result.h"

namespace carbon::sandbox {

/// The newest PostgreSQL's program folder: Debian's /usr/lib/postgresql/VERSION/bin, else where PATH has
/// `initdb` and `postgres`. Errors: sandbox_failed, with the package to install.
[[nodiscard]] Result<std::string> find_postgres_programs();

}  // namespace carbon::sandbox
