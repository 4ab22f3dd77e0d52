#include "engine/plan/plan.h"

namespace carbon {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::no_op: return "no-op";
    case Action::create: return "create";
    case Action::update: return "update";
    case Action::replace: return "replace";
    case Action::delete_: return "delete";
    case Action::adopt: return "adopt";
    case Action::release: return "release";
    case Action::read: return "read";
    case Action::later: return "later";
    case Action::move: return "move";
  }
  return "";
}

std::string_view symbol(Action action) {
  switch (action) {
    case Action::no_op: return "";
    case Action::create: return "+";
    case Action::update: return "~";
    case Action::replace: return "-/+";
    case Action::delete_: return "-";
    case Action::adopt: return "=";
    case Action::release: return ".";
    case Action::read:
    case Action::later: return "?";
    case Action::move: return ">";
  }
  return "";
}

std::string_view symbol(const Change& change) {
  return change.action == Action::replace && change.create_first ? "+/-" : symbol(change.action);
}

std::string_view to_string(FieldCause cause) {
  switch (cause) {
    case FieldCause::unknown: return "";
    case FieldCause::declared: return "declared";
    case FieldCause::drift: return "drift";
    case FieldCause::both: return "both";
  }
  return "";
}

std::string_view to_string(Because because) {
  switch (because) {
    case Because::none: return "";
    case Because::declared: return "changed in the platform file";
    case Because::drift: return "drift";
    case Because::not_declared: return "no longer declared";
    case Because::immutable_field: return "immutable field";
    case Because::adopted: return "adopted";
    case Because::secret_changed: return "a secret changed";
    case Because::destroy_requested: return "destroy was asked for";
    case Because::moved: return "moved";
    case Because::kept: return "removed, and to be kept";
    case Because::removed: return "removed, and to be destroyed";
    case Because::replaced: return "replaced by a new object";
    case Because::lost: return "a kept value is lost";
    case Because::type_changed: return "default of the type changed";
    case Because::undone: return "undo of run";
  }
  return "";
}

std::string_view to_string(Disruption disruption) {
  switch (disruption) {
    case Disruption::none: return "none";
    case Disruption::restart: return "restart";
    case Disruption::reconnect: return "reconnect";
    case Disruption::read_only: return "read_only";
  }
  return "";
}

std::string_view to_string(Reversibility reversibility) {
  switch (reversibility) {
    case Reversibility::reversible: return "reversible";
    case Reversibility::lossy: return "lossy";
    case Reversibility::one_way: return "one_way";
  }
  return "";
}

std::string_view to_string(StepRisk risk) {
  switch (risk) {
    case StepRisk::none: return "none";
    case StepRisk::blocking: return "blocking";
    case StepRisk::one_way: return "one-way";
    case StepRisk::lossy: return "lossy";
  }
  return "";
}

std::uint32_t& count_of(PlanSummary& summary, Action action) {
  switch (action) {
    case Action::no_op: return summary.unchanged;
    case Action::create: return summary.create;
    case Action::update: return summary.update;
    case Action::replace: return summary.replace;
    case Action::delete_: return summary.delete_;
    case Action::adopt: return summary.adopt;
    case Action::release: return summary.release;
    case Action::read: return summary.read;
    case Action::later: return summary.later;
    case Action::move: return summary.move;
  }
  return summary.unchanged;
}

}  // namespace carbon
