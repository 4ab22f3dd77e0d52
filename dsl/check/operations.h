#pragma once

#include "dsl/check/lowering.h"

namespace carbon {

/// What an operation does; it decides which steps may stand in it and which names they see.
enum class OperationVerb : std::uint8_t { read, create, update, delete_, list };

/// `ident`, `literal`, `literal_or_default`: what quotes by the rules of SQL, and so may stand in a
/// statement.
[[nodiscard]] bool quotes_for_sql(std::string_view function);

/// The operation blocks of one `type … via sql` or `via http`: steps and the expressions around them, over
/// the slots of OperationSlot. They see neither the package's values nor inputs: an operation must still run
/// when its resource is no longer declared. A name that would hold nothing is not there: `row` and `rows`
/// stand behind a read's query, `body`, `status` and `headers` behind a request, `item` in a list, `live` in
/// updates and deletes, and where only the inventory may know the object `self` has its identity fields
/// alone. Errors: C0110, C0112, C0211, C0212, C0218, C0301, C0302, C0501 and those of expressions.
class OperationLowering {
 public:
  /// The type's identity is complete, and that of every type that its fields refer to.
  OperationLowering(Session& session, const ResourceType& type);

  /// An expression over the identity: `database`, `exclusive by`.
  [[nodiscard]] const Expr* of_identity(NodeRef node);
  /// An expression over what was read last: `ready when`, `failed when`.
  [[nodiscard]] const Expr* of_live(NodeRef node, TypeKind expected);
  /// An expression over what is wanted, a field that need not be written being optional: `check`.
  [[nodiscard]] const Expr* of_wanted(NodeRef node, TypeKind expected);
  /// A field's default over `self` alone.
  [[nodiscard]] const Expr* self_default(NodeRef node, TypePtr expected, std::uint32_t& locals);
  /// `normalize(e)` of a field, over `value` alone.
  [[nodiscard]] const Expr* normalization(NodeRef node, TypePtr type);
  /// An expression over the fields of a connection: `base`, `header`.
  [[nodiscard]] const Expr* of_connection(NodeRef node, TypePtr expected = nullptr);
  /// Fills the operation from its setting: `read { … }`, `update a b { … }`.
  void operation(NodeRef setting, OperationVerb verb, Operation& made);

 private:
  /// The names of an expression; nullptr where there is none of that name.
  struct Names {
    TypePtr self = nullptr;
    TypePtr live = nullptr;
    bool rows = false;
    bool reply = false;
    bool item = false;
    bool page = false;
    bool replies = false;
  };

  void fields(NodeRef setting, Operation& made);
  void step(NodeRef setting, OperationVerb verb, Operation& made);
  void statement(NodeRef setting, OperationVerb verb, Operation& made);
  void outside_transaction(NodeRef setting, OperationVerb verb, Operation& made);
  void take(NodeRef setting, OperationVerb verb, Operation& made);
  void condition(NodeRef setting, OperationVerb verb, Operation& made);
  // http_operations.cpp
  void request(NodeRef setting, OperationVerb verb, Operation& made);
  void of_request(NodeRef setting, OperationVerb verb, Operation& made);
  void encoding(NodeRef setting, OperationVerb verb, Operation& made);
  [[nodiscard]] const Expr* sent_by_create(NodeRef setting);
  void of_list(NodeRef setting, OperationVerb verb, Operation& made);
  void each(NodeRef setting, Operation& made);
  void poll(NodeRef setting, OperationVerb verb, Operation& made);
  [[nodiscard]] const Expr* path(NodeRef node, Names names);
  void complete(NodeRef setting, OperationVerb verb, const Operation& made);

  void misplaced(NodeRef setting, std::string why);
  [[nodiscard]] Names names_of(OperationVerb verb) const;
  /// The names behind the reply of a request or the rows of a query.
  [[nodiscard]] Names names_behind(OperationVerb verb) const;
  [[nodiscard]] const Expr* expression(NodeRef node, Names names, TypePtr expected = nullptr);
  [[nodiscard]] const Expr* sql_text(NodeRef node, Names names);
  void bind(Place& place, Names names) const;
  void make_views();
  [[nodiscard]] bool always_there(const FieldType& field) const;
  /// A field's type as operations see it: nothing optional, a reference as the identity of its target.
  [[nodiscard]] TypePtr seen(TypePtr type, int depth = 0);
  [[nodiscard]] TypePtr readable(TypePtr type);

  Session& session_;
  const ResourceType& type_;
  const Type& schema_;
  ExprArena& arena_;
  TypePtr wanted_ = nullptr;    ///< the fields that are written, as operations see them
  TypePtr owned_ = nullptr;     ///< these and the `assigned` one
  TypePtr identity_ = nullptr;  ///< of `owned_` the identity fields and the `assigned` one
  TypePtr live_ = nullptr;      ///< all fields
  TypePtr checked_ = nullptr;   ///< the fields that are written, optional where they need not be
  TypePtr taken_ = nullptr;     ///< what `take` may give: every field, each possibly null
  TypePtr provider_ = nullptr;  ///< the fields of the connection
};

/// What a type `via http` must say as a whole, once every type's operations are known. Errors: C0218.
void check_http_type(Session& session, const ResourceType& type, NodeRef declaration);

}  // namespace carbon
