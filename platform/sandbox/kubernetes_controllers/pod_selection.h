#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

/// Which pods a Service or PodDisruptionBudget selects and which of them select a pod, found by labels:
/// neither is looked at one by one. Follows the store, change by change. One thread.
class PodSelection {
 public:
  /// The object as it is now, of any storage; nullptr when it is gone. Other storages are passed over. True
  /// when that changes who selects what.
  bool follow(const StoreKey& key, const Value* object);

  /// Pods that the Service or budget selects, in order of name.
  [[nodiscard]] std::vector<StoreKey> pods_of(const StoreKey& selecting);
  /// Services and budgets that select the pod.
  [[nodiscard]] std::vector<StoreKey> selecting(const StoreKey& pod);

  /// How often a selector was compared with labels since the beginning, as a measure of the work.
  [[nodiscard]] std::size_t comparisons() const { return comparisons_; }

 private:
  /// What an object must have to be selected: a label with that value, the label with any value, or, without
  /// a label, nothing but to be in the namespace.
  struct Term {
    enum class Kind : std::uint8_t { anything, present, equal } kind = Kind::anything;
    std::string namespace_name;
    std::string label;
    std::string value;
    friend auto operator<=>(const Term&, const Term&) = default;
  };
  using Terms = std::vector<Term>;
  using Index = std::map<Term, std::set<StoreKey>>;
  struct Indexed {
    Terms terms;
    Value content;  ///< of a pod its labels, else its selector
  };
  using Members = std::map<StoreKey, Indexed>;

  static Terms terms_of_labels(const std::string& namespace_name, const Value* labels);
  static std::vector<Terms> requirements(const StoreKey& selecting, const Value& selector);
  static std::size_t size_of(const Index& index, const Terms& terms);
  static Terms rarest(const Index& index, std::vector<Terms> requirements);
  static void enter(Index& index, Members& members, const StoreKey& key, Indexed indexed);
  static void leave(Index& index, Members& members, const StoreKey& key);
  [[nodiscard]] bool matches(const StoreKey& selecting, const Value& selector, const Value& labels);

  Index pods_by_term_;
  Members pods_;
  Index selectors_by_term_;  ///< each under the rarest of its requirements
  Members selectors_;
  std::size_t comparisons_ = 0;
};

}  // namespace carbon::sandbox
