#include <fmt/format.h>
#include <algorithm>

#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"
#include "platform/sandbox/kubernetes_controllers/pod_template.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

// After k8s.io/kubernetes/pkg/controller/job/job_controller.go.
namespace carbon::sandbox {

namespace {

constexpr std::string_view jobs = "jobs.batch";

struct Counts {
  std::int64_t active = 0;
  std::int64_t ready = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
};

Counts count(const std::vector<Value>& pods) {
  Counts counts;
  for (const Value& pod : pods) {
    std::string_view phase = text_at(pod, {"status", "phase"});
    if (phase == "Succeeded") ++counts.succeeded;
    if (phase == "Failed") ++counts.failed;
    if (pod_counts(pod)) ++counts.active;
    if (pod_counts(pod) && pod_ready(pod)) ++counts.ready;
  }
  return counts;
}

/// The server gives a Job its selector and these labels; a Job that has them already keeps its own.
Value job_pod(const Work& work, std::int64_t index) {
  const Value& job = work.object;
  bool indexed = text_at(job, {"spec", "completionMode"}) == "Indexed";
  std::string name = indexed ? fmt::format("{}-{}-", name_of(job), index) : fmt::format("{}-", name_of(job));
  std::string uid(uid_of(job));
  std::string own(name_of(job));
  Value pod = pod_of({jobs,
                      job,
                      *at(job, {"spec", "template"}),
                      name,
                      {{"batch.kubernetes.io/controller-uid", uid},
                       {"batch.kubernetes.io/job-name", own},
                       {"controller-uid", uid},
                       {"job-name", own}}});
  if (!indexed) return pod;
  return with(pod, {"metadata", "annotations", "batch.kubernetes.io/job-completion-index"},
              text(std::to_string(index)));
}

bool finished(const Value& status) {
  return condition_is(status, "Complete", "True") || condition_is(status, "Failed", "True");
}

Value with_end(const Value& status, std::string_view criterion, const Condition& end, std::int64_t now) {
  Value out = with_condition(status, {criterion, "True", end.reason, end.message}, now);
  return with_condition(out, end, now);
}

/// Makes pods up to what may run at once and what is still missing.
void add_pods(Work& work, Counts& counts, std::int64_t completions) {
  std::int64_t parallel = int_at(work.object, {"spec", "parallelism"}).value_or(1);
  std::int64_t wanted = std::min(parallel, completions - counts.succeeded);
  for (std::int64_t made = counts.succeeded + counts.active; counts.active < wanted;
       ++counts.active, ++made) {
    if (!create_pod(work, jobs, job_pod(work, made))) return;
  }
}

void remove_active(Work& work, const std::vector<Value>& pods) {
  for (const Value& pod : pods) {
    if (pod_counts(pod)) work.cluster.remove("pods", pod);
  }
}

/// ttlSecondsAfterFinished.
void expire(Work& work, const Value& status) {
  auto keep = int_at(work.object, {"spec", "ttlSecondsAfterFinished"});
  if (!keep || !finished(status)) return;
  const Value* end = find_condition(status, condition_is(status, "Complete", "True") ? "Complete" : "Failed");
  std::int64_t until = time_of(text_at(*end, {"lastTransitionTime"})).value_or(0) + *keep * second;
  if (until > work.cluster.now()) return work.again_at(until);
  work.cluster.remove(jobs, work.object);
}

}  // namespace

void reconcile_job(Work& work) {
  if (is_going(work.object)) return;
  const Value* before = work.object.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  if (finished(status)) return expire(work, status);
  std::int64_t now = work.cluster.now();
  std::int64_t completions = int_at(work.object, {"spec", "completions"})
                                 .value_or(int_at(work.object, {"spec", "parallelism"}).value_or(1));
  std::vector<Value> pods = work.cluster.controlled("pods", work.object);
  Counts counts = count(pods);
  if (bool_at(work.object, {"spec", "suspend"})) {
    remove_active(work, pods);
    status = with_condition(status, {"Suspended", "True", "JobSuspended", "Job suspended"}, now);
    work.cluster.write_status(jobs, work.object, without(status, {"startTime"}));
    return;
  }
  if (find_condition(status, "Suspended") != nullptr) {
    status = with_condition(status, {"Suspended", "False", "JobResumed", "Job resumed"}, now);
  }
  if (at(status, {"startTime"}) == nullptr)
    status = with(status, {"startTime"}, text(work.cluster.now_text()));
  if (counts.failed > int_at(work.object, {"spec", "backoffLimit"}).value_or(6)) {
    remove_active(work, pods);
    counts.active = counts.ready = 0;
    status = with_end(
        status, "FailureTarget",
        {"Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"}, now);
  } else if (counts.succeeded >= completions) {
    status = with_end(status, "SuccessCriteriaMet",
                      {"Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods"},
                      now);
    status = with(status, {"completionTime"}, text(work.cluster.now_text()));
  } else {
    add_pods(work, counts, completions);
  }
  status = with_count(status, "active", counts.active);
  status = with(status, {"ready"}, number(counts.ready));
  status = with_count(status, "succeeded", counts.succeeded);
  status = with_count(status, "failed", counts.failed);
  status = with(status, {"terminating"}, number(0));
  status = with(status, {"uncountedTerminatedPods"}, Value::map({}));
  work.cluster.write_status(jobs, work.object, status);
  expire(work, status);
}

}  // namespace carbon::sandbox
