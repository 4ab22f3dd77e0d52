#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/quantity.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/kind_validation.h"
#include "platform/sandbox/kubernetes/name_syntax.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

using Causes = std::vector<StatusCause>;
using NameSet = std::set<std::string, std::less<>>;

std::string duplicate(std::string_view value) {
  return fmt::format("Duplicate value: {}", json_quote(value));
}

void check_ports(const Value& container, const std::string& path, Causes& causes) {
  std::vector<Value> ports = items_at(container, {"ports"});
  for (std::size_t i = 0; i < ports.size(); ++i) {
    auto port = int_at(ports[i], {"containerPort"}).value_or(0);
    std::string field = fmt::format("{}.ports[{}].containerPort", path, i);
    if (port == 0) {
      causes.push_back(required_value(field));
    } else if (port < 1 || port > 65535) {
      causes.push_back(invalid_value(field, number(port), "must be between 1 and 65535, inclusive"));
    }
  }
}

void check_resources(const Value& container, const std::string& path, Causes& causes) {
  const Value* requests = at(container, {"resources", "requests"});
  if (requests == nullptr || !requests->is_fields()) return;
  for (const Entry& request : requests->entries()) {
    const Value* limit = at(container, {"resources", "limits", request.key.text()});
    if (limit == nullptr) continue;
    auto wanted = Quantity::parse(request.value.text());
    auto most = Quantity::parse(limit->text());
    if (wanted && most && *wanted > *most) {
      causes.push_back(invalid_value(
          fmt::format("{}.resources.requests", path), request.value,
          fmt::format("must be less than or equal to {} limit of {}", request.key.text(), most->text())));
    }
  }
}

void check_mounts(const Value& container, const std::string& path, const NameSet& volumes, Causes& causes) {
  std::vector<Value> mounts = items_at(container, {"volumeMounts"});
  NameSet places;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    std::string field = fmt::format("{}.volumeMounts[{}]", path, i);
    std::string_view name = text_at(mounts[i], {"name"});
    std::string_view place = text_at(mounts[i], {"mountPath"});
    if (!volumes.contains(name)) {
      causes.push_back(
          {"FieldValueNotFound", fmt::format("Not found: {}", json_quote(name)), field + ".name"});
    }
    if (!places.emplace(place).second) {
      causes.push_back(invalid_value(field + ".mountPath", text(place), "must be unique"));
    }
  }
}

void check_environment(const Value& container, const std::string& path, Causes& causes) {
  std::vector<Value> variables = items_at(container, {"env"});
  for (std::size_t i = 0; i < variables.size(); ++i) {
    std::string field = fmt::format("{}.env[{}]", path, i);
    if (text_at(variables[i], {"name"}).empty()) causes.push_back(required_value(field + ".name"));
    if (!text_at(variables[i], {"value"}).empty() && at(variables[i], {"valueFrom"}) != nullptr) {
      causes.push_back(
          invalid_value(field + ".valueFrom", text(""), "may not be specified when `value` is not empty"));
    }
  }
}

void check_probes(const Value& container, const std::string& path, Causes& causes) {
  for (std::string_view name : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    const Value* probe = at(container, {name});
    if (probe == nullptr) continue;
    std::size_t handlers = 0;
    for (std::string_view handler : {"exec", "httpGet", "tcpSocket", "grpc"})
      handlers += at(*probe, {handler}) != nullptr ? 1U : 0U;
    std::string field = fmt::format("{}.{}", path, name);
    if (handlers == 0) causes.push_back(required_value(field, "must specify a handler type"));
    if (handlers > 1) causes.push_back(forbidden_value(field, "may not specify more than 1 handler type"));
    if (name != "readinessProbe" && int_at(*probe, {"successThreshold"}).value_or(1) != 1) {
      causes.push_back(
          invalid_value(field + ".successThreshold", *at(*probe, {"successThreshold"}), "must be 1"));
    }
  }
}

