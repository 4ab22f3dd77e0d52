#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dsl/format/sequence.h"

namespace carbon::layout {

/// Puts the body of a declaration in order: settings in the order of the language's table, then fields as
/// written, then nested blocks (patches, operations). Nothing moves across an item `let`, which only what
/// follows it may use. A body with a setting that is not in the table is left alone: it is still being
/// written. Operations are statements, and no declaration's body.
void order_body(NodeKind declaration, Sequence& body);

/// Sorts each run of imports: standard ones, packages, schemas, data; by path within these. Comments above
/// the file's first import that are no docs are the file's, and stay at the top.
void order_imports(Sequence& file);

/// Where a setting stands among those of a declaration; nothing for a word that the table does not have.
[[nodiscard]] std::optional<std::size_t> setting_rank(NodeKind declaration, std::string_view word);

}  // namespace carbon::layout
