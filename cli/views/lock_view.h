#pragma once

#include <string>

#include "platform/store/store.h"

namespace carbon {

/// `carbon lock list`: one line.
[[nodiscard]] std::string lock_text(const StoreName& name, const LockState& state);
/// `{ "format_version": …, "locks": [ … ] }`.
[[nodiscard]] std::string lock_json(const StoreName& name, const LockState& state);

}  // namespace carbon
