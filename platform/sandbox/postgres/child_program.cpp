#include "platform/sandbox/postgres/child_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace carbon::sandbox {

ChildProgram::ChildProgram(std::vector<std::string> command, ServerUser user, std::string folder,
                           std::string log)
    : command_(std::move(command)), user_(std::move(user)), folder_(std::move(folder)), log_(std::move(log)) {
  for (std::string& argument : command_) arguments_.push_back(argument.data());
  arguments_.push_back(nullptr);
}

Status ChildProgram::run() const {
  pid_t child = ::fork();
  if (child < 0) return fail(DiagnosticCode::sandbox_failed, fmt::format("fork: {}", std::strerror(errno)));
  if (child == 0) exec(SIGKILL);
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return {};
  Error error(DiagnosticCode::sandbox_failed, fmt::format("`{}` failed", command_.front()));
  return fail(std::move(error).note(tail_of(folder_ + "/" + log_)));
}

void ChildProgram::exec(int signal_on_orphan) const noexcept {
  // The folder before the user, who may have no way to it. The user before the log, which is in the user's
  // folder: root must not follow what stands there. Only then the signal on the parent's death, which
  // changing the user clears.
  int folder = ::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (folder < 0 || !become(user_) || ::chdir("/") != 0) ::_exit(126);
  if (signal_on_orphan != 0) ::prctl(PR_SET_PDEATHSIG, signal_on_orphan);
  int null = ::open("/dev/null", O_RDWR);
  int log = ::openat(folder, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
  ::dup2(null, 0);
  ::dup2(log < 0 ? null : log, 1);
  ::dup2(log < 0 ? null : log, 2);
  constexpr int kept = 3;  // own_folder
  if (folder != kept) ::dup2(folder, kept);
  ::close_range(kept + 1, ~0U, 0);
  // The starter may block signals, and a blocked SIGINT would make the server deaf to a fast shutdown.
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  char locale[] = "LC_ALL=C";
  char path[] = "PATH=/usr/bin:/bin";
  char zone[] = "TZ=UTC";
  char* environment[] = {locale, path, zone, nullptr};
  ::execve(arguments_.front(), arguments_.data(), environment);
  ::_exit(127);
}

std::string tail_of(const std::string& path) {
  constexpr std::size_t longest = 2000;
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  while (!all.empty() && all.back() == '\n') all.pop_back();
  if (all.size() <= longest) return all;
  std::size_t line = all.find('\n', all.size() - longest);
  return all.substr(line == std::string::npos ? all.size() - longest : line + 1);
}

}  // namespace carbon::sandbox
