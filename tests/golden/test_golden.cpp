// tests/golden/test: the tests of a platform and what becomes of them, in the words that people read. In a
// `fail-` case at least one of them must fail, in an `okay-` case none.

#include "tests/support/golden_platform.h"

using namespace carbon;

int main(int, char** arguments) {
  return testing::run_golden(arguments[1], [](const testing::GoldenCase& golden) {
    testing::GoldenPlatform platform(golden);
    platform.check();
    testing::GoldenOutput output;
    std::string text = platform.run_tests();
    bool failed = text.find("FAIL") != std::string::npos;
    if (platform.sink().has_errors()) output.fault = "it is refused:\n" + platform.text();
    if (output.fault.empty() && golden.must_fail != failed)
      output.fault = golden.must_fail ? "every test passes" : "a test fails:\n" + text;
    output.required["expected.tests"] = text;
    return output;
  });
}
