#include "platform/sandbox/kubernetes_controllers/pod_selection.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/selector.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view services = "services";
constexpr std::string_view budgets = "poddisruptionbudgets.policy";

}  // namespace

PodSelection::Terms PodSelection::terms_of_labels(const std::string& namespace_name, const Value* labels) {
  Terms terms{{Term::Kind::anything, namespace_name, {}, {}}};
  if (labels == nullptr || !labels->is_fields()) return terms;
  for (const Entry& label : labels->entries()) {
    std::string name(label.key.text());
    terms.push_back({Term::Kind::present, namespace_name, name, {}});
    if (label.value.is_string())
      terms.push_back({Term::Kind::equal, namespace_name, name, std::string(label.value.text())});
  }
  return terms;
}

/// Of each requirement one term must hold; none at all for a selector that selects nothing. What can only be
/// told by looking (NotIn, DoesNotExist) is not in it: it seldom leaves much out.
std::vector<PodSelection::Terms> PodSelection::requirements(const StoreKey& selecting,
                                                            const Value& selector) {
  const std::string& place = selecting.namespace_name;
  bool service = selecting.storage == services;
  if (!selector.is_fields() || (service && selector.entries().empty())) return {};
  std::vector<Terms> found{{{Term::Kind::anything, place, {}, {}}}};
  const Value* labels = service ? &selector : at(selector, {"matchLabels"});
  if (labels != nullptr && labels->is_fields()) {
    for (const Entry& label : labels->entries()) {
      if (!label.value.is_string()) continue;
      found.push_back(
          {{Term::Kind::equal, place, std::string(label.key.text()), std::string(label.value.text())}});
    }
  }
  if (service) return found;
  for (const Value& expression : items_at(selector, {"matchExpressions"})) {
    std::string label(text_at(expression, {"key"}));
    std::string_view operation = text_at(expression, {"operator"});
    if (operation == "Exists") found.push_back({{Term::Kind::present, place, label, {}}});
    if (operation != "In") continue;
    Terms among;
    for (const Value& value : items_at(expression, {"values"}))
      if (value.is_string()) among.push_back({Term::Kind::equal, place, label, std::string(value.text())});
    found.push_back(std::move(among));
  }
  return found;
}

std::size_t PodSelection::size_of(const Index& index, const Terms& terms) {
  std::size_t size = 0;
  for (const Term& term : terms) {
    auto found = index.find(term);
    if (found != index.end()) size += found->second.size();
  }
  return size;
}

/// Later ones win a tie, so that an empty index does not put all under "anything".
PodSelection::Terms PodSelection::rarest(const Index& index, std::vector<Terms> requirements) {
  Terms best;
  std::size_t smallest = std::numeric_limits<std::size_t>::max();
  for (Terms& terms : requirements) {
    std::size_t size = size_of(index, terms);
    if (size > smallest) continue;
    smallest = size;
    best = std::move(terms);
  }
  return best;
}

void PodSelection::enter(Index& index, Members& members, const StoreKey& key, Indexed indexed) {
  for (const Term& term : indexed.terms) index[term].insert(key);
  members[key] = std::move(indexed);
}

void PodSelection::leave(Index& index, Members& members, const StoreKey& key) {
  auto member = members.find(key);
  if (member == members.end()) return;
  for (const Term& term : member->second.terms) {
    auto found = index.find(term);
    if (found == index.end()) continue;
    found->second.erase(key);
    if (found->second.empty()) index.erase(found);
  }
  members.erase(member);
}

bool PodSelection::follow(const StoreKey& key, const Value* object) {
  bool pod = key.storage == "pods";
  if (!pod && key.storage != services && key.storage != budgets) return false;
  Index& index = pod ? pods_by_term_ : selectors_by_term_;
  Members& members = pod ? pods_ : selectors_;
  const Value* content = nullptr;
  if (object != nullptr)
    content = pod ? at(*object, {"metadata", "labels"}) : at(*object, {"spec", "selector"});
  Value now = content == nullptr ? Value() : *content;
  auto before = members.find(key);
  if (object != nullptr && before != members.end() && before->second.content == now) return false;
  leave(index, members, key);
  if (object == nullptr) return true;
  Terms terms =
      pod ? terms_of_labels(key.namespace_name, content) : rarest(selectors_by_term_, requirements(key, now));
  enter(index, members, key, {std::move(terms), std::move(now)});
  return true;
}

bool PodSelection::matches(const StoreKey& selecting, const Value& selector, const Value& labels) {
  ++comparisons_;
  return selecting.storage == services ? labels_select(&selector, &labels) : selects(&selector, &labels);
}

std::vector<StoreKey> PodSelection::pods_of(const StoreKey& selecting) {
  std::vector<StoreKey> found;
  auto known = selectors_.find(selecting);
  if (known == selectors_.end()) return found;
  const Value& selector = known->second.content;
  for (const Term& term : rarest(pods_by_term_, requirements(selecting, selector))) {
    auto candidates = pods_by_term_.find(term);
    if (candidates == pods_by_term_.end()) continue;
    for (const StoreKey& pod : candidates->second) {
      if (matches(selecting, selector, pods_.at(pod).content)) found.push_back(pod);
    }
  }
  // `In` has several terms, and may even repeat one.
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<StoreKey> PodSelection::selecting(const StoreKey& pod) {
  std::vector<StoreKey> found;
  auto known = pods_.find(pod);
  if (known == pods_.end()) return found;
  for (const Term& term : known->second.terms) {
    auto candidates = selectors_by_term_.find(term);
    if (candidates == selectors_by_term_.end()) continue;
    for (const StoreKey& selector : candidates->second) {
      if (matches(selector, selectors_.at(selector).content, known->second.content))
        found.push_back(selector);
    }
  }
  return found;
}

}  // namespace carbon::sandbox