void check_containers(const Value& spec, std::string_view list, const std::string& path,
                      const NameSet& volumes, NameSet& names, Causes& causes) {
  std::vector<Value> containers = items_at(spec, {list});
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Value& container = containers[i];
    std::string field = fmt::format("{}.{}[{}]", path, list, i);
    std::string_view name = text_at(container, {"name"});
    if (name.empty()) {
      causes.push_back(required_value(field + ".name"));
    } else if (std::string why = dns_label_error(name); !why.empty()) {
      causes.push_back(invalid_value(field + ".name", text(name), why));
    } else if (!names.emplace(name).second) {
      causes.push_back({"FieldValueDuplicate", duplicate(name), field + ".name"});
    }
    if (text_at(container, {"image"}).empty()) causes.push_back(required_value(field + ".image"));
    check_ports(container, field, causes);
    check_environment(container, field, causes);
    check_probes(container, field, causes);
    check_mounts(container, field, volumes, causes);
    check_resources(container, field, causes);
  }
}

/// In the order in which the server looks for them (ValidateVolumeSource).
constexpr std::array<std::string_view, 30> volume_sources{"emptyDir",
                                                          "hostPath",
                                                          "gitRepo",
                                                          "gcePersistentDisk",
                                                          "awsElasticBlockStore",
                                                          "secret",
                                                          "nfs",
                                                          "iscsi",
                                                          "glusterfs",
                                                          "flocker",
                                                          "persistentVolumeClaim",
                                                          "rbd",
                                                          "cinder",
                                                          "cephfs",
                                                          "quobyte",
                                                          "downwardAPI",
                                                          "fc",
                                                          "flexVolume",
                                                          "configMap",
                                                          "azureFile",
                                                          "vsphereVolume",
                                                          "photonPersistentDisk",
                                                          "portworxVolume",
                                                          "azureDisk",
                                                          "storageos",
                                                          "projected",
                                                          "scaleIO",
                                                          "csi",
                                                          "ephemeral",
                                                          "image"};

void check_volume_source(const Value& volume, const std::string& path, Causes& causes) {
  std::size_t found = 0;
  for (std::string_view source : volume_sources) {
    if (at(volume, {source}) == nullptr || found++ == 0) continue;
    causes.push_back(
        forbidden_value(fmt::format("{}.{}", path, source), "may not specify more than 1 volume type"));
  }
}

NameSet check_volumes(const Value& spec, const std::string& path, Causes& causes) {
  NameSet names;
  std::vector<Value> volumes = items_at(spec, {"volumes"});
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    std::string field = fmt::format("{}.volumes[{}].name", path, i);
    std::string_view name = text_at(volumes[i], {"name"});
    if (name.empty()) {
      causes.push_back(required_value(field));
    } else if (std::string why = dns_label_error(name); !why.empty()) {
      causes.push_back(invalid_value(field, text(name), why));
    } else if (!names.emplace(name).second) {
      causes.push_back({"FieldValueDuplicate", duplicate(name), field});
    }
    check_volume_source(volumes[i], fmt::format("{}.volumes[{}]", path, i), causes);
  }
  return names;
}

}  // namespace

void check_pod_spec(const Value& spec, const std::string& path, const std::vector<std::string>& claims,
                    Causes& causes) {
  NameSet volumes = check_volumes(spec, path, causes);
  volumes.insert(claims.begin(), claims.end());
  if (items_at(spec, {"containers"}).empty()) causes.push_back(required_value(path + ".containers"));
  NameSet names;
  check_containers(spec, "containers", path, volumes, names, causes);
  check_containers(spec, "initContainers", path, volumes, names, causes);
  std::string_view policy = text_at(spec, {"restartPolicy"});
  if (policy != "Always" && policy != "OnFailure" && policy != "Never") {
    causes.push_back(not_supported(path + ".restartPolicy", policy, {"Always", "OnFailure", "Never"}));
  }
}

}  // namespace carbon::sandbox
