#include "platform/sandbox/kubernetes/kind_validation.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/name_syntax.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

constexpr std::size_t largest_config = 1048576;  // bytes: MaxSecretSize

using Causes = std::vector<StatusCause>;

void check_config(const Value& object, Causes& causes) {
  std::size_t size = 0;
  for (std::string_view part : {"data", "binaryData"}) {
    const Value* data = at(object, {part});
    if (data == nullptr || !data->is_fields()) continue;
    for (const Entry& entry : data->entries()) {
      if (std::string why = config_key_error(entry.key.text()); !why.empty()) {
        causes.push_back(invalid_value(fmt::format("{}[{}]", part, entry.key.text()), entry.key, why));
      }
      size += entry.value.text().size();
    }
  }
  if (size > largest_config) {
    // The field of this one really is an empty list: the strategy passes no path (recorded/557).
    causes.push_back(
        {"FieldValueTooLong", fmt::format("Too long: may not be more than {} bytes", largest_config), "[]"});
  }
}

struct SecretKeys {
  std::string_view type;
  std::string_view key;
};
constexpr std::array<SecretKeys, 5> secret_keys{{
    {"kubernetes.io/tls", "tls.crt"},
    {"kubernetes.io/tls", "tls.key"},
    {"kubernetes.io/dockerconfigjson", ".dockerconfigjson"},
    {"kubernetes.io/dockercfg", ".dockercfg"},
    {"kubernetes.io/ssh-auth", "ssh-privatekey"},
}};

void check_secret(const Value& object, Causes& causes) {
  check_config(object, causes);
  for (const SecretKeys& rule : secret_keys) {
    if (text_at(object, {"type"}) == rule.type && at(object, {"data", rule.key}) == nullptr) {
      causes.push_back(required_value(fmt::format("data[{}]", rule.key)));
    }
  }
}

void check_not_negative(const Value& object, std::string_view name, Causes& causes) {
  auto count = int_at(object, {"spec", name});
  if (count && *count < 0) {
    causes.push_back(
        invalid_value(fmt::format("spec.{}", name), number(*count), "must be greater than or equal to 0"));
  }
}

bool selects(const Value& selector, const Value& labels) {
  const Value* wanted = at(selector, {"matchLabels"});
  if (wanted == nullptr || !wanted->is_fields()) return true;
  return std::ranges::all_of(wanted->entries(), [&](const Entry& label) {
    const Value* value = labels.find(label.key.text());
    return value != nullptr && *value == label.value;
  });
}

/// Deployment, ReplicaSet, StatefulSet, DaemonSet.
void check_workload(const Value& object, Causes& causes) {
  check_not_negative(object, "replicas", causes);
  check_not_negative(object, "minReadySeconds", causes);
  const Value* selector = at(object, {"spec", "selector"});
  if (selector == nullptr) {
    causes.push_back(required_value("spec.selector"));
  } else if (selector->is_fields() && selector->entries().empty()) {
    causes.push_back(invalid_value("spec.selector", *selector, "empty selector is invalid for deployment"));
  } else {
    const Value* labels = at(object, {"spec", "template", "metadata", "labels"});
    Value shown = labels == nullptr ? Value::map({}) : *labels;
    if (!selects(*selector, shown)) {
      causes.push_back(invalid_value("spec.template.metadata.labels", labels == nullptr ? Value() : shown,
                                     "`selector` does not match template `labels`"));
    }
  }
  const Value* spec = at(object, {"spec", "template", "spec"});
  if (spec == nullptr) return;
  std::vector<std::string> claims;
  for (const Value& claim : items_at(object, {"spec", "volumeClaimTemplates"})) {
    claims.emplace_back(text_at(claim, {"metadata", "name"}));
  }
  check_pod_spec(*spec, "spec.template.spec", claims, causes);
  std::string_view policy = text_at(*spec, {"restartPolicy"});
  if (policy != "Always")
    causes.push_back(not_supported("spec.template.spec.restartPolicy", policy, {"Always"}));
}

void check_job_template(const Value& object, const std::string& path, Causes& causes) {
  const Value* spec = at(object, {"template", "spec"});
  if (spec == nullptr) return;
  std::string spec_path = fmt::format("{}.template.spec", path);
  check_pod_spec(*spec, spec_path, {}, causes);
  std::string_view policy = text_at(*spec, {"restartPolicy"});
  if (policy == "Always") {
    causes.push_back(required_value(spec_path + ".restartPolicy", "valid values: \"OnFailure\", \"Never\""));
  }
}

void check_job(const Value& object, Causes& causes) {
  for (std::string_view name : {"parallelism", "completions", "backoffLimit"})
    check_not_negative(object, name, causes);
  if (const Value* spec = at(object, {"spec"})) check_job_template(*spec, "spec", causes);
}

void check_cron_job(const Value& object, Causes& causes) {
  std::string_view schedule = text_at(object, {"spec", "schedule"});
  auto fields_of = [](std::string_view line) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
      found += line[i] != ' ' && (i == 0 || line[i - 1] == ' ') ? 1U : 0U;
    return found;
  };
  std::size_t count = fields_of(schedule);
  if (!schedule.empty() && !schedule.starts_with('@') && count != 5) {
    causes.push_back(
        invalid_value("spec.schedule", text(schedule),
                      fmt::format("expected exactly 5 fields, found {}: [{}]", count, schedule)));
  }
  if (const Value* spec = at(object, {"spec", "jobTemplate", "spec"}))
    check_job_template(*spec, "spec.jobTemplate.spec", causes);
}

