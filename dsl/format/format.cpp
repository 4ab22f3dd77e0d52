#include "dsl/format/format.h"

#include "dsl/format/printer.h"

namespace carbon {

std::string format(const SyntaxTree& tree) { return layout::Printer(tree).run(); }

}  // namespace carbon
