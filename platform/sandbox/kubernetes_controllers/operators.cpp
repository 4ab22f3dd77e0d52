#include <algorithm>
#include <array>
#include <string_view>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes_controllers/conditions.h"
#include "platform/sandbox/kubernetes_controllers/reconcilers.h"

namespace carbon::sandbox {

namespace {

/// What the operator of a custom kind says once all is well: one field of the status, or a condition.
struct Contentment {
  std::string_view storage;
  std::string_view api_version;
  std::string_view kind;
  std::string_view field;  ///< empty: the condition Ready
  std::string_view inner;  ///< field inside it; empty: the field is the text itself
  std::string_view text;
  std::string_view beside = {};  ///< a record that the schema demands in the status
};

constexpr std::string_view velero = "velero.io/v1";
constexpr std::string_view victoria = "operator.victoriametrics.com/v1beta1";
constexpr std::string_view certificates = "cert-manager.io/v1";
constexpr std::string_view spark = "sparkoperator.k8s.io/v1beta2";
constexpr std::string_view kyverno = "kyverno.io/v1";

constexpr std::array<Contentment, 18> content{{
    {"backupstoragelocations.velero.io", velero, "BackupStorageLocation", "phase", "", "Available"},
    {"schedules.velero.io", velero, "Schedule", "phase", "", "Enabled"},
    {"backups.velero.io", velero, "Backup", "phase", "", "Completed"},
    {"restores.velero.io", velero, "Restore", "phase", "", "Completed"},
    {"vmagents.operator.victoriametrics.com", victoria, "VMAgent", "updateStatus", "", "operational"},
    {"vmalerts.operator.victoriametrics.com", victoria, "VMAlert", "updateStatus", "", "operational"},
    {"vmalertmanagers.operator.victoriametrics.com", victoria, "VMAlertmanager", "updateStatus", "",
     "operational"},
    {"vmauths.operator.victoriametrics.com", victoria, "VMAuth", "updateStatus", "", "operational"},
    {"vmclusters.operator.victoriametrics.com", victoria, "VMCluster", "updateStatus", "", "operational"},
    {"vmsingles.operator.victoriametrics.com", victoria, "VMSingle", "updateStatus", "", "operational"},
    {"certificates.cert-manager.io", certificates, "Certificate", "", "", ""},
    {"issuers.cert-manager.io", certificates, "Issuer", "", "", ""},
    {"clusterissuers.cert-manager.io", certificates, "ClusterIssuer", "", "", ""},
    {"sparkapplications.sparkoperator.k8s.io", spark, "SparkApplication", "applicationState", "state",
     "RUNNING", "driverInfo"},
    {"scheduledsparkapplications.sparkoperator.k8s.io", spark, "ScheduledSparkApplication", "scheduleState",
     "", "Scheduled"},
    {"clusterpolicies.kyverno.io", kyverno, "ClusterPolicy", "", "", ""},
    {"policies.kyverno.io", kyverno, "Policy", "", "", ""},
    {"sparkconnects.sparkoperator.k8s.io", "sparkoperator.k8s.io/v1alpha1", "SparkConnect", "state", "",
     "Ready"},
}};

}  // namespace

void reconcile_custom(Work& work) {
  const auto* found = std::ranges::find(content, work.storage, &Contentment::storage);
  if (found == content.end() || is_going(work.object)) return;
  const Value* before = work.object.find("status");
  Value status = before == nullptr ? Value::map({}) : *before;
  if (found->field.empty()) {
    status =
        with_condition(status, {"Ready", "True", "Ready", "the sandbox has no operator"}, work.cluster.now());
  } else if (found->inner.empty()) {
    status = with(status, {found->field}, text(found->text));
  } else {
    status = with(status, {found->field, found->inner}, text(found->text));
  }
  if (!found->beside.empty() && status.find(found->beside) == nullptr)
    status = with(status, {found->beside}, Value::map({}));
  Value typed =
      with(with(work.object, {"apiVersion"}, text(found->api_version)), {"kind"}, text(found->kind));
  work.cluster.write_status(work.storage, typed, status);
}

}  // namespace carbon::sandbox