void check_pod(const Value& object, Causes& causes) {
  if (const Value* spec = at(object, {"spec"})) check_pod_spec(*spec, "spec", {}, causes);
}

void check_service(const Value& object, Causes& causes) {
  std::vector<Value> ports = items_at(object, {"spec", "ports"});
  bool headless = text_at(object, {"spec", "clusterIP"}) == "None";
  bool external = text_at(object, {"spec", "type"}) == "ExternalName";
  if (ports.empty() && !headless && !external) causes.push_back(required_value("spec.ports"));
  for (std::size_t i = 0; i < ports.size(); ++i) {
    std::string path = fmt::format("spec.ports[{}]", i);
    if (ports.size() > 1 && text_at(ports[i], {"name"}).empty())
      causes.push_back(required_value(path + ".name"));
    auto port = int_at(ports[i], {"port"});
    if (port && (*port < 1 || *port > 65535)) {
      causes.push_back(
          invalid_value(path + ".port", number(*port), "must be between 1 and 65535, inclusive"));
    }
  }
  if (external && text_at(object, {"spec", "externalName"}).empty())
    causes.push_back(required_value("spec.externalName"));
}

void check_claim(const Value& object, Causes& causes) {
  if (items_at(object, {"spec", "accessModes"}).empty()) {
    causes.push_back(required_value("spec.accessModes", "at least 1 access mode is required"));
  }
  if (at(object, {"spec", "resources", "requests", "storage"}) == nullptr) {
    causes.push_back(required_value("spec.resources[storage]"));
  }
}

void check_autoscaler(const Value& object, Causes& causes) {
  auto least = int_at(object, {"spec", "minReplicas"});
  auto most = int_at(object, {"spec", "maxReplicas"}).value_or(0);
  if (most < 1) causes.push_back(invalid_value("spec.maxReplicas", number(most), "must be greater than 0"));
  if (least && *least > most) {
    causes.push_back(
        invalid_value("spec.maxReplicas", number(most), "must be greater than or equal to `minReplicas`"));
  }
}

void check_ingress(const Value& object, Causes& causes) {
  std::vector<Value> rules = items_at(object, {"spec", "rules"});
  if (rules.empty() && at(object, {"spec", "defaultBackend"}) == nullptr) {
    causes.push_back(
        invalid_value("spec", Value::list({}), "either `defaultBackend` or `rules` must be specified"));
  }
  for (std::size_t r = 0; r < rules.size(); ++r) {
    std::vector<Value> paths = items_at(rules[r], {"http", "paths"});
    for (std::size_t p = 0; p < paths.size(); ++p) {
      std::string_view type = text_at(paths[p], {"pathType"});
      std::string_view written = text_at(paths[p], {"path"});
      if (type != "ImplementationSpecific" && !written.starts_with('/')) {
        causes.push_back(invalid_value(fmt::format("spec.rules[{}].http.paths[{}].path", r, p), text(written),
                                       "must be an absolute path"));
      }
    }
  }
}

void check_definition(const Value& object, Causes& causes) {
  std::string expected =
      fmt::format("{}.{}", text_at(object, {"spec", "names", "plural"}), text_at(object, {"spec", "group"}));
  std::string_view name = text_at(object, {"metadata", "name"});
  if (name != expected) {
    causes.push_back(
        invalid_value("metadata.name", text(name), "must be spec.names.plural+\".\"+spec.group"));
  }
  std::size_t stored = 0;
  for (const Value& version : items_at(object, {"spec", "versions"}))
    stored += bool_at(version, {"storage"}) ? 1U : 0U;
  if (stored != 1) {
    causes.push_back(invalid_value("spec.versions", Value::list(items_at(object, {"spec", "versions"})),
                                   "must have exactly one version marked as storage version"));
  }
}

using Check = void (*)(const Value& object, Causes& causes);
constexpr std::array<std::pair<std::string_view, Check>, 14> checks{{
    {"configmaps", check_config},
    {"secrets", check_secret},
    {"deployments.apps", check_workload},
    {"replicasets.apps", check_workload},
    {"statefulsets.apps", check_workload},
    {"daemonsets.apps", check_workload},
    {"jobs.batch", check_job},
    {"cronjobs.batch", check_cron_job},
    {"pods", check_pod},
    {"services", check_service},
    {"persistentvolumeclaims", check_claim},
    {"horizontalpodautoscalers.autoscaling", check_autoscaler},
    {"ingresses.networking.k8s.io", check_ingress},
    {"customresourcedefinitions.apiextensions.k8s.io", check_definition},
}};

/// Required by the schema, empty in practice.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> empties{{
    {"core.v1.ConfigMapKeySelector", "name"},
    {"core.v1.Volume", "name"},
    {"rbac.v1.Role", "rules"},
    {"rbac.v1.ClusterRole", "rules"},
    {"rbac.v1.RoleRef", "apiGroup"},
    {"apps.v1.StatefulSetSpec", "serviceName"},
    {"core.v1.Container", "name"},
    {"core.v1.EnvVar", "name"},
    {"core.v1.HTTPHeader", "value"},
    {"core.v1.PodSpec", "containers"},
    {"core.v1.Toleration", "key"},
    {"core.v1.Event", "reason"},
    {"discovery.v1.EndpointSlice", "endpoints"},
}};

}  // namespace

void check_kind(const ResourceInfo& resource, const Value& object, Causes& causes) {
  for (const auto& [storage, check] : checks) {
    if (storage == resource.storage) check(object, causes);
  }
}

bool may_be_empty(std::string_view schema, std::string_view field) {
  return std::ranges::find(empties, std::pair(schema, field)) != empties.end();
}

}  // namespace carbon::sandbox
