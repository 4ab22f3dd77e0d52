#include "platform/io/shared_library.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <string>

using namespace carbon;

namespace {

struct Child {
  int code = -1;
  std::string said;
};

/// Runs in a child what would end this process.
template <class Body>
Child in_child(const Body& body) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDERR_FILENO);
    body();
    ::_exit(0);
  }
  ::close(pipe[1]);
  Child ended;
  std::array<char, 512> part{};
  for (ssize_t got = 0; (got = ::read(pipe[0], part.data(), part.size())) > 0;)
    ended.said.append(part.data(), static_cast<std::size_t>(got));
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

}  // namespace

TEST_CASE("a function is found in a library that nothing was linked with") {
  SharedLibrary library("libm.so.6", "libc6");
  auto* cube_root = library.function<double(double)>("cbrt");
  CHECK(cube_root(27.0) == doctest::Approx(3.0));
}

TEST_CASE("a library that is not installed ends the program with its name and its package") {
  Child ended = in_child([] {
    SharedLibrary library("libnowhere.so.9", "libnowhere9");
    (void)library.function<void()>("anything");
  });
  CHECK(ended.code == 1);
  CHECK(ended.said.find("libnowhere.so.9") != std::string::npos);
  CHECK(ended.said.find("install the package libnowhere9") != std::string::npos);
}

TEST_CASE("a library without the function is as good as none") {
  Child ended = in_child([] {
    SharedLibrary library("libm.so.6", "libc6");
    (void)library.function<void()>("no_such_function_of_libm");
  });
  CHECK(ended.code == 1);
  CHECK(ended.said.find("no_such_function_of_libm") != std::string::npos);
}
