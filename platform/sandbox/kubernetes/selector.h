#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"

namespace carbon::sandbox {

/// A label selector: `a=b,c!=d,e in (x,y),f notin (z),g,!h` (apimachinery pkg/labels).
class LabelSelector {
 public:
  [[nodiscard]] static ApiResult<LabelSelector> parse(std::string_view text);
  /// Of the labels of an object (a map, or null).
  [[nodiscard]] bool matches(const Value* labels) const;
  [[nodiscard]] bool empty() const { return requirements_.empty(); }

 private:
  enum class Operator : std::uint8_t { in, not_in, exists, absent };
  struct Requirement {
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;
  };
  std::vector<Requirement> requirements_;
};

/// A field selector: `metadata.name=x,status.phase!=Running`; only the fields that the kind indexes.
class FieldSelector {
 public:
  /// `storage` decides which fields may be named. Errors: 400 as the server words it.
  [[nodiscard]] static ApiResult<FieldSelector> parse(std::string_view text, std::string_view storage);
  [[nodiscard]] bool matches(const Value& object) const;
  [[nodiscard]] bool empty() const { return terms_.empty(); }
  /// The name that it asks for, when it asks for one.
  [[nodiscard]] std::string_view wanted_name() const;

 private:
  struct Term {
    std::string field;
    std::string value;
    bool equal = true;
  };
  std::vector<Term> terms_;
};

/// metav1.LabelSelector (matchLabels and matchExpressions) against metadata.labels of an object, nullptr for
/// none; an empty selector matches everything, an absent one (nullptr) nothing.
[[nodiscard]] bool selects(const Value* selector, const Value* labels);

/// A plain map of labels, as a Service has it, against an object's. Absent or empty: selects nothing.
[[nodiscard]] bool labels_select(const Value* wanted, const Value* labels);

}  // namespace carbon::sandbox
