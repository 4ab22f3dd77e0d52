#include "engine/observe/write_steps.h"

#include <algorithm>
#include <utility>

namespace carbon {

namespace {

bool writes(const Change& change, const ResourceType* type) {
  bool adopts = change.action == Action::adopt && (!change.fields.empty() || !change.removed.empty());
  bool acts = change.action == Action::create || change.action == Action::update || adopts;
  return acts && type != nullptr && type->derives() && !change.desired.contains_unknown();
}

Reversibility reversibility(const std::vector<WriteStep>& steps) {
  StepRisk worst = StepRisk::none;
  for (const WriteStep& step : steps) worst = std::max(worst, step.risk);
  switch (worst) {
    case StepRisk::none:
    case StepRisk::blocking: return Reversibility::reversible;
    case StepRisk::one_way: return Reversibility::one_way;
    case StepRisk::lossy: return Reversibility::lossy;
  }
  return Reversibility::reversible;
}

}  // namespace

Task<void> read_steps(const ObserveInput* input, Plan* plan, DiagnosticSink* sink) {
  for (Change& change : plan->changes) {
    const ResourceType* type = input->types.find(change.type);
    auto connector = input->connectors.find(change.provider);
    if (!writes(change, type) || connector == input->connectors.end()) continue;
    WriteRequest request;
    request.key = {type, change.identity, change.fingerprint.uid};
    request.desired = change.desired;
    request.removed = change.removed;
    auto asking = connector->second->steps(std::move(request));
    Result<std::vector<WriteStep>> steps = co_await asking;
    if (!steps) {
      Diagnostic error = steps.error().diagnostic();
      error.address = change.address;
      sink->add(std::move(error));
      continue;
    }
    change.steps = std::move(*steps);
    change.reversibility = std::max(change.reversibility, reversibility(change.steps));
  }
}

}  // namespace carbon
