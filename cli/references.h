#pragma once

#include "base/diagnostic.h"
#include "engine/graph/resource_graph.h"
#include "engine/observe/live_state.h"
#include "engine/observe/object_queries.h"
#include "engine/plan/plan.h"
#include "engine/ports/io.h"

namespace carbon {

/// What a plan is checked against. Everything outlives the call.
struct ReferencesChecked {
  const ResourceGraph& graph;
  const LiveState& live;
  const Plan& plan;
  ResourceTypes& types;
  const Connectors& connectors;
};

/// Whether what a plan writes names objects that there will be (docs/references.md). Servers are asked, each
/// object once, for those alone that are not declared and were not read. Errors and warnings: C0422 to C0425.
void check_references(const ReferencesChecked& checked, Io& io, DiagnosticSink& sink);

/// C0425: selectors of Services, PodDisruptionBudgets and NetworkPolicies that the plan writes and that fit
/// no pod which the platform makes in their namespace. Where custom resources or nobody in the platform make
/// pods, nothing can be said.
void check_selectors(const ResourceGraph& graph, const Plan& plan, DiagnosticSink& sink);

}  // namespace carbon
