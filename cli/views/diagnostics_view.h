#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "cli/fix.h"

namespace carbon {

/// The document of docs/reference/check.md: all diagnostics in order of place, and what `--fix` did.
[[nodiscard]] std::string diagnostics_json(const DiagnosticSink& diagnostics, const SourceMap& sources,
                                           const std::vector<FixNote>& fixed);

/// The same as a SARIF 2.1.0 log. Paths are relative to the working tree of Git that holds `root`, the
/// platform's folder; without one, to that folder.
[[nodiscard]] std::string diagnostics_sarif(const DiagnosticSink& diagnostics, const SourceMap& sources,
                                            const std::string& root);

}  // namespace carbon
