#pragma once

#include "dsl/check/lowering.h"

namespace carbon {

/// What an operation does; it decides which steps may stand in it and which names they see.
enum class OperationVerb : std::uint8_t { read, create, update, delete_ };

/// The operation blocks of one `type … via sql`: SQL steps and the expressions around them, over the slots of
/// OperationSlot. They see neither the package's values nor inputs: an operation must still run when its
/// resource is no longer declared. A name that would hold nothing is not there: `row` and `rows` stand behind
/// a read's query, `live` in updates and deletes, and where only the inventory may know the object `self` has
/// its identity fields alone. Errors: C0110, C0112, C0211, C0218, C0301, C0302 and those of expressions.
class OperationLowering {
 public:
  /// The type's identity is complete.
  OperationLowering(Session& session, const ResourceType& type);

  /// An expression over the identity: `database`, `exclusive by`.
  [[nodiscard]] const Expr* of_identity(NodeRef node);
  /// A field's default over `self` alone.
  [[nodiscard]] const Expr* self_default(NodeRef node, TypePtr expected, std::uint32_t& locals);
  /// Fills the operation from its setting: `read { … }`, `update a b { … }`.
  void operation(NodeRef setting, OperationVerb verb, SqlOperation& made);

 private:
  /// The names of an expression; nullptr where there is none of that name.
  struct Names {
    TypePtr self = nullptr;
    TypePtr live = nullptr;
    bool rows = false;
  };

  void step(NodeRef setting, OperationVerb verb, SqlOperation& made);
  void statement(NodeRef setting, OperationVerb verb, SqlOperation& made);
  void take(NodeRef setting, OperationVerb verb, SqlOperation& made);
  void misplaced(NodeRef setting, std::string why);
  [[nodiscard]] Names names_of(OperationVerb verb) const;
  [[nodiscard]] const Expr* expression(NodeRef node, Names names, TypePtr expected = nullptr);
  [[nodiscard]] const Expr* sql_text(NodeRef node, Names names);
  void bind(Place& place, Names names) const;

  Session& session_;
  const Type& schema_;
  ExprArena& arena_;
  TypePtr view_ = nullptr;  ///< the fields as operations see them: nothing optional, since SQL tests for null
  TypePtr identity_ = nullptr;  ///< of these the identity fields
  TypePtr taken_ = nullptr;     ///< what `take` may give: every field, each possibly null
};

}  // namespace carbon
