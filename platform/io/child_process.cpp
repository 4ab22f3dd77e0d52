#include "platform/io/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

namespace carbon {

namespace {

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::int64_t monotonic() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

ProcessReply not_started(int error) {
  ProcessReply reply;
  reply.ended = ProcessReply::Ended::not_started;
  reply.failure = std::strerror(error);
  return reply;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  // posix_spawn takes them as char* and does not write.
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// The child's process id, or 0 and errno's value.
std::pair<pid_t, int> spawn(const ProcessRequest& request, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A group of its own: it is killed with all that it started, and Ctrl-C is carbon's alone.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> words{request.path};
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  std::vector<char*> arguments = pointers(words);
  std::vector<char*> environment = pointers(request.environment);
  pid_t child = 0;
  int error =
      posix_spawn(&child, request.path.c_str(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return {error == 0 ? child : 0, error};
}

/// Takes what is there. False at the end of the output.
bool take(int fd, const ProcessRequest& request, ProcessReply& reply) {
  std::array<char, 4096> part{};
  ssize_t got = ::read(fd, part.data(), part.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  reply.output.append(part.data(), static_cast<std::size_t>(got));
  if (reply.output.size() > request.most_output) reply.ended = ProcessReply::Ended::too_much_output;
  return got > 0 && reply.ended != ProcessReply::Ended::too_much_output;
}

/// Reads until the program has ended, however long others that it started keep its output open.
void follow(pid_t child, int output, const ProcessRequest& request, ProcessReply& reply) {
  Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  std::int64_t deadline = monotonic() + request.timeout.nanoseconds;
  bool open = true;
  while (true) {
    std::int64_t left = (deadline - monotonic()) / 1'000'000;
    if (left <= 0) {
      reply.ended = ProcessReply::Ended::timed_out;
      return;
    }
    std::array<pollfd, 2> waited{{{ended.get(), POLLIN, 0}, {open ? output : -1, POLLIN, 0}}};
    if (::poll(waited.data(), waited.size(), static_cast<int>(left)) < 0 && errno != EINTR) return;
    // A kernel without pidfd_open (before 5.3): the end of the output has to do.
    bool over = (waited[0].revents & POLLIN) != 0 || (ended.get() < 0 && !open);
    while (open && (waited[1].revents & (POLLIN | POLLHUP)) != 0) {
      std::size_t before = reply.output.size();
      open = take(output, request, reply);
      if (reply.output.size() == before) break;
    }
    if (over || reply.ended == ProcessReply::Ended::too_much_output) return;
  }
}

}  // namespace

ProcessReply run_process(const ProcessRequest& request) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return not_started(errno);
  Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  // The program's own end must block like any other standard output.
  ::fcntl(input.get(), F_SETFL, 0);
  auto [child, error] = spawn(request, input.get());
  input.close();
  if (child == 0) return not_started(error);
  ProcessReply reply;
  follow(child, output.get(), request, reply);
  // Also after a good end: whatever it left behind in its group has no business to go on.
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (reply.ended != ProcessReply::Ended::exited) {
    reply.output.clear();
    return reply;
  }
  if (WIFSIGNALED(status)) reply.ended = ProcessReply::Ended::killed;
  reply.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return reply;
}

ProcessRunner::~ProcessRunner() {
  for (std::thread& thread : threads_) thread.join();
}

void ProcessRunner::start(ProcessRequest request, std::function<void(ProcessReply)> done) {
  threads_.emplace_back([post = post_, request = std::move(request), done = std::move(done)] {
    ProcessReply reply = run_process(request);
    post([done, reply = std::move(reply)] { done(reply); });
  });
}

}  // namespace carbon
