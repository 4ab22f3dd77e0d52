#include "dsl/parse/fault.h"

#include <array>
#include <cstddef>

namespace carbon {

namespace {

struct ExpectedInfo {
  ExpectedWhere where;
  std::string_view text;
  std::string_view help;
};

constexpr std::array table = {
#define CARBON_EXPECTED(name, where, text, help) ExpectedInfo{ExpectedWhere::where, text, help},
#include "dsl/parse/expected.def"
#undef CARBON_EXPECTED
};

const ExpectedInfo& info(Expected expected) { return table[static_cast<std::size_t>(expected)]; }

}  // namespace

ExpectedWhere where(Expected expected) { return info(expected).where; }
std::string_view text(Expected expected) { return info(expected).text; }
std::string_view help(Expected expected) { return info(expected).help; }

}  // namespace carbon
