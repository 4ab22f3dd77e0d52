#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/expr/evaluate.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// Evaluates the expressions of a type's operations over one object (OperationSlot): `self` desired, `live`
/// as last read, and what a transport puts into its own slots. Pure. Made for one object and one operation.
class OperationRun {
 public:
  OperationRun(const FunctionTable& functions, Value self, Value live);

  [[nodiscard]] Value& slot(OperationSlot which) { return frame_.slots[static_cast<std::size_t>(which)]; }
  [[nodiscard]] const Value& slot(OperationSlot which) const {
    return frame_.slots[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] Result<Value> value_of(const Expr& expression) const;
  [[nodiscard]] Result<bool> holds(const Expr& condition) const;
  [[nodiscard]] Result<std::string> text_of(const Expr& expression) const;
  /// A record of fields, each converted to its type in the schema; nulls left out. Errors: bad_reply.
  [[nodiscard]] Result<Value> taken(const Expr& take, const ResourceType& type) const;

 private:
  const FunctionTable& functions_;
  Frame frame_;
};

/// The update operations that changes of these fields need, in declared order: those that name a changed
/// field, and the plain one for the rest. Errors: server_refused when no operation takes a field.
[[nodiscard]] Result<std::vector<const Operation*>> updates_for(const Operations& operations,
                                                                const std::vector<FieldPath>& changed);

/// What is no longer written is shown to an operation as null, so that it can be taken away: a field, or what
/// is in one, at any depth and also where nothing of the field is left. Items of lists are not.
[[nodiscard]] Value with_nulls(const Value& desired, const std::vector<FieldPath>& removed);

/// The value as `normalize(…)` of the field has it; as it is where there is none.
[[nodiscard]] Result<Value> normalized(const ResourceType& type, std::string_view field, const Value& value,
                                       const FunctionTable& functions);

}  // namespace carbon
