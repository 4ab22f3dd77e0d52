#pragma once

#include <string>

#include "base/result.h"

namespace carbon {

/// The content of a kubeconfig or a file that one names. Errors: C0701 for one that is missing, cannot be
/// read or is larger than 4 MiB.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path);

/// Without the white space at its end.
[[nodiscard]] std::string trimmed(std::string text);

/// C0701 about a file, with a remedy.
[[nodiscard]] tl::unexpected<Error> kubeconfig_problem(std::string_view file, std::string_view what,
                                                       std::string remedy);

}  // namespace carbon
