#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace carbon::sandbox {

/// Letters and digits of generated names: no vowels, so that no words come out (apimachinery/pkg/util/rand).
inline constexpr std::string_view name_letters = "bcdfghjklmnpqrstvwxz2456789";

/// FNV-1a, 32 bit.
[[nodiscard]] constexpr std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  return hash;
}

/// The decimal hash in letters that are safe in names: rand.SafeEncodeString, as pod-template-hash has it.
[[nodiscard]] inline std::string name_hash(std::string_view text) {
  std::string out;
  for (char digit : std::to_string(fnv1a(text))) {
    out += name_letters[static_cast<unsigned char>(digit) % name_letters.size()];
  }
  return out;
}

}  // namespace carbon::sandbox
