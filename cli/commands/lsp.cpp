#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "cli/commands/commands.h"
#include "cli/language_workspace.h"
#include "lsp/server.h"

namespace carbon {

namespace {

/// Diagnostics wait until nothing has been typed for so long.
constexpr int quiet_milliseconds = 50;

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw std::system_error(errno, std::generic_category(), "cannot write to the client");
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

/// Takes what the client has sent, waiting at most so long (-1: for ever). False when the client is gone.
bool receive(lsp::Server& server, int wait, bool& received) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  int ready = ::poll(&input, 1, wait);
  received = ready > 0;
  if (ready <= 0) return ready == 0 || errno == EINTR;
  std::array<char, 64u * 1024> chunk{};
  ssize_t size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
  if (size < 0) return errno == EINTR;
  if (size == 0) return false;
  server.receive({chunk.data(), static_cast<std::size_t>(size)});
  return true;
}

}  // namespace

ExitCode run_lsp(const Options&) {
  LanguageWorkspace workspace;
  lsp::Server server(workspace, write_all);
  while (!server.exit_code()) {
    // Everything that has arrived is read before the next answer: it may be cancelled there.
    int wait = server.has_message() ? 0 : server.is_dirty() ? quiet_milliseconds : -1;
    bool received = false;
    bool there = receive(server, wait, received);
    if (received && there) continue;
    if (server.has_message()) {
      server.handle();
    } else if (!there) {
      return server.lost_client() == 0 ? ExitCode::success : ExitCode::error;
    } else if (server.is_dirty()) {
      server.publish();
    }
  }
  return *server.exit_code() == 0 ? ExitCode::success : ExitCode::error;
}

}  // namespace carbon
