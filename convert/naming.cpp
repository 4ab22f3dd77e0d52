#include "convert/naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "base/spelling.h"

namespace carbon {

namespace {

constexpr std::array<std::string_view, 19> taken_words{
    "true", "false", "null", "and",  "or",  "not", "in",     "if",   "then", "else",
    "for",  "by",    "when", "self", "env", "k8s", "secret", "plan", "live"};

/// How the kind is said behind a name that something else has; others are their own word.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kind_words{{
    {"ConfigMap", "config"},
    {"CustomResourceDefinition", "crd"},
    {"HorizontalPodAutoscaler", "autoscaler"},
    {"PersistentVolumeClaim", "claim"},
    {"PodDisruptionBudget", "disruption_budget"},
    {"ServiceAccount", "account"},
    {"APIService", "api_service"},
}};

/// What a name most of all means.
constexpr std::array<std::string_view, 6> first_kinds{"Deployment", "StatefulSet", "DaemonSet",
                                                      "CronJob",    "Job",         "Pod"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `ClusterRoleBinding` gives `cluster_role_binding`, `APIService` `api_service`.
std::string kind_word(std::string_view kind) {
  for (const auto& [name, word] : kind_words) {
    if (name == kind) return std::string(word);
  }
  std::string out;
  for (std::size_t i = 0; i < kind.size(); ++i) {
    bool begins = i != 0 && is_upper(kind[i]) &&
                  (!is_upper(kind[i - 1]) || (i + 1 < kind.size() && is_lower(kind[i + 1])));
    if (begins) out += '_';
    out += is_upper(kind[i]) ? static_cast<char>(kind[i] - 'A' + 'a') : kind[i];
  }
  return identifier(out);
}

std::size_t rank(const Manifest& manifest) {
  return static_cast<std::size_t>(
      std::find(first_kinds.begin(), first_kinds.end(), std::string_view(manifest.kind)) -
      first_kinds.begin());
}

}  // namespace

std::string identifier(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
    if (is_lower(c) || is_digit(c)) {
      if (out.empty() && is_digit(c)) out += 'n';  // a name begins with a letter
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string variable_name(std::string_view text) {
  std::string out = identifier(text);
  for (char& c : out) {
    if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool is_taken_word(std::string_view name) {
  return std::find(taken_words.begin(), taken_words.end(), name) != taken_words.end();
}

std::string Names::take(const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted) {
    if (!name.empty() && !is_taken_word(name) && taken_.insert(name).second) return name;
  }
  for (std::size_t number = 2;; ++number) {
    std::string name = fmt::format("{}_{}", wanted.back().empty() ? "object" : wanted.back(), number);
    if (taken_.insert(name).second) return name;
  }
}

void give_addresses(std::vector<Manifest>& manifests, Names& names) {
  std::vector<std::size_t> order(manifests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank(manifests[a]) < rank(manifests[b]); });
  // Two of a kind in two namespaces: neither is the one that the short name means.
  std::map<std::pair<std::string, std::string>, int> of_kind;
  for (const Manifest& each : manifests) ++of_kind[{each.kind, each.name}];
  for (std::size_t index : order) {
    Manifest& each = manifests[index];
    std::string base = identifier(each.name);
    std::string with_kind = fmt::format("{}_{}", base, kind_word(each.kind));
    std::string with_namespace = each.object_namespace.empty()
                                     ? with_kind
                                     : fmt::format("{}_{}", with_kind, identifier(each.object_namespace));
    if (of_kind[{each.kind, each.name}] > 1) {
      each.address = names.take({with_namespace});
    } else {
      each.address = names.take({base, with_kind, with_namespace});
    }
  }
}

bool names_itself(const Manifest& manifest) {
  return is_dns_label(manifest.name) && kebab(manifest.address) == manifest.name;
}

}  // namespace carbon
