#pragma once

#include <span>
#include <string_view>

namespace carbon {

/// One source file of a package that comes with carbon.
struct StandardFile {
  std::string_view package;  ///< `std/postgres`, as it is imported
  std::string_view path;     ///< as diagnostics show it: `std/postgres/postgres.carbon`
  std::string_view text;
};

/// All of them, in order of packages. `std/k8s` is not here: its types come from Kubernetes' own schemas.
[[nodiscard]] std::span<const StandardFile> standard_files();

}  // namespace carbon
