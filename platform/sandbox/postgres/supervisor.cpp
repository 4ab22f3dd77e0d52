#include "platform/sandbox/postgres/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fmt/core.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace carbon::sandbox {

namespace {

void sleep_milliseconds(long count) noexcept {
  timespec time{0, count * 1'000'000};
  ::nanosleep(&time, nullptr);
}

Error system_error(std::string_view what) {
  return {DiagnosticCode::sandbox_failed, fmt::format("{}: {}", what, std::strerror(errno))};
}

pid_t wait_for(pid_t child) noexcept {
  pid_t ended = 0;
  while ((ended = ::waitpid(child, nullptr, 0)) < 0 && errno == EINTR) {
  }
  return ended;
}

/// A fast shutdown, and an immediate one when that takes more than ten seconds.
void stop_server(pid_t server) noexcept {
  constexpr int rounds = 2000;
  ::kill(server, SIGINT);
  for (int round = 0; round < rounds; ++round) {
    if (::waitpid(server, nullptr, WNOHANG) != 0) return;
    sleep_milliseconds(5);
  }
  ::kill(server, SIGQUIT);
  wait_for(server);
}

/// A child that ends when it holds the lock alone. The lock belongs to the open file that it shares with its
/// parent, which so keeps it: nobody joins while the server goes down.
pid_t fork_watcher(int users) noexcept {
  pid_t watcher = ::fork();
  if (watcher != 0) return watcher;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (::flock(users, LOCK_EX) < 0 && errno == EINTR) {
  }
  ::_exit(0);
}

/// The supervisor's whole life. Runs after fork in a process that may have had threads: system calls only.
/// Descriptor 3 is the pipe that says that it lives.
[[noreturn]] void supervise(const Supervised& supervised) noexcept {
  ::prctl(PR_SET_NAME, "carbon-postgres");
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  int users = ::open(supervised.users_lock.c_str(), O_RDWR | O_CLOEXEC);
  pid_t server = ::fork();
  if (server == 0) {
    // Ignored signals survive exec, and the server installs its own handlers only for some.
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
    supervised.server.exec(SIGINT);
  }
  pid_t watcher = fork_watcher(users);
  pid_t ended = wait_for(-1);
  if (ended == server) {
    ::kill(watcher, SIGKILL);
  } else {
    stop_server(server);
  }
  if (!supervised.temporary_folder.empty()) ::rmdir(supervised.temporary_folder.c_str());
  ::_exit(0);
}

/// Leaves the starter's terminal, files, folder and process tree.
[[noreturn]] void detach(const Supervised& supervised, int alive) noexcept {
  ::setsid();
  if (::chdir("/") != 0) ::_exit(1);
  int null = ::open("/dev/null", O_RDWR);
  for (int standard : {0, 1, 2}) ::dup2(null, standard);
  constexpr int kept = 3;
  if (alive != kept) ::dup2(alive, kept);
  ::fcntl(kept, F_SETFD, FD_CLOEXEC);
  ::close_range(kept + 1, ~0U, 0);
  if (::fork() == 0) supervise(supervised);
  ::_exit(0);
}

}  // namespace

Result<Supervisor> Supervisor::start(const Supervised& supervised) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail(system_error("pipe"));
  Supervisor supervisor(pipe[0]);
  pid_t child = ::fork();
  if (child == 0) detach(supervised, pipe[1]);
  Error error = system_error("fork");
  ::close(pipe[1]);
  if (child < 0) return fail(std::move(error));
  wait_for(child);
  return supervisor;
}

Supervisor::~Supervisor() {
  if (alive_ >= 0) ::close(alive_);
}

bool Supervisor::ended_within(int milliseconds) const {
  pollfd waited{alive_, POLLIN, 0};
  return ::poll(&waited, 1, milliseconds) > 0;
}

}  // namespace carbon::sandbox
