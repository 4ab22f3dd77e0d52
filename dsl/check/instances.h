#pragma once

#include <optional>
#include <vector>

#include "dsl/check/lowering.h"

namespace carbon {

/// The static types of everything that says its type: inputs, outputs, instances, annotated lets. Comes
/// before any expression, so that order does not matter.
void declare_value_types(Session& session, ScopeWork& scope);

/// Expressions of the lets of a scope, each behind those whose type it needs.
void lower_lets(Session& session, ScopeWork& scope);

/// Everything else of a scope: defaults, outputs, resources, lookups, providers and uses. Errors: those of
/// settings and expressions, C0402.
void lower_declarations(Session& session, ScopeWork& scope);

/// `orders.db`, `apps["a"]` as written in `after` and `patch`; C0302 when the first name is no instance of
/// the scope. False after an error.
[[nodiscard]] bool lower_address(Lowering& lowering, ScopeWork& scope, NodeRef node, AddressPath& made);

/// `moved` and `removed` of a scope, to addresses as text. Whether they agree with what is declared is for
/// expand to say. Errors: C0302 for a target that no name of the scope leads to, C0421 for a key that is not
/// constant.
void lower_moves(Session& session, ScopeWork& scope);

/// `input = value` of an environment or test; nothing after C0214 or C0302.
[[nodiscard]] std::optional<InputLine> lower_input_line(Session& session, ScopeWork& root, NodeRef item,
                                                        const std::vector<InputLine>& before);

/// Platform and environments of the root package. Errors: C0113, C0302, C0309, C0418 and those of settings.
void lower_platform(Session& session);

/// Checks of a scope; `known` may be asked in them.
void lower_checks(Session& session, ScopeWork& scope);
/// Policies of all packages. Errors: C0203 for a severity, C0206 for what is repeated over, those of settings
/// and expressions.
void lower_policies(Session& session);
/// Tests of the root package. Errors: C0112, C0302, C0309 and those of settings and expressions.
void lower_tests(Session& session);

/// Order of evaluation of every scope, providers before what uses them silently. Errors: C0304 with the path.
void order_declarations(Session& session);

/// The inputs of a component as a record type.
[[nodiscard]] TypePtr inputs_of(Session& session, const Component& component);

}  // namespace carbon
