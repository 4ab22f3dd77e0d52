// libFuzzer target: whatever parses can be formatted, means the same afterwards, keeps its comments, and is
// not changed by formatting again. The bytes are a file, and the choices from which another file is made.
// Start it on a corpus folder with copies of the golden inputs and examples.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/carbon_text.h"
#include "tests/support/formatted.h"

using namespace carbon;

namespace {

void demand(const testing::Formatted& formatted, const std::string& text) {
  if (formatted.fault().empty()) return;
  std::fprintf(stderr, "%s\n--- input\n%s\n", formatted.fault().c_str(), text.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  testing::Formatted formatted(text);
  if (formatted.parses()) demand(formatted, text);
  std::string made = testing::carbon_text({data, data + size});
  demand(testing::Formatted(made), made);
  return 0;
}
