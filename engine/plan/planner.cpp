#include "engine/plan/planner.h"

#include <algorithm>

#include "engine/plan/plan_builder.h"

namespace carbon {

Plan plan(const ResourceGraph& graph, const LiveState& live, const Inventory& inventory,
          const PlanOptions& options, DiagnosticSink& sink) {
  return PlanBuilder(graph, live, inventory, options, sink).run();
}

std::vector<PreviewCandidate> candidates(const Plan& local, ResourceTypes& types) {
  std::vector<PreviewCandidate> found;
  for (const Change& change : local.changes) {
    bool writes = change.action == Action::update || change.action == Action::adopt;
    if (!writes || change.fields.empty() || change.desired.contains_unknown()) continue;
    PreviewCandidate candidate;
    candidate.address = change.address;
    candidate.provider = change.provider;
    WriteRequest& request = candidate.request;
    request.key = {types.find(change.type), change.identity};
    request.desired = change.desired;
    for (const FieldChange& field : change.fields) {
      if (field.after || field.secret) request.changed.push_back(field.path);
    }
    request.removed = change.removed;
    request.uid = change.fingerprint.uid;
    request.version = change.fingerprint.version;
    found.push_back(std::move(candidate));
  }
  std::sort(found.begin(), found.end(),
            [](const PreviewCandidate& a, const PreviewCandidate& b) { return a.address < b.address; });
  return found;
}

std::vector<PreviewCandidate> candidates(const ResourceGraph& graph, const LiveState& live,
                                         const Inventory& inventory, const PlanOptions& options) {
  DiagnosticSink unheard;  // the final plan reports
  return candidates(plan(graph, live, inventory, options, unheard), options.types);
}

}  // namespace carbon
