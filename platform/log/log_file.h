#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace carbon {

/// `--log-file`: what this process does, a line each, for whoever has to find out later what went on
/// (docs/reference/log.md). One a process, as there is one command; without it the functions do nothing.
namespace log_file {

enum class Level : bool { normal, trace };

/// Appends to the file, which is made with mode 0600. Errors: C0908.
[[nodiscard]] Status open(const std::string& path, Level level);
[[nodiscard]] bool is_open();
/// Whether every request is to be told.
[[nodiscard]] bool traces();
void info(std::string_view text);
void warning(std::string_view text);
void error(std::string_view text);
/// Where traces() is true.
void trace(std::string_view text);

}  // namespace log_file

}  // namespace carbon
