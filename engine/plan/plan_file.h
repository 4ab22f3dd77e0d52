#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/plan/plan.h"
#include "engine/ports/secrets.h"

namespace carbon {

/// What differs between two savings of one plan. Times are nanoseconds since 1970.
struct PlanEnvelope {
  std::int64_t made_at = 0;
  std::int64_t expires_at = 0;
  std::string nonce;
};

struct SavedPlan {
  Plan plan;
  std::string id;
  PlanEnvelope envelope;
};

/// The deterministic body: equal plans give equal bytes. Format: docs/formats/plan-file.md.
[[nodiscard]] std::string encode_plan(const Plan& plan);

/// `pl-` and 16 hex digits over the body.
[[nodiscard]] std::string plan_id(const Plan& plan, const Digester& digester);

[[nodiscard]] std::string encode_plan_file(const Plan& plan, const PlanEnvelope& envelope,
                                           const Digester& digester);

/// Reads what encode_plan_file wrote. Errors: C0901 for a file that is cut, damaged in any bit, of another
/// version, or signed with another machine's key.
[[nodiscard]] Result<SavedPlan> decode_plan_file(std::string_view text, const Digester& digester);

}  // namespace carbon
