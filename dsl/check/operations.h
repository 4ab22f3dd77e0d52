#pragma once

#include "dsl/check/lowering.h"

namespace carbon {

/// The operation blocks of one `type … via sql`: SQL steps and the expressions around them, over the slots of
/// OperationSlot. They see neither the package's values nor inputs: an operation must still run when its
/// resource is no longer declared. Errors: C0112, C0211, C0218 and those of expressions.
class OperationLowering {
 public:
  OperationLowering(Session& session, const Type& schema);

  /// An expression over `self`, `live`, `row`, `rows` and `item`.
  [[nodiscard]] const Expr* expression(NodeRef node, TypePtr expected = nullptr);
  /// A field's default over `self` alone.
  [[nodiscard]] const Expr* self_default(NodeRef node, TypePtr expected, std::uint32_t& locals);
  /// Fills the operation from its setting: `read { … }`, `update a b { … }`.
  void operation(NodeRef setting, SqlOperation& made);

 private:
  void step(NodeRef setting, SqlOperation& made);
  void take(NodeRef setting, SqlOperation& made);
  [[nodiscard]] const Expr* sql_text(NodeRef node);
  void bind(Place& place);

  Session& session_;
  const Type& schema_;
  ExprArena& arena_;
  TypePtr view_ = nullptr;  ///< the fields as operations see them: nothing optional, since SQL tests for null
  TypePtr taken_ = nullptr;  ///< what `take` may give: every field, each possibly null
};

}  // namespace carbon
