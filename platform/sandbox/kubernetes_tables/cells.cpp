#include "platform/sandbox/kubernetes_tables/cells.h"

#include <fmt/format.h>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view none = "<none>";

Value or_none(std::string_view content) { return text(content.empty() ? none : content); }

void append(std::string& list, std::string_view one) {
  if (!list.empty()) list += ',';
  list += one;
}

std::string joined_labels(const Value* labels) {
  std::string out;
  if (labels == nullptr || !labels->is_fields()) return out;
  for (const Entry& entry : labels->entries())
    append(out, fmt::format("{}={}", entry.key.text(), entry.value.text()));
  return out;
}

std::string of_containers(const Value& workload, std::string_view field) {
  std::string out;
  for (const Value& one : items_at(workload, {"spec", "template", "spec", "containers"}))
    append(out, text_at(one, {field}));
  return out;
}

}  // namespace

std::string age_text(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / second;
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  constexpr std::int64_t year = 365 * day;
  auto two = [](std::int64_t large, char large_unit, std::int64_t small, char small_unit) {
    return small == 0 ? fmt::format("{}{}", large, large_unit)
                      : fmt::format("{}{}{}{}", large, large_unit, small, small_unit);
  };
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * minute) return fmt::format("{}s", seconds);
  if (seconds < 10 * minute) return two(seconds / minute, 'm', seconds % minute, 's');
  if (seconds < 3 * hour) return fmt::format("{}m", seconds / minute);
  if (seconds < 8 * hour) return two(seconds / hour, 'h', seconds % hour / minute, 'm');
  if (seconds < 2 * day) return fmt::format("{}h", seconds / hour);
  if (seconds < 8 * day) return two(seconds / day, 'd', seconds % day / hour, 'h');
  if (seconds < 2 * year) return fmt::format("{}d", seconds / day);
  if (seconds < 8 * year) return two(seconds / year, 'y', seconds % year / day, 'd');
  return fmt::format("{}y", seconds / year);
}

std::string age_since(std::string_view time, std::int64_t now) {
  auto then = time_of(time);
  return then ? age_text(now - *then) : "<unknown>";
}

Value replicas_ready_cell(const Value& workload, std::int64_t) {
  return text(fmt::format("{}/{}", int_at(workload, {"status", "readyReplicas"}).value_or(0),
                          int_at(workload, {"spec", "replicas"}).value_or(1)));
}

Value containers_cell(const Value& workload, std::int64_t) { return text(of_containers(workload, "name")); }
Value images_cell(const Value& workload, std::int64_t) { return text(of_containers(workload, "image")); }

Value selector_cell(const Value& workload, std::int64_t) {
  const Value* labels = at(workload, {"spec", "selector", "matchLabels"});
  if (labels == nullptr) labels = at(workload, {"spec", "podSelector", "matchLabels"});
  return or_none(joined_labels(labels != nullptr ? labels : at(workload, {"spec", "selector"})));
}

Value node_selector_cell(const Value& workload, std::int64_t) {
  return or_none(joined_labels(at(workload, {"spec", "template", "spec", "nodeSelector"})));
}

