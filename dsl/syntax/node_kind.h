#pragma once

#include <cstdint>
#include <string_view>

namespace carbon {

/// What a syntax node is. The list, with the children of each kind: dsl/syntax/node_kinds.def.
enum class NodeKind : std::uint8_t {
#define CARBON_NODE(name, category) name,
#include "dsl/syntax/node_kinds.def"
#undef CARBON_NODE
};

/// Where a kind may stand. `trivia` is what readers of the meaning never see: comments and skipped text.
enum class NodeCategory : std::uint8_t { root, declaration, part, item, expression, type, trivia };

/// The name as written in the list, for dumps.
[[nodiscard]] std::string_view to_string(NodeKind kind);
[[nodiscard]] NodeCategory category(NodeKind kind);

}  // namespace carbon
