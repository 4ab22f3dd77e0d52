#pragma once

#include "cli/load.h"

namespace carbon {

/// Name of the file beside the platform's that says what its imports were when somebody reviewed them.
inline constexpr std::string_view import_lock_file = "carbon.lock";

/// The text of a lock for what is loaded: a line an imported package or file beneath the root, `SHA-256
/// PATH`, sorted by path, as `sha256sum` writes it. A package's digest is over the names and texts of its
/// files. What comes with carbon is not in it. Errors: C0908.
[[nodiscard]] Result<std::string> import_lock(const LoadedPlatform& loaded);

/// Compares what is loaded with the lock beside it. C0312, with the import as place: content that differs, an
/// import that the lock does not have, a line for which there is no import, and a lock that is missing or not
/// one.
void check_import_lock(const LoadedPlatform& loaded, DiagnosticSink& sink);

}  // namespace carbon
