#pragma once

#include <cstddef>
#include <string>

#include "cli/views/graph_picture.h"

namespace carbon {

/// A picture of dependencies as lines, for a terminal of `width` columns: a line a box, in the order of an
/// apply, beneath the name of what is around it, with what it needs. O(boxes + arrows).
[[nodiscard]] std::string graph_lines(const GraphPicture& picture, std::size_t width);

/// What happens to a box, with the symbol that the plan has for it: `~ update`; of a box of several the
/// symbol alone, as its note has the words. Empty for what is no change.
[[nodiscard]] std::string action_text(const GraphPicture::Box& box);

}  // namespace carbon
