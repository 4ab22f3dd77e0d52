#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.h"

namespace carbon {

/// The changes of a plan as boxes in columns, each right of what it needs: the order of an apply, read from
/// left to right. Up to `most_boxes` changes have a box each; more are put together by component, or by type
/// where that is still too many, so that it stays readable.
struct PlanGraph {
  struct Box {
    std::string title;
    std::string note;   ///< the type, or what a box of many holds: `3 create, 1 update`
    std::string group;  ///< of a box of many: its component's instance or its type; else empty
    std::vector<std::uint32_t> changes;  ///< indices into the plan's changes
    Action worst = Action::no_op;        ///< the most dangerous one in it
    std::uint32_t column = 0;
    std::uint32_t row = 0;
  };
  struct Arrow {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;  ///< of the longest column
};

/// What a change is grouped with: its component's instance (`analytics`), or its type where it is in none.
[[nodiscard]] std::string group_of(const Change& change);

/// The most dangerous of several actions: a delete, then a replace, an update, and so on.
[[nodiscard]] Action worst_of(const std::vector<Action>& actions);

/// `3 create, 1 update`, the most dangerous first.
[[nodiscard]] std::string action_counts(const std::vector<Action>& actions);

/// `delete`, `replace` and their like as one of four words, for colours beside the symbol.
[[nodiscard]] std::string_view danger_word(Action action);

/// O((changes + needs) log changes).
[[nodiscard]] PlanGraph plan_graph(const Plan& plan, std::size_t most_boxes = 80);

}  // namespace carbon
