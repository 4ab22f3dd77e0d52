#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// Field paths as a tree, in the form of FieldsV1 (KEP-555): a step is its text there, `f:spec`,
/// `k:{"name":"a"}`, `v:"x"`, `i:3`. A node that is itself a member has `here` set. Written for the sandbox
/// alone: the connector has its own, so that the one can catch the other's mistakes.
class PathSet {
 public:
  struct Child;

  [[nodiscard]] bool here() const { return here_; }
  void set_here() { here_ = true; }
  [[nodiscard]] bool empty() const { return !here_ && children_.empty(); }
  [[nodiscard]] bool has_children() const { return !children_.empty(); }
  [[nodiscard]] const std::vector<Child>& children() const { return children_; }

  /// The subtree below a step, made if need be. A child that stays empty must be dropped with `tidy`.
  [[nodiscard]] PathSet& child(std::string_view step);
  [[nodiscard]] const PathSet* find(std::string_view step) const;
  void tidy(std::string_view step);
  void clear_here() { here_ = false; }

  [[nodiscard]] PathSet united(const PathSet& other) const;
  [[nodiscard]] PathSet intersected(const PathSet& other) const;
  /// Without the members of the other set; what is below them stays.
  [[nodiscard]] PathSet without(const PathSet& other) const;
  /// Without a subtree at each member of the other set.
  [[nodiscard]] PathSet without_subtrees(const PathSet& other) const;
  /// Fields of records become members where anything below them is (a map's keys do not).
  [[nodiscard]] PathSet with_named_fields(const SchemaNode& schema) const;

  [[nodiscard]] Value to_fields_v1() const;
  [[nodiscard]] static PathSet from_fields_v1(const Value& fields);
  /// Every member's path as the server writes it (`.spec.ports[port=80,protocol="TCP"]`): members of a level
  /// first, then what is below, as Set.Iterate does.
  [[nodiscard]] std::vector<std::string> paths() const;

  friend bool operator==(const PathSet&, const PathSet&);

 private:
  void collect(const std::string& prefix, std::vector<std::string>& into) const;

  bool here_ = false;
  std::vector<Child> children_;  ///< sorted by step
};

struct PathSet::Child {
  std::string step;
  PathSet set;
  friend bool operator==(const Child&, const Child&) = default;
};

inline bool operator==(const PathSet& a, const PathSet& b) {
  return a.here_ == b.here_ && a.children_ == b.children_;
}

/// `f:spec` as `.spec`, `k:{"name":"a"}` as `[name="a"]`.
[[nodiscard]] std::string step_text(std::string_view step);

}  // namespace carbon::sandbox
