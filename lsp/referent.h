#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/syntax/node_ref.h"
#include "lsp/analysis.h"

namespace carbon::lsp {

/// Nodes that hold the offset or end at it, from the file down.
[[nodiscard]] std::vector<NodeRef> nodes_at(const SyntaxTree& tree, std::uint32_t offset);

/// What a name in the text means.
struct Referent {
  SourceSpan here;                   ///< the name itself
  SourceSpan target;                 ///< the name at its declaration; unknown for what is built in
  TypePtr type = nullptr;            ///< of the value or field, or what a type's name stands for
  const FieldType* field = nullptr;  ///< of a type; then `owner` has it
  TypePtr owner = nullptr;
};

/// Nothing where no name stands that the checker has understood.
[[nodiscard]] std::optional<Referent> referent_at(const Analysis& analysis, std::uint32_t offset);

/// Every place that means the declaration, itself included, in order.
[[nodiscard]] std::vector<SourceSpan> places_of(const Analysis& analysis, SourceSpan target);

/// The node whose name stands at the span: a declaration, field, parameter, loop or `let`; or the empty
/// cursor.
[[nodiscard]] NodeRef declaration_of(const Analysis& analysis, SourceSpan target);

/// Where the import of a node leads: the first files of a package, or a file of data. Absolute paths.
[[nodiscard]] std::vector<std::string> imported_files(const Analysis& analysis, NodeRef import);

}  // namespace carbon::lsp
