#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/compile.h"
#include "cli/options.h"
#include "convert/convert.h"

namespace carbon {

/// A file of a package, relative to its root.
struct PackageFile {
  std::string path;
  std::string text;
};

/// The files that a conversion becomes. With a platform's name they are a whole package, with
/// `platform.carbon`.
[[nodiscard]] std::vector<PackageFile> package_files(const Converted& converted, const std::string& platform);

/// Writes the files beneath a folder, which is made. No file is replaced. Errors: C0908.
[[nodiscard]] Status write_package(const std::filesystem::path& folder,
                                   const std::vector<PackageFile>& files);

/// Compares every object with its manifest in a compiled platform that has them. Errors: C0217 for one that
/// comes out otherwise.
[[nodiscard]] Status compare_conversion(const Converted& converted, const Compiled& compiled);

/// Compiles the files in a folder of their own and compares every object with its manifest: what writes
/// somebody's platform is not trusted. Diagnostics of the compilation are printed. Errors: C0217 for an
/// object that comes out otherwise, and when it does not compile.
[[nodiscard]] Status check_conversion(const Converted& converted, const std::vector<PackageFile>& files,
                                      const Options& options);

}  // namespace carbon
