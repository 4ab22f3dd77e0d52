#pragma once

#include <string>

namespace carbon {

/// What the journal says of a run beside its steps: the plan, carbon's version, and who started it, as the
/// operating system knows them: `user@host`. JSON with the strings `plan`, `by` and `carbon`, and `resumes`
/// where it goes on with another run.
[[nodiscard]] std::string about_run(const std::string& plan_id, const std::string& resumes);

}  // namespace carbon
