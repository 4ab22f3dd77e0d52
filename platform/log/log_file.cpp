#include "platform/log/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#define SPDLOG_HEADER_ONLY
#define SPDLOG_FMT_EXTERNAL
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>

#include "base/diagnostic_text.h"

namespace carbon::log_file {

namespace {

// The threads of the sandbox's listener write nothing here, so no lock is needed.
std::shared_ptr<spdlog::logger> logger;

/// One line, whatever a server says.
std::string line_of(std::string_view text) { return visible_line(text); }

}  // namespace

Status open(const std::string& path, Level level) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return fail(DiagnosticCode::file_failed, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  ::close(file);
  try {
    logger = spdlog::basic_logger_st("carbon", path);
  } catch (const spdlog::spdlog_ex& failed) {
    return fail(DiagnosticCode::file_failed, fmt::format("cannot write {}: {}", path, failed.what()));
  }
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %P %-7l %v", spdlog::pattern_time_type::utc);
  logger->set_level(level == Level::trace ? spdlog::level::trace : spdlog::level::info);
  // What was done before a crash is what matters.
  logger->flush_on(spdlog::level::info);
  return {};
}

bool is_open() { return logger != nullptr; }
bool traces() { return logger != nullptr && logger->should_log(spdlog::level::trace); }

void info(std::string_view text) {
  if (logger != nullptr) logger->info("{}", line_of(text));
}
void warning(std::string_view text) {
  if (logger != nullptr) logger->warn("{}", line_of(text));
}
void error(std::string_view text) {
  if (logger != nullptr) logger->error("{}", line_of(text));
}

void trace(std::string_view text) {
  if (logger != nullptr) logger->trace("{}", line_of(text));
}

}  // namespace carbon::log_file
