#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic_code.h"
#include "dsl/check/clauses.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// What `meta(r)` reads of a reference. No field of a type can have this name.
inline constexpr const char* meta_attribute = "meta()";

/// `check CONDITION else MESSAGE`, or `expect` in a test.
struct Check {
  const Expr* condition = nullptr;
  const Expr* message = nullptr;  ///< nullptr: none is written
  SourceSpan span;                ///< of the condition
};

/// `resources(T)`: the slot that holds references to all resources of the type while the frame is evaluated.
struct TypeQuery {
  const ResourceType* type = nullptr;
  std::uint32_t slot = 0;
};

/// What a policy, check or test asks for besides the names of its scope.
struct Queries {
  std::vector<TypeQuery> types;
  std::uint32_t locals = 0;  ///< slots of the frame
};

/// `check` in a package or component.
struct ScopeCheck {
  Check check;
  Queries queries;
};

enum class PolicySeverity : std::uint8_t { error, warning, info };
/// `error`, `warning`, `info`.
[[nodiscard]] std::string_view to_string(PolicySeverity severity);

/// `policy NAME : SEVERITY for x in … if … { check … else … }`.
struct Policy {
  std::string name;
  std::uint32_t package = 0;
  PolicySeverity severity = PolicySeverity::error;
  SourceSpan span;                         ///< of the name
  std::optional<std::uint32_t> plan_slot;  ///< it reads `plan`, which is in this slot
  Repetition repetition;
  std::vector<LocalLet> lets;
  std::vector<Check> checks;
  Queries queries;
};

/// `test "name" { … }`.
struct Test {
  /// What the servers would say of an object: its fields that are not written.
  struct Mock {
    AddressPath target;
    const Expr* fields = nullptr;
  };
  struct ExpectedError {
    DiagnosticCode code{};
    SourceSpan span;
  };
  std::string name;
  SourceSpan span;  ///< of the name
  std::optional<std::string> environment;
  std::vector<InputLine> given;
  std::vector<Mock> mocks;
  std::vector<LocalLet> lets;
  std::vector<Check> expects;
  std::vector<ExpectedError> errors;
  Queries queries;
};

}  // namespace carbon
