#include "dsl/syntax/node_kind.h"

#include <array>

namespace carbon {

namespace {

struct KindInfo {
  std::string_view name;
  NodeCategory category;
};

constexpr std::array kinds = {
#define CARBON_NODE(name, category) KindInfo{#name, NodeCategory::category},
#include "dsl/syntax/node_kinds.def"
#undef CARBON_NODE
};

}  // namespace

std::string_view to_string(NodeKind kind) { return kinds[static_cast<std::size_t>(kind)].name; }

NodeCategory category(NodeKind kind) { return kinds[static_cast<std::size_t>(kind)].category; }

}  // namespace carbon
