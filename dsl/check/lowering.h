#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/check/place.h"
#include "dsl/check/types.h"
#include "engine/expr/expr.h"

namespace carbon {

/// An expression after lowering. Literals, and lists and records of nothing else, stay plain values until
/// something needs an Expr around them: most of a platform is constant, and costs no nodes.
struct Lowered {
  const Expr* expr = nullptr;  ///< nullptr: `constant`
  Value constant;
  TypePtr type = nullptr;  ///< nullptr where it is known only by evaluation
  SourceSpan span;
  bool failed = false;     ///< reported already: everything made of it is silent
  bool attribute = false;  ///< `expr` is the member of a reference, and its name a path that may grow

  [[nodiscard]] bool is_constant() const { return expr == nullptr && !failed; }
  [[nodiscard]] bool is_null() const { return is_constant() && constant.is_null(); }
};

/// What the fields of a body are checked against.
enum class BodyMode : std::uint8_t {
  value,     ///< a record: required fields must be there
  resource,  ///< the fields of a resource: `null` means absent, computed fields cannot be written
  inputs,    ///< the inputs of a component
  patch,     ///< part of a resource: nothing is required, keyed lists may be written by key
  taken,     ///< what a read gives: nothing is required, computed fields may be written
};

/// Expressions to Exprs, with types going down (units, records against maps, closed fields) and up. One a
/// declaration. Errors: C0102, C0106, C0107, C02xx, C03xx, C05xx; evaluation goes on with what failed muted.
class Lowering {
 public:
  Lowering(Place& place, ExprArena& arena)
      : session_(place.session()), place_(place), arena_(arena), types_(place.session().types) {}

  /// The expression as a value of the expected type, or of its own when there is none.
  [[nodiscard]] Lowered lower(NodeRef node, TypePtr expected = nullptr);
  /// A body against a record type in a mode of its own. In `resource` and `inputs` its settings and lets are
  /// passed over.
  [[nodiscard]] Lowered lower_body(NodeRef body, TypePtr expected, BodyMode mode);
  /// The body of a function by itself, for its errors: calls take it in where they stand.
  void function_body(FunctionEntry& function);
  /// A bool that may not be a secret.
  [[nodiscard]] const Expr* condition(NodeRef node);
  /// Collection and loop variables, which stay bound: the caller releases the place.
  [[nodiscard]] const Expr* each(NodeRef clause, std::uint8_t& variables, std::uint32_t& slot,
                                 TypePtr& collection);
  /// The node itself, made when the expression is constant; never nullptr.
  [[nodiscard]] const Expr* expr(const Lowered& lowered);
  /// The value as one of the expected type: checked now if constant, else when it is known.
  [[nodiscard]] Lowered fit(Lowered lowered, TypePtr expected);

  [[nodiscard]] Place& place() { return place_; }

 private:
  friend class BodyLowering;

