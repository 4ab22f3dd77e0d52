#include "platform/io/child_process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "platform/io/network_driver.h"

using namespace carbon;

namespace {

ProcessRequest shell(std::string script) {
  ProcessRequest request;
  request.path = "/bin/sh";
  request.arguments = {"-c", std::move(script)};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.timeout = Duration{20'000'000'000};
  return request;
}

using Ended = ProcessReply::Ended;

double seconds_of(const std::function<void()>& call) {
  auto began = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

TEST_CASE("output and exit code come back, standard error does not") {
  ProcessReply reply = run_process(shell("echo out; echo err >&2; exit 3"));
  CHECK(reply.ended == Ended::exited);
  CHECK(reply.status == 3);
  CHECK(reply.output == "out\n");
}

TEST_CASE("arguments go through no shell, the environment is what is given") {
  ::setenv("CARBON_TEST_VARIABLE", "x", 1);
  ProcessRequest request;
  request.path = "/usr/bin/env";
  request.environment = {"ONE=1"};
  CHECK(run_process(request).output == "ONE=1\n");
  ::unsetenv("CARBON_TEST_VARIABLE");
  request.path = "/bin/echo";
  request.arguments = {"$ONE; `id`"};
  CHECK(run_process(request).output == "$ONE; `id`\n");
}

TEST_CASE("no descriptor and no input is handed on") {
  int open = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  REQUIRE(open > 2);
  CHECK(run_process(shell("cat; ls /proc/self/fd | wc -l")).output ==
        "4\n");  // the folder itself is the fourth
  ::close(open);
}

TEST_CASE("what hangs is killed with what it started") {
  ProcessRequest request = shell("sleep 100 & sleep 100");
  request.timeout = Duration{300'000'000};
  ProcessReply reply;
  double took = seconds_of([&] { reply = run_process(request); });
  CHECK(reply.ended == Ended::timed_out);
  CHECK(reply.output.empty());
  CHECK(took < 10);
}

TEST_CASE("the end counts, not the output that somebody left open") {
  ProcessReply reply;
  double took = seconds_of([&] { reply = run_process(shell("sleep 100 & echo done")); });
  CHECK(reply.ended == Ended::exited);
  CHECK(reply.output == "done\n");
  CHECK(took < 10);
}

TEST_CASE("too much output ends it, and nothing of it is kept") {
  ProcessRequest request = shell("yes");
  request.most_output = 10'000;
  ProcessReply reply = run_process(request);
  CHECK(reply.ended == Ended::too_much_output);
  CHECK(reply.output.empty());
}

TEST_CASE("a program that is not there, cannot run or is killed says so") {
  ProcessRequest missing;
  missing.path = "/no/such/program";
  CHECK(run_process(missing).ended == Ended::not_started);
  CHECK(run_process(missing).failure == "No such file or directory");
  ProcessReply killed = run_process(shell("kill -9 $$"));
  CHECK(killed.ended == Ended::killed);
  CHECK(killed.status == 9);
}

TEST_CASE("the event loop goes on while a program runs") {
  NetworkDriver driver;
  std::vector<std::string> order;
  auto task = [](NetworkDriver* io, std::vector<std::string>* into) -> Task<void> {
    ProcessRequest request = shell("sleep 0.3; echo late");
    io->start_sleep(Duration{1'000'000}, [into] { into->emplace_back("timer"); });
    auto running = io->process(std::move(request));
    ProcessReply reply = co_await running;
    into->push_back(reply.output);
  };
  Task<void> root = task(&driver, &order);
  driver.run(root);
  CHECK(order == std::vector<std::string>{"timer", "late\n"});
}
