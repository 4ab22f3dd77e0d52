// Tests against real servers. Without the servers they are skipped, with the reason; where
// CARBON_REAL_SERVERS is `required`, as in CI, that is a failure.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/real/real_cluster.h"

int main(int count, char** arguments) {
  constexpr int skipped = 77;  // what Meson and Automake take as a skipped test
  if (std::string why = carbon::test::RealCluster::why_not(); !why.empty()) {
    std::fprintf(stderr, "skipped: %s\n", why.c_str());
    const char* required = std::getenv("CARBON_REAL_SERVERS");
    return required != nullptr && std::string_view(required) == "required" ? 1 : skipped;
  }
  doctest::Context context(count, arguments);
  return context.run();
}
