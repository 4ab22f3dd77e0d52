#pragma once

#include <cstdint>
#include <string>

#include "base/value.h"

namespace carbon::sandbox {

/// Time since then as kubectl shows it: `45s`, `5m30s`, `3h2m`, `8d`
/// (apimachinery/pkg/util/duration.HumanDuration).
[[nodiscard]] std::string age_text(std::int64_t nanoseconds);
/// The same for a metav1.Time; `<unknown>` for anything else.
[[nodiscard]] std::string age_since(std::string_view time, std::int64_t now);

/// How the cells of built-in kinds are made where a path does not do. Each takes the object and the time.
using CellFunction = Value (*)(const Value& object, std::int64_t now);

[[nodiscard]] Value pod_ready_cell(const Value& pod, std::int64_t now);
[[nodiscard]] Value pod_status_cell(const Value& pod, std::int64_t now);
[[nodiscard]] Value pod_restarts_cell(const Value& pod, std::int64_t now);
[[nodiscard]] Value replicas_ready_cell(const Value& workload, std::int64_t now);
[[nodiscard]] Value containers_cell(const Value& workload, std::int64_t now);
[[nodiscard]] Value images_cell(const Value& workload, std::int64_t now);
[[nodiscard]] Value selector_cell(const Value& workload, std::int64_t now);
[[nodiscard]] Value node_selector_cell(const Value& workload, std::int64_t now);
[[nodiscard]] Value job_status_cell(const Value& job, std::int64_t now);
[[nodiscard]] Value job_completions_cell(const Value& job, std::int64_t now);
[[nodiscard]] Value job_duration_cell(const Value& job, std::int64_t now);
[[nodiscard]] Value active_jobs_cell(const Value& cron_job, std::int64_t now);
[[nodiscard]] Value service_external_cell(const Value& service, std::int64_t now);
[[nodiscard]] Value service_ports_cell(const Value& service, std::int64_t now);
[[nodiscard]] Value ingress_hosts_cell(const Value& ingress, std::int64_t now);
[[nodiscard]] Value ingress_ports_cell(const Value& ingress, std::int64_t now);
[[nodiscard]] Value balancer_cell(const Value& object, std::int64_t now);
[[nodiscard]] Value access_modes_cell(const Value& claim_or_volume, std::int64_t now);
[[nodiscard]] Value volume_claim_cell(const Value& volume, std::int64_t now);
[[nodiscard]] Value node_status_cell(const Value& node, std::int64_t now);
[[nodiscard]] Value namespace_status_cell(const Value& object, std::int64_t now);
[[nodiscard]] Value data_count_cell(const Value& object, std::int64_t now);
[[nodiscard]] Value secrets_count_cell(const Value& account, std::int64_t now);
[[nodiscard]] Value event_age_cell(const Value& event, std::int64_t now);
[[nodiscard]] Value event_object_cell(const Value& event, std::int64_t now);
[[nodiscard]] Value endpoints_cell(const Value& endpoints, std::int64_t now);
[[nodiscard]] Value slice_ports_cell(const Value& slice, std::int64_t now);
[[nodiscard]] Value slice_endpoints_cell(const Value& slice, std::int64_t now);
[[nodiscard]] Value role_cell(const Value& binding, std::int64_t now);
[[nodiscard]] Value scale_target_cell(const Value& autoscaler, std::int64_t now);
[[nodiscard]] Value owner_cell(const Value& revision, std::int64_t now);

}  // namespace carbon::sandbox