  [[nodiscard]] Lowered lower_any(NodeRef node, TypePtr expected);
  [[nodiscard]] Lowered nested_body(NodeRef body, TypePtr expected);  // bodies.cpp
  // literals.cpp
  [[nodiscard]] Lowered stored_secret(NodeRef node, SourceSpan span);
  [[nodiscard]] TypePtr cluster_reference();
  [[nodiscard]] bool refers(const Lowered& value, NodeRef argument);
  [[nodiscard]] Lowered number(NodeRef node, TypePtr expected);
  [[nodiscard]] Lowered unit_number(NodeRef node, TypePtr expected);
  [[nodiscard]] Lowered text(NodeRef node);
  [[nodiscard]] Lowered list(NodeRef node, TypePtr expected);
  [[nodiscard]] Lowered list_item(NodeRef node, TypePtr element, bool set);
  [[nodiscard]] Lowered list_comprehension(NodeRef node, TypePtr expected);
  // operators.cpp
  [[nodiscard]] Lowered operation(NodeRef node, TypePtr expected);
  [[nodiscard]] Lowered prefix(Operator op, NodeRef token, Lowered right);
  [[nodiscard]] Lowered binary(Operator op, Lowered left, Lowered right);
  [[nodiscard]] TypePtr result_type(Operator op, const Lowered& left, const Lowered& right, bool& defined);
  [[nodiscard]] TypePtr arithmetic_type(Operator op, TypePtr a, TypePtr b, bool& defined);
  [[nodiscard]] Lowered conditional(NodeRef node, TypePtr expected);
  // members.cpp
  [[nodiscard]] Lowered name(NodeRef node);
  [[nodiscard]] Lowered name(NodeRef node, const Resolved& found);
  [[nodiscard]] Lowered postfix(NodeRef node);
  [[nodiscard]] Lowered member(Lowered object, NodeRef part);
  [[nodiscard]] Lowered index(Lowered object, NodeRef part);
  [[nodiscard]] TypePtr member_type(const Lowered& object, TypePtr type, NodeRef part, bool& failed);
  [[nodiscard]] Lowered longer(const Lowered& object, std::string_view step, TypePtr type, SourceSpan span);
  [[nodiscard]] Lowered qualified(NodeRef node, const std::vector<NodeRef>& parts, std::size_t& used);
  // calls.cpp
  [[nodiscard]] Lowered call(std::string_view function, SourceSpan name, NodeRef call);
  [[nodiscard]] bool fits_parameter(const Function& function, const Parameter& parameter,
                                    const Lowered& value);
  [[nodiscard]] Lowered special_call(std::string_view function, SourceSpan name, NodeRef call);
  [[nodiscard]] Lowered resources_call(NodeRef argument, SourceSpan span);
  [[nodiscard]] Lowered meta_call(NodeRef argument, SourceSpan span);
  [[nodiscard]] Lowered bounded(Lowered value, TypePtr expected);
  /// False, once with an error, when too many calls have been put in place of their names.
  [[nodiscard]] bool may_write_out(SourceSpan span);
  [[nodiscard]] Lowered user_call(FunctionEntry& function, NodeRef call, SourceSpan span);
  [[nodiscard]] Lowered secret_call(NodeRef member, NodeRef call, SourceSpan span);

  [[nodiscard]] Lowered make(const Expr& expr) const;
  [[nodiscard]] Lowered constant(Value value, TypePtr type, SourceSpan span) const;
  [[nodiscard]] Lowered failed(SourceSpan span) const;
  [[nodiscard]] Lowered mismatch(const Lowered& found, TypePtr expected);
  void fix_literal(Diagnostic& problem, const Lowered& found, const Type& expected) const;
  Diagnostic& error(DiagnosticCode code, std::string message, SourceSpan span, std::string label = {}) {
    return session_.error(code, std::move(message), span, std::move(label));
  }

  Session& session_;
  Place& place_;
  ExprArena& arena_;
  TypeTable& types_;
  BodyMode mode_ = BodyMode::value;  ///< of the body around
};

/// C0107 for `lifecycle { … }`, with the fix that writes `=`.
void field_without_equals(Session& session, NodeRef setting);

/// How a value of one type becomes one of another.
enum class Conversion : std::uint8_t {
  none,      ///< it is one already
  checked,   ///< `convert` must look at the value
  mismatch,  ///< C0201
  absent,    ///< C0205: it may be null
  leak,      ///< C0501: a secret would reach a plain place
};
/// nullptr stands for a type that only evaluation knows.
[[nodiscard]] Conversion conversion(TypePtr from, TypePtr to);
/// The type of a value that is one or the other, nullptr when that cannot be said.
[[nodiscard]] TypePtr common_type(TypeTable& types, TypePtr a, TypePtr b);
/// `json` where the type is known only by evaluation: parts of types are never nullptr.
[[nodiscard]] TypePtr known(TypeTable& types, TypePtr type);
/// Without `?` and `secret<>`.
[[nodiscard]] TypePtr bare(TypePtr type);
/// `secret<T>`, also `secret<T>?`.
[[nodiscard]] bool is_secret(TypePtr type);

}  // namespace carbon
