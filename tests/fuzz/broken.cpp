#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/target.h"

namespace carbon::fuzz {

void broken(std::string_view what, std::string_view shown) {
  std::fprintf(stderr, "%.*s\n--- input\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(shown.size()), shown.data());
  std::abort();
}

}  // namespace carbon::fuzz
