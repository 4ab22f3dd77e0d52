#pragma once

#include "base/source.h"

namespace carbon {

/// What to remove so that an item or declaration is gone: its lines when it stands on them alone, else it and
/// one comma. A comment behind it stays, and then so does its line.
[[nodiscard]] SourceSpan removal_span(const SourceMap& sources, SourceSpan item);

}  // namespace carbon
