// tests/golden/format: `input.carbon` to `expected.carbon`. The result must mean the same, keep every comment
// and be its own format.

#include "dsl/format/fidelity.h"
#include "dsl/format/format.h"
#include "tests/support/formatted.h"
#include "tests/support/golden.h"

using namespace carbon;

namespace {

testing::GoldenOutput run(const testing::GoldenCase& golden) {
  testing::Formatted formatted(golden.read("input.carbon"));
  testing::GoldenOutput output;
  output.fault = formatted.fault();
  output.required["expected.carbon"] = formatted.text();
  return output;
}

}  // namespace

int main(int, char** arguments) { return testing::run_golden(arguments[1], run); }
