#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

/// After k8s.io/apiextensions-apiserver/pkg/controller/{status,establish}. Conflicting names are not looked
/// for: the sandbox's server serves the first.
void reconcile_definition(Work& work) {
  if (is_going(work.object)) return;
  std::int64_t now = work.cluster.now();
  const Value* before = work.object.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  const Value* names = at(work.object, {"spec", "names"});
  if (names != nullptr) status = with(status, {"acceptedNames"}, *names);
  status = with_condition(status, {"NamesAccepted", "True", "NoConflicts", "no conflicts found"}, now);
  status = with_condition(
      status, {"Established", "True", "InitialNamesAccepted", "the initial names have been accepted"}, now);
  work.cluster.write_status("customresourcedefinitions.apiextensions.k8s.io", work.object, status);
}

}  // namespace carbon::sandbox
