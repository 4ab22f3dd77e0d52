#include "platform/sandbox/kubernetes/defaults.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

struct DefaultRow {
  std::string_view schema;
  std::string_view field;
  std::string_view json;
};

constexpr DefaultRow rows[] = {
#define DEFAULT(schema, field, json) {schema, field, json},
#include "platform/sandbox/kubernetes/defaults.def"
#undef DEFAULT
};

Value json(std::string_view written) { return *parse_json(written); }

Value put_default(const Value& object, Names path, std::string_view written) {
  return at(object, path) != nullptr ? object : with(object, path, json(written));
}

/// `nginx`, `nginx:latest`, but not `nginx@sha256:…` and not `registry:5000/nginx:1`.
bool is_latest(std::string_view image) {
  if (image.find('@') != std::string_view::npos) return false;
  std::string_view name = image.substr(image.rfind('/') == std::string_view::npos ? 0 : image.rfind('/') + 1);
  std::size_t colon = name.find(':');
  return colon == std::string_view::npos || name.substr(colon + 1) == "latest";
}

Value container(const Value& object) {
  if (at(object, {"imagePullPolicy"}) != nullptr) return object;
  return with(object, {"imagePullPolicy"},
              text(is_latest(text_at(object, {"image"})) ? "Always" : "IfNotPresent"));
}

Value service_port(const Value& object) {
  const Value* target = at(object, {"targetPort"});
  const Value* port = at(object, {"port"});
  bool unset = target == nullptr || *target == number(0) || *target == text("");
  return unset && port != nullptr ? with(object, {"targetPort"}, *port) : object;
}

Value deployment_strategy(const Value& object) {
  if (text_at(object, {"type"}) != "RollingUpdate") return object;
  Value rolling = put_default(object, {"rollingUpdate", "maxUnavailable"}, R"("25%")");
  return put_default(rolling, {"rollingUpdate", "maxSurge"}, R"("25%")");
}

Value daemon_set_strategy(const Value& object) {
  if (text_at(object, {"type"}) != "RollingUpdate") return object;
  return put_default(put_default(object, {"rollingUpdate", "maxUnavailable"}, "1"),
                     {"rollingUpdate", "maxSurge"}, "0");
}

Value stateful_set_strategy(const Value& object) {
  if (text_at(object, {"type"}) != "RollingUpdate") return object;
  return put_default(object, {"rollingUpdate", "partition"}, "0");
}

Value stateful_set_spec(const Value& object) {
  std::vector<Value> claims = items_at(object, {"volumeClaimTemplates"});
  for (Value& claim : claims) {
    claim = with(with(claim, {"apiVersion"}, text("v1")), {"kind"}, text("PersistentVolumeClaim"));
  }
  return claims.empty() ? object : with(object, {"volumeClaimTemplates"}, Value::list(std::move(claims)));
}

Value service_spec(const Value& object) {
  std::string_view type = text_at(object, {"type"});
  Value spec = object;
  if (text_at(spec, {"sessionAffinity"}) == "ClientIP") {
    spec = put_default(spec, {"sessionAffinityConfig", "clientIP", "timeoutSeconds"}, "10800");
  }
  if (type == "ExternalName") return spec;
  spec = put_default(spec, {"internalTrafficPolicy"}, R"("Cluster")");
  if (type == "NodePort" || type == "LoadBalancer")
    spec = put_default(spec, {"externalTrafficPolicy"}, R"("Cluster")");
  if (type == "LoadBalancer") spec = put_default(spec, {"allocateLoadBalancerNodePorts"}, "true");
  return spec;
}

Value volume(const Value& object) {
  return object.is_fields() && object.entries().size() == 1 ? with(object, {"emptyDir"}, Value::map({}))
                                                            : object;
}

Value job(const Value& object) {
  Value made = object;
  bool neither = at(made, {"spec", "completions"}) == nullptr && at(made, {"spec", "parallelism"}) == nullptr;
  if (neither) made = put_default(made, {"spec", "completions"}, "1");
  made = put_default(made, {"spec", "parallelism"}, "1");
  bool by_index = at(made, {"spec", "backoffLimitPerIndex"}) != nullptr;
  made = put_default(made, {"spec", "backoffLimit"}, by_index ? "2147483647" : "6");
  made = put_default(made, {"spec", "completionMode"}, R"("NonIndexed")");
  made = put_default(made, {"spec", "suspend"}, "false");
  made = put_default(made, {"spec", "manualSelector"}, "false");
  bool policy = at(made, {"spec", "podFailurePolicy"}) != nullptr;
  return put_default(made, {"spec", "podReplacementPolicy"},
                     policy ? R"("Failed")" : R"("TerminatingOrFailed")");
}

Value network_policy_spec(const Value& object) {
  if (at(object, {"policyTypes"}) != nullptr) return object;
  bool egress = !items_at(object, {"egress"}).empty();
  return with(object, {"policyTypes"}, json(egress ? R"(["Ingress","Egress"])" : R"(["Ingress"])"));
}

Value subject(const Value& object) {
  if (text_at(object, {"kind"}) == "ServiceAccount") return object;
  return put_default(object, {"apiGroup"}, R"("rbac.authorization.k8s.io")");
}