Value job_status_cell(const Value& job, std::int64_t) {
  for (std::string_view type : {"Complete", "Failed", "Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
    for (const Value& condition : items_at(job, {"status", "conditions"})) {
      if (text_at(condition, {"type"}) == type && text_at(condition, {"status"}) == "True") return text(type);
    }
  }
  return text("Running");
}

Value job_completions_cell(const Value& job, std::int64_t) {
  std::int64_t succeeded = int_at(job, {"status", "succeeded"}).value_or(0);
  return text(fmt::format("{}/{}", succeeded, int_at(job, {"spec", "completions"}).value_or(1)));
}

Value job_duration_cell(const Value& job, std::int64_t now) {
  auto started = time_of(text_at(job, {"status", "startTime"}));
  if (!started) return text("");
  return text(age_text(time_of(text_at(job, {"status", "completionTime"})).value_or(now) - *started));
}

Value active_jobs_cell(const Value& cron_job, std::int64_t) {
  return number(static_cast<std::int64_t>(items_at(cron_job, {"status", "active"}).size()));
}

Value balancer_cell(const Value& object, std::int64_t) {
  std::string out;
  for (const Value& one : items_at(object, {"status", "loadBalancer", "ingress"})) {
    std::string_view address = text_at(one, {"ip"});
    append(out, address.empty() ? text_at(one, {"hostname"}) : address);
  }
  return text(out);
}

Value service_external_cell(const Value& service, std::int64_t now) {
  std::string_view type = text_at(service, {"spec", "type"});
  if (type == "ExternalName") return text(text_at(service, {"spec", "externalName"}));
  std::string out;
  if (type == "LoadBalancer") out = balancer_cell(service, now).text();
  for (const Value& address : items_at(service, {"spec", "externalIPs"})) append(out, address.text());
  if (out.empty() && type == "LoadBalancer") return text("<pending>");
  return or_none(out);
}

Value service_ports_cell(const Value& service, std::int64_t) {
  std::string out;
  for (const Value& port : items_at(service, {"spec", "ports"})) {
    std::string_view protocol = text_at(port, {"protocol"});
    std::string number = std::to_string(int_at(port, {"port"}).value_or(0));
    if (auto node = int_at(port, {"nodePort"})) number += fmt::format(":{}", *node);
    append(out, fmt::format("{}/{}", number, protocol.empty() ? "TCP" : protocol));
  }
  return or_none(out);
}

Value ingress_hosts_cell(const Value& ingress, std::int64_t) {
  std::string out;
  for (const Value& rule : items_at(ingress, {"spec", "rules"})) {
    if (std::string_view host = text_at(rule, {"host"}); !host.empty()) append(out, host);
  }
  return text(out.empty() ? "*" : out);
}

Value ingress_ports_cell(const Value& ingress, std::int64_t) {
  return text(items_at(ingress, {"spec", "tls"}).empty() ? "80" : "80, 443");
}

Value access_modes_cell(const Value& object, std::int64_t) {
  std::vector<Value> modes = items_at(object, {"status", "accessModes"});
  if (modes.empty() && at(object, {"spec", "capacity"}) != nullptr)
    modes = items_at(object, {"spec", "accessModes"});
  std::string out;
  for (const Value& mode : modes) {
    std::string_view name = mode.text();
    append(out, name == "ReadWriteOnce"   ? "RWO"
                : name == "ReadOnlyMany"  ? "ROX"
                : name == "ReadWriteMany" ? "RWX"
                                          : "RWOP");
  }
  return text(out);
}

Value volume_claim_cell(const Value& volume, std::int64_t) {
  const Value* claim = at(volume, {"spec", "claimRef"});
  return text(claim == nullptr
                  ? ""
                  : fmt::format("{}/{}", text_at(*claim, {"namespace"}), text_at(*claim, {"name"})));
}

Value node_status_cell(const Value& node, std::int64_t) {
  std::string out = "Unknown";
  for (const Value& condition : items_at(node, {"status", "conditions"})) {
    if (text_at(condition, {"type"}) == "Ready")
      out = text_at(condition, {"status"}) == "True" ? "Ready" : "NotReady";
  }
  if (bool_at(node, {"spec", "unschedulable"})) append(out, "SchedulingDisabled");
  return text(out);
}

Value namespace_status_cell(const Value& object, std::int64_t) {
  return text(text_at(object, {"status", "phase"}));
}

Value data_count_cell(const Value& object, std::int64_t) {
  std::size_t count = 0;
  for (std::string_view part : {"data", "binaryData"}) {
    const Value* data = at(object, {part});
    if (data != nullptr && data->is_fields()) count += data->entries().size();
  }
  return number(static_cast<std::int64_t>(count));
}

Value secrets_count_cell(const Value& account, std::int64_t) {
  return number(static_cast<std::int64_t>(items_at(account, {"secrets"}).size()));
}

Value event_age_cell(const Value& event, std::int64_t now) {
  std::string_view last = text_at(event, {"lastTimestamp"});
  return text(age_since(last.empty() ? text_at(event, {"eventTime"}) : last, now));
}

Value event_object_cell(const Value& event, std::int64_t) {
  std::string kind(text_at(event, {"involvedObject", "kind"}));
  for (char& letter : kind) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text(fmt::format("{}/{}", kind, text_at(event, {"involvedObject", "name"})));
}

Value endpoints_cell(const Value& endpoints, std::int64_t) {
  std::string out;
  for (const Value& subset : items_at(endpoints, {"subsets"})) {
    for (const Value& address : items_at(subset, {"addresses"})) {
      for (const Value& port : items_at(subset, {"ports"})) {
        append(out, fmt::format("{}:{}", text_at(address, {"ip"}), int_at(port, {"port"}).value_or(0)));
      }
    }
  }
  return or_none(out);
}

Value slice_ports_cell(const Value& slice, std::int64_t) {
  std::string out;
  for (const Value& port : items_at(slice, {"ports"})) {
    append(out, fmt::format("{}", int_at(port, {"port"}).value_or(0)));
  }
  return out.empty() ? text("<unset>") : text(out);
}

Value slice_endpoints_cell(const Value& slice, std::int64_t) {
  constexpr std::size_t shown = 3;
  std::string out;
  std::size_t count = 0;
  for (const Value& endpoint : items_at(slice, {"endpoints"})) {
    for (const Value& address : items_at(endpoint, {"addresses"})) {
      if (++count <= shown) append(out, address.text());
    }
  }
  if (count > shown) out += fmt::format(" + {} more...", count - shown);
  return out.empty() ? text("<unset>") : text(out);
}

Value role_cell(const Value& binding, std::int64_t) {
  return text(
      fmt::format("{}/{}", text_at(binding, {"roleRef", "kind"}), text_at(binding, {"roleRef", "name"})));
}

Value scale_target_cell(const Value& autoscaler, std::int64_t) {
  return text(fmt::format("{}/{}", text_at(autoscaler, {"spec", "scaleTargetRef", "kind"}),
                          text_at(autoscaler, {"spec", "scaleTargetRef", "name"})));
}

Value owner_cell(const Value& revision, std::int64_t) {
  for (const Value& owner : items_at(revision, {"metadata", "ownerReferences"})) {
    return text(fmt::format("{}/{}", text_at(owner, {"kind"}), text_at(owner, {"name"})));
  }
  return text(none);
}

}  // namespace carbon::sandbox
