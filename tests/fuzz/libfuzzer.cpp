// The entry of one target under libFuzzer; CARBON_FUZZ_TARGET is its function.

#include <cstdint>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const void* bytes = data;
  carbon::fuzz::CARBON_FUZZ_TARGET({static_cast<const char*>(bytes), size});
  return 0;
}
