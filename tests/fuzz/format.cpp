// Whatever parses can be formatted, means the same afterwards, keeps its comments, and is not changed by
// formatting again. The bytes are a file, and the choices from which another file is made.

#include <cstdint>
#include <vector>

#include "tests/fuzz/target.h"
#include "tests/support/carbon_text.h"
#include "tests/support/formatted.h"

namespace carbon::fuzz {

void check_format(std::string_view input) {
  std::string text(input);
  testing::Formatted formatted(text);
  if (formatted.parses()) demand(formatted.fault().empty(), formatted.fault(), text);
  std::string made = testing::carbon_text(std::vector<std::uint8_t>(input.begin(), input.end()));
  testing::Formatted again(made);
  demand(again.fault().empty(), again.fault(), made);
}

}  // namespace carbon::fuzz
