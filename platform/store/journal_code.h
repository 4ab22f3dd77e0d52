#pragma once

#include <string_view>

#include "engine/apply/journal.h"

namespace carbon {

/// The word of an event's kind in a store, and back. Errors: C0906.
[[nodiscard]] std::string_view kind_name(JournalKind kind);
[[nodiscard]] Result<JournalKind> kind_from(std::string_view name);

}  // namespace carbon
