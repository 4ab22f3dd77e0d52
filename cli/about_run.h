#pragma once

#include <string>

namespace carbon {

/// The run that another one is about; empty for most.
struct RunOrigin {
  std::string resumes;  ///< it goes on with that one
  std::string undoes;   ///< it takes that one back
};

/// What the journal says of a run beside its steps: the plan, carbon's version, and who started it, as the
/// operating system knows them: `user@host`. JSON with the strings `plan`, `by` and `carbon`, and `resumes`
/// or `undoes` where it is about another run.
[[nodiscard]] std::string about_run(const std::string& plan_id, const RunOrigin& origin);

}  // namespace carbon
