#include "platform/sandbox/postgres/private_postgres.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "platform/io/network_driver.h"
#include "platform/sandbox/postgres/database_folder.h"
#include "platform/sandbox/postgres/postgres_programs.h"

using namespace carbon;
using namespace carbon::sandbox;

namespace {

/// A folder that is removed once the server has gone.
struct Folder {
  std::string top;
  std::string path;
  explicit Folder(const std::string& deeper = "") {
    char name[] = "/tmp/carbon-pg-XXXXXX";
    top = ::mkdtemp(name);
    path = top + deeper;
    std::filesystem::create_directories(path);
  }
  ~Folder() {
    CHECK(gone());
    std::error_code error;
    std::filesystem::remove_all(top, error);
    CHECK_MESSAGE(!error, error.message());
  }
  [[nodiscard]] std::optional<Postmaster> server() const { return running_postmaster(path + "/server/data"); }
  [[nodiscard]] bool gone() const {
    for (int round = 0; round < 2000 && server(); ++round) ::usleep(5000);
    return !server();
  }
};

Task<void> ask(Io& io, SqlEndpoint endpoint, std::string text, SqlReply& reply) {
  SqlRequest request;
  request.database = "postgres";
  request.mode = SqlRequest::Mode::plain;
  request.statements.push_back({std::move(text), {}});
  reply = co_await io.sql(endpoint, request);
}

std::string answer(const PostgresAddress& address, const std::string& host, std::string text) {
  NetworkDriver io;
  SqlReply reply;
  SqlEndpoint endpoint;
  endpoint.name = "private";
  endpoint.host = host;
  endpoint.port = address.port;
  endpoint.user = address.user;
  endpoint.password = address.password;
  endpoint.sslmode = "disable";
  Task<void> task = ask(io, endpoint, std::move(text), reply);
  io.run(task);
  if (!reply.ok) return "error: " + reply.message;
  if (reply.results.empty() || reply.results[0].rows.empty()) return "";
  return reply.results[0].rows[0][0].value_or("NULL");
}

std::string answer(const PostgresAddress& address, std::string text) {
  return answer(address, address.socket_folder, std::move(text));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A process that opens the database, says so on a pipe and then waits to be killed.
pid_t other_user(const std::string& folder) {
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  pid_t child = ::fork();
  if (child == 0) {
    auto postgres = PrivatePostgres::open(folder);
    char byte = postgres ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) == 1) ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ::close(ready[1]);
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  CHECK(byte == 'y');
  return child;
}

void kill_hard(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("a private PostgreSQL answers, keeps its data and ends with its last user") {
  if (!find_postgres_programs()) return;
  Folder folder;
  auto began = std::chrono::steady_clock::now();
  {
    auto postgres = PrivatePostgres::open(folder.path);
    REQUIRE_MESSAGE(postgres, (postgres ? "" : postgres.error().message()));
    MESSAGE("cold start: ", seconds_since(began), " s");
    CHECK(answer(postgres->address(), "create table t (x text)") == "");
    CHECK(answer(postgres->address(), "insert into t values ('kept')") == "");
    CHECK(answer(postgres->address(), "show server_encoding") == "UTF8");
    CHECK(answer(postgres->address(), "select datcollate from pg_database where datname = 'postgres'") ==
          "C.UTF-8");
    CHECK(answer(postgres->address(), "show listen_addresses") == "");
    CHECK(answer(postgres->address(),
                 "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'postgres'") ==
          "t");
    struct stat found {};
    REQUIRE(::stat((folder.path + "/password").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    REQUIRE(::stat(postgres->address().socket_folder.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
  }
  CHECK_FALSE(folder.server());
  began = std::chrono::steady_clock::now();
  auto again = PrivatePostgres::open(folder.path);
  REQUIRE(again);
  MESSAGE("warm start: ", seconds_since(began), " s");
  CHECK(seconds_since(began) < 1.5);
  CHECK(answer(again->address(), "select x from t") == "kept");
}

/// What a shell command prints, without the end of the line.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe)) text += static_cast<char>(byte);
  ::pclose(pipe);
  return text.substr(0, text.find('\n'));
}

TEST_CASE("the line for psql works in any folder and has no password in it") {
  if (!find_postgres_programs() || std::system("command -v psql >/dev/null") != 0) return;
  Folder folder("/it's a \\ \"strange\" $folder");
  auto postgres = PrivatePostgres::open(folder.path);
  REQUIRE_MESSAGE(postgres, (postgres ? "" : postgres.error().message()));
  std::string line = postgres->address().psql();
  CHECK(line.find(postgres->address().password) == std::string::npos);
  CHECK(output_of(line + " -Atc 'select current_user' 2>&1") == "postgres");
}

TEST_CASE("a wrong password is refused") {
  if (!find_postgres_programs()) return;
  Folder folder;
  auto postgres = PrivatePostgres::open(folder.path);
  REQUIRE(postgres);
  PostgresAddress guessed = postgres->address();
  guessed.password = "guess";
  CHECK(answer(guessed, "select 1").find("password authentication failed") != std::string::npos);
}

TEST_CASE("processes share one server, and a killed one leaves it to the others") {
  if (!find_postgres_programs()) return;
  Folder folder;
  pid_t starter = other_user(folder.path);
  auto postgres = PrivatePostgres::open(folder.path);
  REQUIRE(postgres);
  auto server = folder.server();
  REQUIRE(server);
  kill_hard(starter);
  ::usleep(300'000);
  REQUIRE(folder.server());
  CHECK(folder.server()->pid == server->pid);
  CHECK(answer(postgres->address(), "select 1") == "1");
}

TEST_CASE("nothing is left behind when the only user is killed") {
  if (!find_postgres_programs()) return;
  Folder folder;
  pid_t starter = other_user(folder.path);
  REQUIRE(folder.server());
  kill_hard(starter);
  CHECK(folder.gone());
}

TEST_CASE("a database whose server was killed starts again") {
  if (!find_postgres_programs()) return;
  Folder folder;
  {
    auto postgres = PrivatePostgres::open(folder.path);
    REQUIRE(postgres);
    CHECK(answer(postgres->address(), "create table t (x int)") == "");
    ::kill(folder.server()->pid, SIGKILL);
    CHECK(folder.gone());
  }
  auto again = PrivatePostgres::open(folder.path);
  REQUIRE(again);
  CHECK(answer(again->address(), "select count(*) from t") == "0");
}

TEST_CASE("a pid that belongs to another program by now does not count as a server") {
  if (!find_postgres_programs()) return;
  Folder folder;
  { REQUIRE(PrivatePostgres::open(folder.path)); }
  CHECK_FALSE(folder.server());
  std::ofstream(folder.path + "/server/data/postmaster.pid") << ::getpid() << "\n";
  CHECK(PrivatePostgres::open(folder.path));
}

TEST_CASE("a path that is too long for a socket moves the socket, not the data") {
  if (!find_postgres_programs()) return;
  Folder folder("/" + std::string(60, 'a') + "/" + std::string(60, 'b'));
  std::string sockets;
  {
    auto postgres = PrivatePostgres::open(folder.path);
    REQUIRE(postgres);
    sockets = postgres->address().socket_folder;
    CHECK(answer(postgres->address(), "select 1") == "1");
  }
  CHECK_FALSE(folder.server());
}

TEST_CASE("all of it is in its folder, which nobody else may enter") {
  if (!find_postgres_programs()) return;
  Folder folder("/closed");
  REQUIRE(::chmod(folder.path.c_str(), 0700) == 0);
  {
    auto postgres = PrivatePostgres::open(folder.path);
    REQUIRE_MESSAGE(postgres, (postgres ? "" : postgres.error().message()));
    CHECK(answer(postgres->address(), "create database d") == "");
    CHECK(std::filesystem::is_directory(std::filesystem::symlink_status(folder.path + "/server")));
    CHECK(std::filesystem::exists(folder.path + "/server/data/PG_VERSION"));
    CHECK(postgres->address().socket_folder == folder.path + "/server/run");
    struct stat found {};
    REQUIRE(::stat(folder.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
  }
  CHECK_FALSE(folder.server());
}

TEST_CASE("removing the folder of a running server leaves nothing behind") {
  if (!find_postgres_programs()) return;
  Folder folder;
  pid_t server = 0;
  {
    auto postgres = PrivatePostgres::open(folder.path);
    REQUIRE(postgres);
    server = folder.server()->pid;
    std::filesystem::remove_all(folder.path);
  }
  for (int round = 0; round < 2000 && ::kill(server, 0) == 0; ++round) ::usleep(5000);
  CHECK(::kill(server, 0) != 0);
  CHECK_FALSE(std::filesystem::exists(folder.path));
}

TEST_CASE("TCP on loopback when it is asked for") {
  if (!find_postgres_programs()) return;
  Folder folder;
  auto postgres = PrivatePostgres::open(folder.path, PrivatePostgres::Reach::loopback);
  REQUIRE(postgres);
  CHECK(postgres->address().loopback);
  CHECK(answer(postgres->address(), "127.0.0.1", "select 1") == "1");
  CHECK(PrivatePostgres::open(folder.path));
}

TEST_CASE("an interrupted first start is begun anew") {
  if (!find_postgres_programs()) return;
  Folder folder;
  std::filesystem::create_directories(folder.path + "/server/data");
  std::ofstream(folder.path + "/server/data/half") << "x";
  CHECK(PrivatePostgres::open(folder.path));
}
