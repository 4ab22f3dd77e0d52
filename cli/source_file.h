#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace carbon {

/// The text of a file. Errors: C0305 when there is none, C0908 when it cannot be read or is larger than 256
/// MiB.
[[nodiscard]] Result<std::string> read_source(const std::filesystem::path& path);
/// All of standard input, with the same limit.
[[nodiscard]] Result<std::string> read_standard_input();

/// Whether the real place of `path`, links resolved, is beneath `root`, which must be canonical.
[[nodiscard]] bool is_beneath(const std::filesystem::path& root, const std::filesystem::path& path);

/// Every `.carbon` file beneath a folder, in order. Links are not followed: what they lead to is found under
/// its own name, or is not beneath the folder. Hidden folders are left out.
[[nodiscard]] std::vector<std::filesystem::path> source_files_beneath(const std::filesystem::path& folder);

/// What replacing a file does when there is none.
enum class WhenMissing : std::uint8_t { fail, make };

/// Replaces a file in one step that leaves either text whole, whatever happens; its mode stays, and its owner
/// where that is allowed. A new one has mode 0644. Errors: C0908.
[[nodiscard]] Status replace_source(const std::filesystem::path& path, std::string_view text,
                                    WhenMissing missing = WhenMissing::fail);

}  // namespace carbon
