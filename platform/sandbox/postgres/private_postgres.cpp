#include "platform/sandbox/postgres/private_postgres.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/core.h>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "platform/sandbox/postgres/database_folder.h"
#include "platform/sandbox/postgres/postgres_programs.h"
#include "platform/sandbox/postgres/supervisor.h"

namespace carbon::sandbox {

namespace {

constexpr int usual_port = 5432;

std::string socket_path(const std::string& folder, int port) {
  return fmt::format("{}/.s.PGSQL.{}", folder, port);
}

bool accepts_connections(const Postmaster& server) {
  sockaddr_un address{};
  std::string path = socket_path(server.socket_folder, server.port);
  if (path.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return false;
  bool connected = ::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(connection);
  return connected;
}

/// A free port now; somebody else may still take it before the server does, which the server's log then says.
int free_loopback_port() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return usual_port;
  bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
               ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  return bound ? ntohs(address.sin_port) : usual_port;
}

/// The folder of the socket: beside the data, or a short one where the clients' path would not fit sun_path.
struct SocketPlace {
  std::string folder;     ///< as the server sees it
  std::string temporary;  ///< the same, when it has to be removed later
};

Result<SocketPlace> choose_socket_place(const DatabaseFolder& folder, int port, const ServerUser& user) {
  std::string beside = folder.server() + "/run";
  if (socket_path(beside, port).size() < sizeof(sockaddr_un::sun_path))
    return SocketPlace{fmt::format("{}/run", own_folder), ""};
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  bool usable = runtime != nullptr && *runtime == '/' && !user.switched && std::strlen(runtime) < 60;
  std::string made =
      CARBON_TRY(make_temporary_folder(std::string(usable ? runtime : "/tmp") + "/carbon-", user));
  return SocketPlace{made, made};
}

std::vector<std::string> server_command(const std::string& programs, const std::string& sockets, int port,
                                        PrivatePostgres::Reach reach) {
  std::vector<std::string> command = {programs + "/postgres", "-D", fmt::format("{}/data", own_folder), "-p",
                                      std::to_string(port)};
  const char* listen = reach == PrivatePostgres::Reach::loopback ? "127.0.0.1" : "";
  for (const std::string& setting :
       {fmt::format("listen_addresses={}", listen), fmt::format("unix_socket_directories={}", sockets),
        std::string("unix_socket_permissions=0700"), std::string("fsync=off"),
        std::string("full_page_writes=off"), std::string("logging_collector=off")}) {
    command.insert(command.end(), {"-c", setting});
  }
  return command;
}

Result<Postmaster> wait_until_ready(const Supervisor& supervisor, const DatabaseFolder& folder) {
  constexpr int rounds = 12'000;  // a minute: replaying the log of a killed server takes its time
  for (int round = 0; round < rounds; ++round) {
    bool ended = supervisor.ended_within(5);
    auto server = running_postmaster(folder.data());
    if (!ended && server && server->ready && accepts_connections(*server)) return *server;
    if (!ended) continue;
    return fail(Error(DiagnosticCode::sandbox_failed, "the private PostgreSQL did not start")
                    .note(fmt::format("{}:\n{}", folder.log(), tail_of(folder.log()))));
  }
  return fail(DiagnosticCode::sandbox_failed, "the private PostgreSQL does not become ready");
}

/// Under the start lock: the server that runs, or a new one.
Result<Postmaster> join_or_start(const DatabaseFolder& folder, PrivatePostgres::Reach reach) {
  constexpr int rounds = 2000;
  // Without a supervisor (it was killed) the server is on its way down; its place is not free before.
  for (int round = 0; round < rounds; ++round) {
    auto server = running_postmaster(folder.data());
    if (!server) break;
    if (server->ready && accepts_connections(*server)) return *server;
    ::usleep(5000);
  }
  std::string programs = CARBON_TRY(find_postgres_programs());
  ServerUser user = CARBON_TRY(choose_server_user());
  int port = reach == PrivatePostgres::Reach::loopback ? free_loopback_port() : usual_port;
  SocketPlace sockets = CARBON_TRY(choose_socket_place(folder, port, user));
  ChildProgram server(server_command(programs, sockets.folder, port, reach), user, folder.server(), "log");
  Supervisor supervisor = CARBON_TRY(Supervisor::start({server, folder.users_lock(), sockets.temporary}));
  return wait_until_ready(supervisor, folder);
}

/// A value in a connection string of libpq.
std::string connection_word(std::string_view value) {
  std::string word = "'";
  for (char letter : value) {
    if (letter == '\'' || letter == '\\') word += '\\';
    word += letter;
  }
  word += "'";
  bool plain = value.find_first_of(" '\\\t\n") == std::string_view::npos && !value.empty();
  return plain ? std::string(value) : word;
}

std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + "'";
}

Result<DatabaseFolder> prepare(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  DatabaseFolder out{std::filesystem::canonical(folder, error)};
  if (error || ::chmod(out.root.c_str(), 0700) != 0) {
    return fail(DiagnosticCode::sandbox_failed, fmt::format("{}: cannot be made", folder));
  }
  return out;
}

}  // namespace

std::string PostgresAddress::psql() const {
  return fmt::format("psql {}", shell_word(fmt::format("host={} port={} user={} dbname=postgres passfile={}",
                                                       connection_word(socket_folder), port, user,
                                                       connection_word(passfile))));
}

Result<PrivatePostgres> PrivatePostgres::open(const std::string& folder, Reach reach) {
  // Asked first, so that a machine without PostgreSQL hears that and is left no half-made folder.
  std::string programs = CARBON_TRY(find_postgres_programs());
  DatabaseFolder place = CARBON_TRY(prepare(folder));
  FileLock using_it = CARBON_TRY(FileLock::take(place.users_lock(), FileLock::Kind::shared));
  FileLock starting = CARBON_TRY(FileLock::take(place.start_lock(), FileLock::Kind::exclusive));
  if (place.password().empty()) {
    ServerUser user = CARBON_TRY(choose_server_user());
    CARBON_CHECK(place.make(programs, user));
  }
  Postmaster server = CARBON_TRY(join_or_start(place, reach));
  bool loopback = !server.listens.empty();
  if (reach == Reach::loopback && !loopback) {
    return fail(
        Error(DiagnosticCode::sandbox_failed, "the sandbox's database runs already, without a TCP port")
            .help("end the other carbon process that uses this sandbox, then try again"));
  }
  return PrivatePostgres(
      place.root, std::move(using_it),
      {server.socket_folder, server.port, loopback, "postgres", place.password(), place.passfile()});
}

PrivatePostgres::~PrivatePostgres() {
  if (!user_.held()) return;
  DatabaseFolder place{folder_};
  { FileLock released = std::move(user_); }
  auto alone = FileLock::attempt(place.users_lock(), FileLock::Kind::exclusive);
  bool last = alone && alone->held();
  auto server = running_postmaster(place.data());
  if (last && server) ::kill(server->pid, SIGINT);
  constexpr int rounds = 2000;
  for (int round = 0; round < rounds && running_postmaster(place.data()); ++round) {
    if (!last) {
      // Either others use it, or the supervisor was quicker, and keeps the lock until the server is gone.
      auto shared = FileLock::attempt(place.users_lock(), FileLock::Kind::shared);
      if (!shared || shared->held()) return;
    }
    ::usleep(5000);
  }
}

}  // namespace carbon::sandbox
