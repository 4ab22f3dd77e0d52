#pragma once

#include <string>

#include "dsl/syntax/node_ref.h"

namespace carbon {

/// The text of the run of `##` lines right above a declaration or typed field, without the marks and one
/// blank after each, lines joined by '\n'; empty when there is none.
[[nodiscard]] std::string doc_text(NodeRef node);

}  // namespace carbon
