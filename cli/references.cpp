#include "cli/references.h"

#include <fmt/core.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/reference_check.h"
#include "stdlib/k8s/pod_selectors.h"
#include "stdlib/k8s/references.h"

namespace carbon {

namespace {

const ReferenceRules& kubernetes_rules() {
  static const ReferenceRules rules{object_references, is_in_every_cluster, is_maker, makes_object,
                                    may_make_object};
  return rules;
}

Task<void> look(const Connectors* connectors, ReferenceCheck* check, DiagnosticSink* sink) {
  std::vector<ObjectQuery> queries = check->queries();
  std::vector<LiveObject> answers;
  if (!queries.empty()) {
    auto asking = ask_objects(connectors, std::move(queries));
    answers = co_await asking;
  }
  check->judge(answers);
  std::vector<NamesQuery> wanted = check->names_wanted();
  std::vector<std::vector<std::string>> names;
  if (!wanted.empty()) {
    auto asking = ask_names(connectors, std::move(wanted));
    names = co_await asking;
  }
  check->report(names, *sink);
}

std::string_view namespace_of(const Value& desired) {
  const Value* metadata = desired.find("metadata");
  const Value* text = metadata == nullptr ? nullptr : metadata->find("namespace");
  return text != nullptr && text->is_string() ? text->text() : std::string_view();
}

constexpr std::size_t most_shown = 3;

std::string labels_text(const Value& labels) {
  std::string out;
  for (const Entry& each : labels.entries()) {
    std::string_view value = each.value.is_string() ? each.value.text() : std::string_view("…");
    out += fmt::format("{}`{}={}`", out.empty() ? "" : ", ", each.key.text(), value);
  }
  return out.empty() ? "no labels" : out;
}

/// The pods of one namespace, as far as the platform says.
struct Pods {
  std::vector<std::pair<Value, Address>> labels;
  bool others = false;  ///< something makes pods whose labels are not known
};

using Place = std::pair<std::uint32_t, std::string>;  // provider, namespace

std::map<Place, Pods> pods_by_namespace(const ResourceGraph& graph) {
  std::map<Place, Pods> found;
  for (const Resource& resource : graph.resources()) {
    if (resource.type->transport != Transport::kubernetes) continue;
    Pods& pods = found[{resource.provider, std::string(namespace_of(resource.desired))}];
    std::optional<Value> labels = pod_labels(*resource.type, resource.desired);
    bool managed = resource.mode == ResourceMode::managed;
    if (managed && labels) pods.labels.emplace_back(std::move(*labels), resource.address);
    bool custom = !resource.type->name.starts_with("k8s.");
    if (custom || (!labels && makes_pods(*resource.type))) pods.others = true;
  }
  return found;
}

}  // namespace

void check_references(const ReferencesChecked& checked, Io& io, DiagnosticSink& sink) {
  check_selectors(checked.graph, checked.plan, sink);
  ReferenceInput input{checked.graph, checked.live, checked.plan, checked.types, kubernetes_rules()};
  ReferenceCheck check(input);
  Task<void> looking = look(&checked.connectors, &check, &sink);
  io.run(looking);
}

void check_selectors(const ResourceGraph& graph, const Plan& plan, DiagnosticSink& sink) {
  std::optional<std::map<Place, Pods>> pods;
  for (const Change& change : plan.changes) {
    if (change.action != Action::create && change.action != Action::update) continue;
    std::uint32_t at = graph.find(change.address);
    if (at == ResourceGraph::npos) continue;
    const Resource& resource = graph.resource(at);
    std::optional<PodSelector> selector = pod_selector(*resource.type, resource.desired);
    if (!selector) continue;
    if (!pods) pods = pods_by_namespace(graph);
    const Pods& there = (*pods)[{resource.provider, std::string(selector->object_namespace)}];
    bool fits = there.others || there.labels.empty();
    for (const auto& [labels, address] : there.labels) fits = fits || may_select(*selector, labels);
    if (fits) continue;
    SourceSpan span =
        selector->origin == 0 ? resource.span : SourceSpan{selector->origin, selector->origin + 1};
    Diagnostic& warning = sink.warning(
        DiagnosticCode::selector_without_pods,
        fmt::format("`{}` selects pods, and no pod that the platform makes in the namespace `{}` fits",
                    resource.address, selector->object_namespace),
        span, std::string(selector->path));
    warning.address = resource.address;
    for (std::size_t i = 0; i < there.labels.size() && i < most_shown; ++i)
      warning.notes.push_back(
          fmt::format("`{}` makes pods with {}", there.labels[i].second, labels_text(there.labels[i].first)));
    warning.helps.push_back({std::string(remedy(DiagnosticCode::selector_without_pods)), {}});
  }
}

}  // namespace carbon
