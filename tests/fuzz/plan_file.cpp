// A plan file from anywhere is refused, or read as a plan that is written and read again as the same. The
// signature is taken for right here: it must not be the only thing that keeps bad plans out.

#include "engine/plan/plan_file.h"

#include "engine/plan/plan_code.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

/// Every signature is sixty-four zeros, so that any text can bear a right one.
struct Trusting : Digester {
  [[nodiscard]] std::string sha256_hex(std::string_view) const override { return std::string(64, '0'); }
  [[nodiscard]] std::string sign(std::string_view) const override { return std::string(64, '0'); }
};

void check_plan(const Plan& plan) {
  std::string body = encode_plan(plan);
  Result<Plan> again = decode_plan(body);
  demand(again.has_value(), "a plan that was read is refused when written", body);
  demand(encode_plan(*again) == body, "a plan is another one when read back", body);
}

}  // namespace

void check_plan_file(std::string_view input) {
  if (Result<SavedPlan> saved = decode_plan_file(input, Trusting())) check_plan(saved->plan);
  if (Result<Plan> plan = decode_plan(input)) check_plan(*plan);
}

}  // namespace carbon::fuzz
