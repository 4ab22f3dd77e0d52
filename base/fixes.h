#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace carbon {

/// A safe fix, and what it is for. Points into the diagnostics that it was chosen from.
struct ChosenFix {
  const Diagnostic* diagnostic = nullptr;
  const Fix* fix = nullptr;
};

/// The safe fixes that can be made together, in order of place: of those that overlap, insert at the same
/// place or stand where another one inserts, the first; the others show up again when what is left is checked
/// again. One a diagnostic.
[[nodiscard]] std::vector<ChosenFix> safe_fixes(const std::vector<Diagnostic>& diagnostics);

/// The file's text with fixes made; those of other files are left out. They must be in order of place and not
/// overlap.
[[nodiscard]] std::string with_fixes(const SourceMap::File& file, std::span<const ChosenFix> fixes);

}  // namespace carbon
