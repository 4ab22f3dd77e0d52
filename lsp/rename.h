#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lsp/referent.h"

namespace carbon::lsp {

/// A replacement of the text at a span.
struct SpanEdit {
  SourceSpan span;
  std::string replacement;
};

/// Why the thing cannot be renamed; empty when it can. Built-in names, imports and what comes with carbon
/// keep theirs.
[[nodiscard]] std::string rename_problem(const Analysis& analysis, const Referent& referent);
/// Why the name cannot be one; empty when it can.
[[nodiscard]] std::string name_problem(std::string_view name);

/// Every edit that gives the declaration its new name. A resource or `use` also gets `moved old -> new`
/// behind it, so that what exists under the old address stays. In order of place, without overlaps.
[[nodiscard]] std::vector<SpanEdit> rename_edits(const Analysis& analysis, const Referent& referent,
                                                 const std::string& name);

/// What is wrong after a rename and was not before; empty when nothing. A name that another thing has, or
/// that would be caught by another meaning, is found that way.
[[nodiscard]] std::string new_error(const Analysis& before, const Analysis& after);

/// The edits, in the text before, that write down the names which objects have from their old addresses
/// (C0406). `after` is the evaluated package with `edits`, which are in order.
[[nodiscard]] std::vector<SpanEdit> kept_names(const Analysis& before, const Analysis& after,
                                               const std::vector<SpanEdit>& edits);

}  // namespace carbon::lsp
