// What is asked of an expanded platform, and what a test puts in the place of servers.

#include <fmt/format.h>

#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "dsl/expand/plan_policies.h"
#include "engine/expr/wording.h"

namespace carbon {

void Expander::mocks() {
  for (const Test::Mock& mock : options_.test->mocks) {
    std::string address = mock.target.name;
    bool good = true;
    for (const AddressPath::Part& part : mock.target.parts) {
      if (part.key == nullptr) {
        address += "." + part.name;
        continue;
      }
      std::optional<Value> key = evaluate_in(*part.key, Frame{});
      std::optional<std::string> text = key ? key_text(*key) : std::nullopt;
      good = good && text;
      if (text) address += fmt::format("[{}]", json_quote(*text));
    }
    std::optional<Value> fields = good ? evaluate_in(*mock.fields, Frame{}) : std::nullopt;
    if (fields) objects_.mock(std::move(address), std::move(*fields));
  }
}

void Expander::scope_checks(ScopeInstance& scope, std::string_view address) {
  if (!options_.judge || scope.scope->checks.empty()) return;
  Judge judge(objects_, context_, options_.sources, sink_, report_);
  for (const ScopeCheck& check : scope.scope->checks) judge.scope_check(check, scope.frame, address);
  met_.clear();  // what a check reads, nothing depends on
}

void Expander::judge(Expansion& made) {
  scope_checks(packages_.front(), "");
  Judge judge(objects_, context_, options_.sources, sink_, report_);
  if (options_.judge) {
    for (const Policy& policy : program_.policies) {
      if (!policy.plan_slot) judge.policy(policy, packages_[policy.package].frame, Value());
    }
  }
  if (options_.test != nullptr) judge.test(*options_.test, packages_.front().frame);
  met_.clear();
  made.report = std::move(report_);
}

void Expander::add_resources(ResourceGraph::Builder& builder, Expansion& made) {
  if (!PlanPolicies::any(program_)) {
    for (Resource& resource : objects_.resources()) builder.add_resource(std::move(resource));
    return;
  }
  // Policies over the plan may look at everything that is declared, after the graph has gone its way.
  for (const Resource& resource : objects_.resources()) builder.add_resource(resource);
  std::vector<Frame> frames;
  for (ScopeInstance& package : packages_) frames.push_back(package.frame);
  made.plan_policies = std::make_shared<const PlanPolicies>(program_, options_.sources, std::move(objects_),
                                                            std::move(frames));
}

}  // namespace carbon
