#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace carbon {

/// One source file of a package that comes with carbon.
struct StandardFile {
  std::string_view package;  ///< `std/postgres`, as it is imported
  std::string_view path;     ///< as diagnostics show it: `std/postgres/postgres.carbon`
  std::string_view text;
};

/// All of them, in order of packages. `std/k8s` is not here: its types come from Kubernetes' own schemas; nor
/// are those whose types are vendors' definitions (stdlib/definitions).
[[nodiscard]] std::span<const StandardFile> standard_files();

/// The names of all packages that come with carbon, without `std/`, in order.
[[nodiscard]] std::vector<std::string_view> standard_packages();

}  // namespace carbon
