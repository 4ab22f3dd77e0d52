#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/views/graph_nodes.h"

namespace carbon {

/// How much of a graph one box stands for.
enum class GraphLevel : std::uint8_t {
  automatic,  ///< the finest one that gives at most GraphScope::most_boxes
  resources,
  components,  ///< a component's instance is one box
  files,
};

/// Which part of a graph is drawn, and how finely.
struct GraphScope {
  GraphLevel level = GraphLevel::automatic;
  Address around;               ///< only what this resource needs and what needs it, however far; empty: all
  std::size_t most_boxes = 60;  ///< what people can still read on a screen
  bool stages = false;          ///< frames are the stages of the plan, with its deletes as the last
};

/// Boxes and arrows: a graph made readable. An arrow goes from what is needed to what needs it; one that
/// follows from two others is left out, arrows between the same boxes are one with their number.
struct GraphPicture {
  struct Box {
    std::string title;
    std::string note;   ///< the type, or how many resources or changes it stands for
    std::string frame;  ///< the component, file or stage around it; empty for none
    std::vector<std::uint32_t> nodes;
    std::optional<Action> worst;  ///< of changes: the most dangerous one in it
  };
  struct Arrow {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t count = 1;
    bool only_order = true;  ///< nothing but `after` says so
  };
  GraphLevel level = GraphLevel::resources;
  std::vector<Box> boxes;  ///< in the order of an apply
  std::vector<Arrow> arrows;
};

/// O(nodes + needs) and, for up to 5,000 boxes, O(boxes * arrows) to leave out what follows. Errors: C1003
/// when nothing has the address.
[[nodiscard]] Result<GraphPicture> picture_of(const GraphNodes& nodes, const GraphScope& scope);

}  // namespace carbon