/// `default` from `max`, `defaultRequest` from `default` and `min` (SetDefaults_LimitRangeItem).
Value limit_range_item(const Value& object) {
  if (text_at(object, {"type"}) != "Container") return object;
  Value item = object;
  const std::array<std::pair<std::string_view, std::string_view>, 3> chain{{
      {"max", "default"},
      {"default", "defaultRequest"},
      {"min", "defaultRequest"},
  }};
  for (const auto& [from, to] : chain) {
    const Value* source = at(item, {from});
    if (source == nullptr || !source->is_fields()) continue;
    Value limits = *source;
    for (const Entry& entry : limits.entries()) {
      if (at(item, {to, entry.key.text()}) == nullptr) item = with(item, {to, entry.key.text()}, entry.value);
    }
  }
  return item;
}

Value definition_names(const Value& object) {
  std::string singular(text_at(object, {"kind"}));
  Value names = object;
  if (at(names, {"listKind"}) == nullptr) names = with(names, {"listKind"}, text(singular + "List"));
  std::ranges::transform(singular, singular.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return at(names, {"singular"}) != nullptr ? names : with(names, {"singular"}, text(singular));
}

/// A pod's requests from its limits (SetDefaults_Pod); a template's are left alone.
Value pod(const Value& object) {
  Value made = put_default(object, {"spec", "enableServiceLinks"}, "true");
  for (std::string_view list : {"containers", "initContainers"}) {
    std::vector<Value> containers = items_at(made, {"spec", list});
    bool changed = false;
    for (Value& item : containers) {
      const Value* limits = at(item, {"resources", "limits"});
      if (limits == nullptr || !limits->is_fields()) continue;
      Value limited = *limits;
      for (const Entry& limit : limited.entries()) {
        if (at(item, {"resources", "requests", limit.key.text()}) != nullptr) continue;
        item = with(item, {"resources", "requests", limit.key.text()}, limit.value);
        changed = true;
      }
    }
    if (changed) made = with(made, {"spec", list}, Value::list(std::move(containers)));
  }
  return made;
}

using Function = Value (*)(const Value&);

constexpr std::array<std::pair<std::string_view, Function>, 15> functions{{
    {"apiextensions.v1.CustomResourceDefinitionNames", definition_names},
    {"apps.v1.DaemonSetUpdateStrategy", daemon_set_strategy},
    {"apps.v1.DeploymentStrategy", deployment_strategy},
    {"apps.v1.StatefulSetUpdateStrategy", stateful_set_strategy},
    {"batch.v1.Job", job},
    {"core.v1.Container", container},
    {"core.v1.EphemeralContainer", container},
    {"core.v1.LimitRangeItem", limit_range_item},
    {"core.v1.Pod", pod},
    {"core.v1.ServicePort", service_port},
    {"core.v1.ServiceSpec", service_spec},
    {"core.v1.Volume", volume},
    {"networking.v1.NetworkPolicySpec", network_policy_spec},
    {"rbac.v1.Subject", subject},
    {"apps.v1.StatefulSetSpec", stateful_set_spec},
}};

}  // namespace

const Defaults::Rules& Defaults::rules_of(const SchemaNode& node) {
  auto [found, added] = rules_.try_emplace(&node);
  Rules& rules = found->second;
  if (!added) return rules;
  for (const DefaultRow& row : rows) {
    if (!node.name.empty() && row.schema == node.name) rules.fields.emplace_back(row.field, json(row.json));
  }
  for (const SchemaEntry& field : node.fields) {
    if (field.default_value) rules.fields.emplace_back(field.name, *field.default_value);
  }
  for (const auto& [schema, function] : functions) {
    if (schema == node.name) rules.function = function;
  }
  rules.any = !rules.fields.empty() || rules.function != nullptr;
  for (const SchemaEntry& field : node.fields) {
    if (has_rules(*field.node)) rules.any = true;
  }
  if (node.element != nullptr && has_rules(*node.element)) rules.any = true;
  return rules;
}

bool Defaults::has_rules(const SchemaNode& node) {
  return !node.is_scalar() && node.kind != NodeKind::json && rules_of(node).any;
}

Value Defaults::filled_fields(const SchemaNode& schema, const Rules& rules, const Value& value) {
  Value object = value;
  for (const auto& [name, filling] : rules.fields) {
    if (at(object, {name}) == nullptr) object = with(object, {name}, filling);
  }
  // What is below comes first: a function may look at it.
  std::vector<Entry> out(object.entries().begin(), object.entries().end());
  for (Entry& entry : out) {
    const SchemaNode* child = schema.child(entry.key.text());
    if (child != nullptr) entry.value = filled(*child, entry.value);
  }
  object = Value::map(std::move(out));
  return rules.function == nullptr ? object : rules.function(object);
}

Value Defaults::filled(const SchemaNode& schema, const Value& value) {
  if (!has_rules(schema)) return value;
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : value.items()) items.push_back(filled(*schema.element, item));
    return Value::list(std::move(items));
  }
  return value.is_fields() ? filled_fields(schema, rules_of(schema), value) : value;
}

}  // namespace carbon::sandbox
