#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// One step into a value: a field or map key by name, an item of a keyed list by its key values, an item of a
/// plain list by position, or an item of a set by its value.
struct FieldStep {
  enum class Kind : std::uint8_t { name, key, index, member };
  Kind kind = Kind::name;
  std::string name;  ///< `name`: the field's name
  std::vector<std::string>
      key;  ///< `key`: the key fields' values in canonical text, in the order of the type's keys
  std::size_t index = 0;  ///< `index`
  Value member;           ///< `member`: the set's item

  static FieldStep field(std::string name) { return {Kind::name, std::move(name), {}, 0, {}}; }
  static FieldStep keyed(std::vector<std::string> key) { return {Kind::key, {}, std::move(key), 0, {}}; }
  static FieldStep at(std::size_t index) { return {Kind::index, {}, {}, index, {}}; }
  static FieldStep of(Value member) { return {Kind::member, {}, {}, 0, std::move(member)}; }
};

[[nodiscard]] int compare(const FieldStep& a, const FieldStep& b);
inline bool operator==(const FieldStep& a, const FieldStep& b) { return compare(a, b) == 0; }

/// Where a value stands inside a resource. Text form, the one that users write and read:
/// `spec.template.spec.containers["app"].image`, `ports["80","TCP"]`, `items[3]`, `data["a.b"]`.
struct FieldPath {
  std::vector<FieldStep> steps;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] static Result<FieldPath> parse(std::string_view text);
  [[nodiscard]] FieldPath then(FieldStep step) const;
};

[[nodiscard]] int compare(const FieldPath& a, const FieldPath& b);
inline bool operator==(const FieldPath& a, const FieldPath& b) { return compare(a, b) == 0; }
inline bool operator<(const FieldPath& a, const FieldPath& b) { return compare(a, b) < 0; }

/// A set of field paths as a tree, as Kubernetes' FieldsV1 is: what carbon last applied, or what somebody
/// manages. A node that is itself a member has `here` set (FieldsV1 `.` and leaves). Copies share their
/// children until one is changed: most objects of a kind have the same fields.
class FieldSet {
 public:
  struct Less {
    bool operator()(const FieldStep& a, const FieldStep& b) const { return compare(a, b) < 0; }
  };
  using Children = std::map<FieldStep, FieldSet, Less>;

  void insert(const FieldPath& path);
  [[nodiscard]] bool contains(const FieldPath& path) const;
  [[nodiscard]] bool empty() const { return !here_ && children_ == nullptr; }
  [[nodiscard]] bool here() const { return here_; }
  void set_here() { here_ = true; }
  [[nodiscard]] const Children& children() const;
  /// The child at that step, made if need be. Valid until this set is copied or changed.
  [[nodiscard]] FieldSet& child(const FieldStep& step);
  [[nodiscard]] const FieldSet* find(const FieldStep& step) const;
  /// All member paths, sorted.
  [[nodiscard]] std::vector<FieldPath> paths() const;
  /// Compact lossless text (JSON), for the inventory and plan files; equal sets give equal text.
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static Result<FieldSet> decode(std::string_view text);

  friend bool operator==(const FieldSet&, const FieldSet&);

 private:
  bool here_ = false;
  std::shared_ptr<Children> children_;  ///< nullptr: none
};

}  // namespace carbon
