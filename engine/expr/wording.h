#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// The canonical text of a scalar, as `${}` writes it: `true`, `5`, `0.5`, `8Gi`, `1h30min`. Nothing for
/// null, collections, references and open values.
[[nodiscard]] std::optional<std::string> canonical_text(const Value& value);

/// The text of a repetition key: a string, or an int in decimal. Nothing for anything else.
[[nodiscard]] std::optional<std::string> key_text(const Value& value);

/// What a value is, for "expected …, found …": `a plain number`, `a list`, `null`.
[[nodiscard]] std::string_view describe(const Value& value);

/// The first thing that an open value waits for: `edge.id`, `secret.env("TOKEN")`; "something" if there is
/// none.
[[nodiscard]] std::string open_leaf(const Value& value);

/// An error with its primary label. Without a known span there is no label.
[[nodiscard]] Error labelled(DiagnosticCode code, std::string message, SourceSpan span, std::string label);

/// Gives an error that has no place yet this one; others keep theirs.
[[nodiscard]] Error located(Error error, SourceSpan span);

/// C0401: `what` ("a condition") would be decided by a value that only apply knows.
[[nodiscard]] Error not_known(std::string_view what, const Value& value, SourceSpan span);

/// C0503: `what` ("a condition") would be decided by a secret.
[[nodiscard]] Error decided_by_secret(std::string_view what, const Value& value, SourceSpan span);

/// C0401 or C0503 for an open value, nothing for a closed one.
[[nodiscard]] std::optional<Error> open_problem(std::string_view what, const Value& value, SourceSpan span);

}  // namespace carbon
